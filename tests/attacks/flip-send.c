/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A second thread rewrites where a datagram goes while the call is being decided: the address
 * itself, or the pointer to it in the message's header.
 *
 *	flip-send sendto|sendmsg|header|sendmmsg ALLOWED FORBIDDEN TRIES
 *
 * Where the datagrams arrived is for the witness to say.
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attack.h"

static char letter[] = "out of the cage";
static struct place allowed, forbidden;
static struct sockaddr_storage shared; /* racy on purpose */
static struct iovec iov = {letter, sizeof(letter)};
static struct mmsghdr messages[1]; /* its header, too */
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

static const struct way {
	const char *name;
	void *(*flip)(void *);
	bool (*send)(int fd);
} ways[] = {
	{"sendto", flip_address, send_plain},
	{"sendmsg", flip_address, send_message},
	{"header", flip_pointer, send_message},
	{"sendmmsg", flip_address, send_messages},
};

static int attack(const struct way *way, long tries)
{
	int fd = place_socket(&allowed, SOCK_DGRAM);
	pthread_t thread;
	long sent = 0;

	need(fd >= 0, "socket");
	overwrite(&allowed);
	messages[0].msg_hdr = (struct msghdr){.msg_name = &shared,
		.msg_namelen = allowed.length,
		.msg_iov = &iov,
		.msg_iovlen = 1};
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
