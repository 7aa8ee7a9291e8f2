/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A second thread rewrites where a datagram goes while the call is being decided: the address
 * itself, the pointer to it in the message's header, every number of the header at once, or the
 * address of the second message of two.
 *
 *	flip-send sendto|sendmsg|header|numbers|sendmmsg|second ALLOWED FORBIDDEN TRIES
 *
 * Where the datagrams arrived is for the witness to say.
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attack.h"

static char letter[] = "out of the cage";
static struct place allowed, forbidden;
static struct sockaddr_storage shared; /* racy on purpose */
static struct iovec iov[1024] = {{letter, sizeof(letter)}};
static struct mmsghdr messages[2]; /* their headers, too */
static char no_control[8000];
static atomic_bool over;

static void overwrite(const struct place *place)
{
	const unsigned *from = (const unsigned *)&place->address;
	volatile unsigned *to = (volatile unsigned *)&shared;

	for (size_t i = 0; i * sizeof(*from) < place->length; i++)
		to[i] = from[i];
}

static void point_at(struct place *place)
{
	*(void *volatile *)&messages[0].msg_hdr.msg_name = &place->address;
}

static void pause_a_little(void)
{
	for (volatile int i = 0; i < 200; i++)
		;
}

static void *flip_address(void *arg)
{
	while (!atomic_load_explicit(&over, memory_order_relaxed)) {
		overwrite(&forbidden);
		pause_a_little();
		overwrite(&allowed);
		pause_a_little();
	}
	return arg;
}

static void *flip_pointer(void *arg)
{
	while (!atomic_load_explicit(&over, memory_order_relaxed)) {
		point_at(&forbidden);
		pause_a_little();
		point_at(&allowed);
		pause_a_little();
	}
	return arg;
}

/* What it sums up, what it copies and what it sends must be the same numbers. */
static void *flip_numbers(void *arg)
{
	volatile struct msghdr *header = &messages[0].msg_hdr;
	volatile struct iovec *first = iov;

	while (!atomic_load_explicit(&over, memory_order_relaxed)) {
		point_at(&forbidden);
		pause_a_little();
		point_at(&allowed);
		pause_a_little();
		header->msg_iovlen = ARRAY_SIZE(iov);
		first->iov_len = SIZE_MAX >> 1;
		header->msg_namelen = 0;
		header->msg_controllen = sizeof(no_control);
		pause_a_little();
		header->msg_controllen = 0;
		header->msg_namelen = allowed.length;
		first->iov_len = sizeof(letter);
		header->msg_iovlen = 1;
		pause_a_little();
	}
	return arg;
}

static bool send_plain(int fd)
{
	return sendto(fd, letter, sizeof(letter), 0, (struct sockaddr *)&shared, allowed.length) >=
	       0;
}

static bool send_message(int fd)
{
	return sendmsg(fd, &messages[0].msg_hdr, 0) >= 0;
}

static bool send_messages(int fd)
{
	return sendmmsg(fd, messages, 1, 0) == 1;
}

static bool send_two(int fd)
{
	messages[0].msg_hdr.msg_name = &allowed.address;
	return sendmmsg(fd, messages, 2, 0) > 0;
}

static const struct way {
	const char *name;
	void *(*flip)(void *);
	bool (*send)(int fd);
} ways[] = {
	{"sendto", flip_address, send_plain},
	{"sendmsg", flip_address, send_message},
	{"header", flip_pointer, send_message},
	{"numbers", flip_numbers, send_message},
	{"sendmmsg", flip_address, send_messages},
	{"second", flip_address, send_two},
};

static int attack(const struct way *way, long tries)
{
	int fd = place_socket(&allowed, SOCK_DGRAM);
	pthread_t thread;
	long sent = 0;

	need(fd >= 0, "socket");
	overwrite(&allowed);
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++)
		messages[i].msg_hdr = (struct msghdr){.msg_name = &shared,
			.msg_namelen = allowed.length,
			.msg_iov = iov,
			.msg_iovlen = 1,
			.msg_control = no_control};
	need(pthread_create(&thread, NULL, way->flip, NULL) == 0, "pthread_create");
	for (long i = 0; i < tries; i++)
		sent += way->send(fd);
	atomic_store(&over, true);
	pthread_join(thread, NULL);
	if (sent == 0)
		return untried("not one of %ld datagrams was sent", tries);
	return stopped("%ld of %ld sent; where to, the witness knows", sent, tries);
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return untried("usage: flip-send WAY ALLOWED FORBIDDEN TRIES");
	allowed = place_parse(argv[2]);
	forbidden = place_parse(argv[3]);
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		if (strcmp(argv[1], ways[i].name) == 0)
			return attack(&ways[i], atol(argv[4]));
	return untried("%s: no such way", argv[1]);
}
