/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * An abstract UNIX socket of somebody else, reached through what the session itself has of the same
 * name: a socket of another type, one end of a connection, a socket of another network. And what
 * the session must be able to do with names of its own, abstract-own.c.
 *
 *	abstract twin TYPE TWIN NAME TRIES	beside an own socket of type TWIN
 *	abstract accepted NAME FLAG		beside a connection to the name, with `claim`
 *outside abstract borrowed NAME PATH		beside a socket that `lend` outside has given
 *	abstract claim NAME FLAG LOG LABEL	outside: takes the name when FLAG is there
 *	abstract lend NAME PATH			outside, in a network of its own
 */

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "attack.h"

/* Sockets that are closed while whoever looks for the name reads a list of all. */
#define CROWD 500

static void pause_ms(long ms)
{
	const struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&pause, NULL);
}

static int bound(const char *name, int type)
{
	struct place place = place_parse(name);
	int fd = place_socket(&place, type);

	need(fd >= 0, "socket");
	need(bind(fd, (const struct sockaddr *)&place.address, place.length) == 0, name);
	if (type != SOCK_DGRAM)
		need(listen(fd, 8) == 0, "listen");
	return fd;
}

/* Connects and sends, so that a datagram's receiver sees something, too. 0 or -1 and errno. */
static int reach(const char *name, int type)
{
	struct place place = place_parse(name);
	int fd = place_socket(&place, type), r;

	need(fd >= 0, "socket");
	if (type == SOCK_DGRAM)
		r = sendto(fd, "x", 1, 0, (const struct sockaddr *)&place.address, place.length) ==
				    1
			    ? 0
			    : -1;
	else
		r = connect(fd, (const struct sockaddr *)&place.address, place.length);
	close(fd);
	return r;
}

static int outcome(const char *name, int type)
{
	return reach(name, type) < 0 ? stopped_by("reaching it") : succeeded("reached");
}

/* Where /proc/net/unix has the name: the kernel's unix_abstract_hash(). */
static unsigned bucket(const struct place *place, int type)
{
	const unsigned char *bytes = (const void *)&place->address;
	uint32_t sum = 0;

	for (size_t i = 0; i < place->length; i += 2)
		sum += bytes[i] | (i + 1 < place->length ? (unsigned)bytes[i + 1] << 8 : 0);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	sum = (uint16_t)~sum;
	return ((sum ^ sum >> 8) ^ (unsigned)type) & 255;
}

struct crowd {
	struct place places[CROWD];
	int socks[CROWD];
	atomic_bool go, end;
	long delay_ns;
};

static void crowd_name(struct crowd *crowd, const char *name, int type)
{
	const struct place wanted = place_parse(name);
	unsigned where = bucket(&wanted, type), k = 0;
	char text[64];

	for (size_t i = 0; i < CROWD; k++) {
		/* A byte of any value, because digits alone do not lead everywhere. */
		snprintf(text, sizeof(text), "@%c-%d-%u", (int)(1 + k % 255), (int)getpid(), k);
		crowd->places[i] = place_parse(text);
		i += bucket(&crowd->places[i], SOCK_DGRAM) == where;
	}
}

static void crowd_open(struct crowd *crowd)
{
	for (size_t i = 0; i < CROWD; i++) {
		const struct place *place = &crowd->places[i];

		crowd->socks[i] = place_socket(place, SOCK_DGRAM);
		need(bind(crowd->socks[i], (const struct sockaddr *)&place->address,
			     place->length) == 0,
			"bind");
	}
}

/* Leaves, when told, after a moment that is another one each time. */
static void *crowd_leave(void *userdata)
{
	struct crowd *crowd = userdata;

	while (!crowd->end) {
		struct timespec now, start;

		if (!crowd->go)
			continue;
		clock_gettime(CLOCK_MONOTONIC, &start);
		do
			clock_gettime(CLOCK_MONOTONIC, &now);
		while ((now.tv_sec - start.tv_sec) * 1000000000L + now.tv_nsec - start.tv_nsec <
			crowd->delay_ns);
		for (size_t i = CROWD; i-- > 0;)
			close(crowd->socks[i]);
		crowd->go = false;
	}
	return NULL;
}

static int twin(char **args)
{
	int type = type_parse(args[0]), tries = atoi(args[3]), r = -1, error = 0;
	struct crowd *crowd = calloc(1, sizeof(*crowd));
	pid_t holder = fork();
	pthread_t thread;

	need(crowd && holder >= 0, "starting");
	/* In a process of its own, which is looked through first, or last. */
	if (holder == 0) {
		bound(args[2], type_parse(args[1]));
		pause_ms(1000L * 60);
		_exit(UNTRIED);
	}
	crowd_name(crowd, args[2], type);
	need(pthread_create(&thread, NULL, crowd_leave, crowd) == 0, "thread");
	pause_ms(100);
	for (int i = 0; i < tries && r < 0; i++) {
		crowd_open(crowd);
		crowd->delay_ns = rand() % 4000 * 1000L;
		crowd->go = true;
		r = reach(args[2], type);
		error = errno;
		while (crowd->go)
			;
	}
	crowd->end = true;
	pthread_join(thread, NULL);
	free(crowd);
	kill(holder, SIGKILL);
	errno = error;
	return r < 0 ? stopped_by("reaching it") : succeeded("reached");
}

static int accepted(char **args)
{
	struct place place = place_parse(args[0]);
	int listener = bound(args[0], SOCK_STREAM), client = place_socket(&place, SOCK_STREAM);
	char claimed[256];
	int flag, r;

	snprintf(claimed, sizeof(claimed), "%s.claimed", args[1]);
	need(connect(client, (const struct sockaddr *)&place.address, place.length) == 0,
		"connect to the own socket");
	need(accept(listener, NULL, NULL) >= 0, "accept");
	close(listener);
	flag = open(args[1], O_WRONLY | O_CREAT, 0600);
	need(flag >= 0, args[1]);
	wait_for_file(claimed);
	r = outcome(args[0], SOCK_STREAM);
	unlink(args[1]);
	return r;
}

static void claim_serve(int listener, FILE *log, const char *label)
{
	int peer = accept(listener, NULL, NULL);

	if (peer < 0)
		return;
	fprintf(log, "%s accepted\n", label);
	fflush(log);
	close(peer);
}

/* As long as FLAG is there the name is held; another round is another run of the attack. */
static int claim(char **args)
{
	FILE *log = fopen(args[2], "a");
	char claimed[256];

	snprintf(claimed, sizeof(claimed), "%s.claimed", args[1]);
	need(log, args[2]);
	for (;;) {
		int listener, flag;

		while (access(args[1], F_OK) < 0)
			pause_ms(5);
		listener = bound(args[0], SOCK_STREAM | SOCK_NONBLOCK);
		flag = open(claimed, O_WRONLY | O_CREAT, 0644);
		need(flag >= 0, claimed);
		close(flag);
		for (; access(args[1], F_OK) == 0; pause_ms(1))
			claim_serve(listener, log, args[3]);
		claim_serve(listener, log, args[3]);
		unlink(claimed);
		close(listener);
	}
	return UNTRIED;
}

#define DESCRIPTOR_ROOM CMSG_SPACE(sizeof(int))

static int borrowed(char **args)
{
	union {
		struct cmsghdr align;
		char bytes[DESCRIPTOR_ROOM];
	} control;
	struct place lender = place_parse(args[1]);
	char byte;
	struct iovec iov = {&byte, 1};
	struct msghdr header = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control)};
	int sock = place_socket(&lender, SOCK_STREAM);

	need(connect(sock, (const struct sockaddr *)&lender.address, lender.length) == 0,
		"connect to the lender");
	need(recvmsg(sock, &header, 0) == 1 && header.msg_controllen >= CMSG_LEN(sizeof(int)),
		"a descriptor");
	return outcome(args[0], SOCK_STREAM);
}

static int lend(char **args)
{
	int stranger = bound(args[0], SOCK_STREAM), listener = bound(args[1], SOCK_STREAM);

	need(chmod(args[1], 0666) == 0, "chmod");
	for (;;) {
		union {
			struct cmsghdr align;
			char bytes[DESCRIPTOR_ROOM];
		} control = {.align = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
		struct iovec iov = {(char[]){'x'}, 1};
		struct msghdr header = {.msg_iov = &iov,
			.msg_iovlen = 1,
			.msg_control = &control,
			.msg_controllen = sizeof(control)};
		int peer = accept(listener, NULL, NULL);

		memcpy(CMSG_DATA(&control.align), &stranger, sizeof(stranger));
		need(peer >= 0 && sendmsg(peer, &header, 0) == 1, "lending");
		close(peer);
	}
	return UNTRIED;
}

static const struct trick tricks[] = {
	{"twin", twin, 4},
	{"accepted", accepted, 2},
	{"borrowed", borrowed, 2},
	{"claim", claim, 4},
	{"lend", lend, 2},
};

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}
