/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Datagrams to an address: sockets that can send without connecting. Where socket(2) refuses the
 * kind, socketpair(2) may still make a UNIX one, which takes any address in msg_name.
 *
 *	dgram HOW PLACE [ALLOWED]	PLACE: where the witness listens for datagrams
 */

#include <netinet/in.h>
#include <netinet/udp.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "attack.h"

static char letter[] = "out of the cage";

static int pair_half(int type)
{
	int pair[2];

	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	return pair[0];
}

static int send_to(int fd, struct place *place)
{
	struct iovec iov = {.iov_base = letter, .iov_len = sizeof(letter)};
	struct msghdr message = {.msg_name = &place->address,
		.msg_namelen = place->length,
		.msg_iov = &iov,
		.msg_iovlen = 1};

	if (fd < 0)
		return stopped_by("socket");
	if (sendmsg(fd, &message, 0) < 0)
		return stopped_by("sendmsg");
	return succeeded("a datagram was sent");
}

static int socket_sendmsg(char **args)
{
	struct place place = place_parse(args[0]);

	return send_to(place_socket(&place, SOCK_DGRAM), &place);
}

static int raw_sendmsg(char **args)
{
	struct place place = place_parse(args[0]);

	return send_to(socket(AF_UNIX, SOCK_RAW, 0), &place);
}

static int pair_sendmsg(char **args)
{
	struct place place = place_parse(args[0]);

	return send_to(pair_half(SOCK_DGRAM), &place);
}

static int pair_raw_sendmsg(char **args)
{
	struct place place = place_parse(args[0]);

	return send_to(pair_half(SOCK_RAW), &place);
}

static int pair_sendto(char **args)
{
	struct place place = place_parse(args[0]);
	int fd = pair_half(SOCK_DGRAM);

	if (fd < 0)
		return stopped_by("socketpair");
	if (sendto(fd, letter, sizeof(letter), 0, (struct sockaddr *)&place.address, place.length) <
		0)
		return stopped_by("sendto");
	return succeeded("a datagram was sent");
}

static int pair_sendmmsg(char **args)
{
	struct place place = place_parse(args[0]);
	struct iovec iov = {.iov_base = letter, .iov_len = sizeof(letter)};
	struct mmsghdr message = {.msg_hdr = {.msg_name = &place.address,
					  .msg_namelen = place.length,
					  .msg_iov = &iov,
					  .msg_iovlen = 1}};
	int fd = pair_half(SOCK_DGRAM);

	if (fd < 0)
		return stopped_by("socketpair");
	if (sendmmsg(fd, &message, 1, 0) < 0)
		return stopped_by("sendmmsg");
	return succeeded("a datagram was sent");
}

/* The pair is connected to its other half; connect(2) points it elsewhere. */
static int pair_connect(char **args)
{
	struct place place = place_parse(args[0]);
	int fd = pair_half(SOCK_DGRAM);

	if (fd < 0)
		return stopped_by("socketpair");
	if (connect(fd, (struct sockaddr *)&place.address, place.length) < 0)
		return stopped_by("connect");
	if (write(fd, letter, sizeof(letter)) < 0)
		return stopped_by("write");
	return succeeded("a datagram was written");
}

/* Connected to where it may send, then told otherwise. */
static int connected(char **args)
{
	struct place place = place_parse(args[0]), good = place_parse(args[1]);
	int fd = place_socket(&good, SOCK_DGRAM);

	need(fd >= 0, "socket");
	need(connect(fd, (struct sockaddr *)&good.address, good.length) == 0, "connect");
	return send_to(fd, &place);
}

/* The first message of several is allowed. */
static int second(char **args)
{
	struct place place = place_parse(args[0]), good = place_parse(args[1]);
	struct iovec iov = {.iov_base = letter, .iov_len = sizeof(letter)};
	struct mmsghdr messages[2] = {
		{.msg_hdr = {.msg_name = &good.address,
			 .msg_namelen = good.length,
			 .msg_iov = &iov,
			 .msg_iovlen = 1}},
		{.msg_hdr = {.msg_name = &place.address,
			 .msg_namelen = place.length,
			 .msg_iov = &iov,
			 .msg_iovlen = 1}},
	};
	int fd = place_socket(&good, SOCK_DGRAM), n;

	need(fd >= 0, "socket");
	n = sendmmsg(fd, messages, 2, 0);
	need(n >= 1, "sendmmsg");
	if (n == 1)
		return stopped("only the first of two");
	return succeeded("two datagrams were sent");
}

/* The kernel takes AF_UNSPEC in an IPv4 destination for AF_INET. */
static int unspecified(char **args)
{
	struct place place = place_parse(args[0]);
	int fd = place_socket(&place, SOCK_DGRAM);

	need(fd >= 0, "socket");
	place.address.ss_family = AF_UNSPEC;
	return send_to(fd, &place);
}

/* An IPv6 socket sends to an IPv4 address as it is, and as a mapped one. */
static int inet_by_inet6(char **args)
{
	struct place place = place_parse(args[0]);

	return send_to(socket(AF_INET6, SOCK_DGRAM, 0), &place);
}

static int send_flags(int fd, const struct place *place, int flags)
{
	if (sendto(fd, letter, sizeof(letter), flags, (const struct sockaddr *)&place->address,
		    place->length) < 0)
		return stopped_by("sendto");
	return succeeded("a datagram was sent");
}

static int with_flags(const char *text, int flags)
{
	struct place place = place_parse(text);

	return send_flags(place_socket(&place, SOCK_DGRAM), &place, flags);
}

static int odd_flags(char **args)
{
	return with_flags(args[0], MSG_CONFIRM | MSG_EOR | MSG_NOSIGNAL);
}

/* The kernel would read the bytes, and who knows what else, after the call has been decided. */
static int zerocopy(char **args)
{
	const int on = 1;
	struct place place = place_parse(args[0]);
	int fd = place_socket(&place, SOCK_DGRAM);

	need(fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof(on)) == 0, "socket");
	return send_flags(fd, &place, MSG_ZEROCOPY);
}

/* The first part of a datagram says where all of it goes. */
static int more(char **args)
{
	struct place place = place_parse(args[0]), good = place_parse(args[1]);
	int fd = place_socket(&place, SOCK_DGRAM), r;

	need(fd >= 0, "socket");
	r = send_flags(fd, &place, MSG_MORE);
	need(sendto(fd, letter, sizeof(letter), 0, (struct sockaddr *)&good.address, good.length) >=
			0,
		"the second part");
	return r;
}

static int cork(char **args)
{
	const int on = 1, off = 0;
	struct place place = place_parse(args[0]), good = place_parse(args[1]);
	int fd = place_socket(&place, SOCK_DGRAM), r;

	need(fd >= 0 && setsockopt(fd, IPPROTO_UDP, UDP_CORK, &on, sizeof(on)) == 0, "UDP_CORK");
	r = send_flags(fd, &place, 0);
	need(sendto(fd, letter, sizeof(letter), 0, (struct sockaddr *)&good.address, good.length) >=
			0,
		"the second part");
	need(setsockopt(fd, IPPROTO_UDP, UDP_CORK, &off, sizeof(off)) == 0, "UDP_CORK");
	return r;
}

static int device(char **args)
{
	struct place place = place_parse(args[0]);
	int fd = place_socket(&place, SOCK_DGRAM);

	need(fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3) == 0,
		"SO_BINDTODEVICE");
	return send_flags(fd, &place, 0);
}

/* Connected where it may, then dissolved. */
static int dissolved(char **args)
{
	const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
	struct place place = place_parse(args[0]), good = place_parse(args[1]);
	int fd = place_socket(&place, SOCK_DGRAM);

	need(fd >= 0 && connect(fd, (struct sockaddr *)&good.address, good.length) == 0, "connect");
	need(connect(fd, &nowhere, sizeof(nowhere)) == 0, "AF_UNSPEC");
	return send_flags(fd, &place, 0);
}

static int connected_write(char **args)
{
	struct place place = place_parse(args[0]);
	int fd = place_socket(&place, SOCK_DGRAM);

	need(fd >= 0, "socket");
	if (connect(fd, (struct sockaddr *)&place.address, place.length) < 0)
		return stopped_by("connect");
	if (write(fd, letter, sizeof(letter)) < 0)
		return stopped_by("write");
	return succeeded("a datagram was written");
}

/* A thread with descriptors of its own: the leader's socket of the same number is another. */
struct own_table {
	const struct place *place;
	int fd, result;
};

static void *send_own(void *arg)
{
	struct own_table *own = arg;

	need(unshare(CLONE_FILES) == 0, "unshare");
	need(dup2(place_socket(own->place, SOCK_DGRAM), own->fd) == own->fd, "dup2");
	own->result = send_flags(own->fd, own->place, 0);
	return NULL;
}

static int own_table(char **args)
{
	struct place place = place_parse(args[0]);
	struct own_table own = {.place = &place, .fd = pair_half(SOCK_STREAM)};
	pthread_t thread;

	need(own.fd >= 0, "socketpair");
	need(pthread_create(&thread, NULL, send_own, &own) == 0, "pthread_create");
	pthread_join(thread, NULL);
	return own.result;
}

static const struct trick tricks[] = {
	{"socket", socket_sendmsg, 1},
	{"raw", raw_sendmsg, 1},
	{"pair-sendmsg", pair_sendmsg, 1},
	{"pair-raw-sendmsg", pair_raw_sendmsg, 1},
	{"pair-sendto", pair_sendto, 1},
	{"pair-sendmmsg", pair_sendmmsg, 1},
	{"pair-connect", pair_connect, 1},
	{"connected", connected, 2},
	{"second", second, 2},
	{"unspecified", unspecified, 1},
	{"inet-by-inet6", inet_by_inet6, 1},
	{"flags", odd_flags, 1},
	{"zerocopy", zerocopy, 1},
	{"more", more, 2},
	{"cork", cork, 2},
	{"device", device, 1},
	{"dissolved", dissolved, 2},
	{"connected-write", connected_write, 1},
	{"own-table", own_table, 1},
};

int main(int argc, char **argv)
{
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}
