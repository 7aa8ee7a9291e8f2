/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Every way to get bytes to a place: blocking or not, by connect, sendto, sendmsg, sendmmsg.
 *
 *	calls matrix PREFIX NAME KIND PLACE [NAME KIND PLACE]...	KIND: stream, dgram
 *
 * What is sent is labelled PREFIX:NAME:MODE:CALL. For an IPv4-mapped place write [::ffff:...].
 */

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "calls.h"

#define PARCEL_SIZE 300

struct attempt {
	struct place place;
	bool stream, nonblocking, local;
	const char *call;
	char parcel[PARCEL_SIZE];
};

static ssize_t send_as(int fd, const struct attempt *attempt, const struct place *to)
{
	struct iovec iov = {(void *)attempt->parcel, sizeof(attempt->parcel)};
	struct mmsghdr several[2] = {0};
	struct msghdr *header = &several[0].msg_hdr;

	header->msg_iov = &iov;
	header->msg_iovlen = 1;
	header->msg_name = to ? (void *)&to->address : NULL;
	header->msg_namelen = to ? to->length : 0;
	several[1].msg_hdr = *header;
	if (strcmp(attempt->call, "connect") == 0)
		return send(fd, attempt->parcel, sizeof(attempt->parcel), MSG_NOSIGNAL);
	if (strcmp(attempt->call, "sendto") == 0)
		return sendto(fd, attempt->parcel, sizeof(attempt->parcel), MSG_NOSIGNAL,
			header->msg_name, header->msg_namelen);
	if (strcmp(attempt->call, "sendmsg") == 0)
		return sendmsg(fd, header, MSG_NOSIGNAL);
	return sendmmsg(fd, several, 2, MSG_NOSIGNAL);
}

/* A non-blocking connection may come about later; how, SO_ERROR says. */
static int connect_to(int fd, const struct attempt *attempt)
{
	socklen_t size = sizeof(int);
	char word[32];
	int error;
	int r = connect(
		fd, (const struct sockaddr *)&attempt->place.address, attempt->place.length);

	printf(" connect=%s", ended(r, word));
	if (r < 0 && errno == EINPROGRESS) {
		need(wait_for(fd, POLLOUT, 5000) == 1, "a connection in time");
		need(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0, "SO_ERROR");
		errno = error;
		r = error ? -1 : 0;
		printf(" later=%s", ended(r, word));
	}
	return r;
}

/* What comes back until the end, or until nothing more comes. */
static void show_echo(int fd, const struct attempt *attempt)
{
	size_t size = 0;
	char bytes[1024];
	struct sockaddr_storage from = {0};
	socklen_t length = sizeof(from);
	bool same = true;

	while (wait_for(fd, POLLIN, size == 0 ? 5000 : 100) == 1) {
		ssize_t n = recvfrom(
			fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &length);
		if (n <= 0)
			break;
		if (!attempt->stream)
			same &= memcmp(&from, &attempt->place.address, attempt->place.length) == 0;
		size += (size_t)n;
	}
	printf(" echo=%zu%s", size, same ? "" : " from elsewhere");
}

static void try(const struct attempt *attempt)
{
	int type = attempt->stream ? SOCK_STREAM : SOCK_DGRAM, fd, r = 0;
	bool connects = attempt->stream || strcmp(attempt->call, "connect") == 0;
	bool addressed = !(attempt->stream && attempt->local) &&
			 strcmp(attempt->call, "connect") != 0;
	char word[32];
	ssize_t n;

	fd = place_socket(&attempt->place, type | (attempt->nonblocking ? SOCK_NONBLOCK : 0));
	printf(" socket=%s", fd < 0 ? ended(fd, word) : "0");
	if (fd < 0)
		return;
	if (connects)
		r = connect_to(fd, attempt);
	n = send_as(fd, attempt, addressed ? &attempt->place : NULL);
	printf(" send=%s", ended(n, word));
	if (attempt->stream)
		shutdown(fd, SHUT_WR);
	if (r == 0 && n > 0 && (attempt->stream || !attempt->local))
		show_echo(fd, attempt);
	close(fd);
}

static void try_all(const char *prefix, const char *name, struct attempt *attempt)
{
	static const char *const calls[] = {"connect", "sendto", "sendmsg", "sendmmsg"};
	char label[100];

	for (int mode = 0; mode < 2; mode++) {
		attempt->nonblocking = mode == 1;
		for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
			attempt->call = calls[i];
			snprintf(label, sizeof(label), "%s:%s:%s:%s", prefix, name,
				mode ? "nonblocking" : "blocking", calls[i]);
			parcel_fill(attempt->parcel, sizeof(attempt->parcel), label);
			printf("%s:", strchr(label, ':') + 1);
			try(attempt);
			putchar('\n');
			fflush(stdout);
		}
	}
}

int calls_matrix(char **args)
{
	const char *prefix = *args++;

	for (; args[0] && args[1] && args[2]; args += 3) {
		struct attempt attempt = {.place = place_parse(args[2])};

		attempt.stream = strcmp(args[1], "stream") == 0;
		attempt.local = attempt.place.address.ss_family == AF_UNIX;
		try_all(prefix, args[0], &attempt);
	}
	return 0;
}
