/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Datagrams to an address: sockets that can send without connecting. Where socket(2) refuses the
 * kind, socketpair(2) may still make a UNIX one, which takes any address in msg_name.
 *
 *	dgram HOW PLACE [ALLOWED]	PLACE: where the witness listens for datagrams
 */

#include <netinet/in.h>
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
};

int main(int argc, char **argv)
{
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}
