/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Calls that do not come back at once: a place that never answers (SILENT), a server that never
 * accepts (FULL), one that never reads (DEAF).
 */

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"

#define LARGE (4 * 1024 * 1024)

static int connect_place(int fd, const struct place *place)
{
	return connect(fd, (const struct sockaddr *)&place->address, place->length);
}

static void set_timeout(int fd, long ms)
{
	const struct timeval time = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

	need(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time)) == 0, "SO_SNDTIMEO");
}

/* silent SILENT: non-blocking */
int calls_silent(char **args)
{
	const struct place place = place_parse(args[0]);
	int fd = place_socket(&place, SOCK_STREAM | SOCK_NONBLOCK);
	char word[32];

	printf("first: %s\n", ended(connect_place(fd, &place), word));
	printf("events within 300 ms: %d\n", wait_for(fd, POLLOUT, 300));
	printf("second: %s\n", ended(connect_place(fd, &place), word));
	printf("send: %s\n", ended(send(fd, "x", 1, MSG_NOSIGNAL), word));
	close(fd);
	return 0;
}

/* A receiver that never reads takes as many as net.unix.max_dgram_qlen says. */
static ssize_t send_until_full(int fd, const struct place *to)
{
	ssize_t n = 1;

	for (int i = 0; i < 10000 && n > 0; i++)
		n = sendto(fd, "x", 1, 0, (const struct sockaddr *)&to->address, to->length);
	return n;
}

/* timeout SILENT DEAF: with SO_SNDTIMEO */
int calls_timeout(char **args)
{
	const struct place silent = place_parse(args[0]), deaf = place_parse(args[1]);
	int stream = place_socket(&silent, SOCK_STREAM), datagram = place_socket(&deaf, SOCK_DGRAM);
	char word[32];
	long start = now_ms();

	set_timeout(stream, 400);
	set_timeout(datagram, 400);
	printf("connect: %s", ended(connect_place(stream, &silent), word));
	printf(" %s\n", punctual(start, 400));
	start = now_ms();
	printf("second: %s", ended(connect_place(stream, &silent), word));
	printf(" %s\n", punctual(start, 400));
	start = now_ms();
	printf("sendto: %s", ended(send_until_full(datagram, &deaf), word));
	printf(" %s\n", punctual(start, 400));
	fcntl(datagram, F_SETFL, O_NONBLOCK);
	start = now_ms();
	printf("non-blocking: %s", ended(send_until_full(datagram, &deaf), word));
	printf(" %s\n", punctual(start, 0));
	close(stream);
	close(datagram);
	return 0;
}

/* signal SILENT: with and without SA_RESTART */

static void alarm_after(int sig, long ms)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = sig};
	const struct itimerspec time = {.it_value = {ms / 1000, ms % 1000 * 1000000}};
	timer_t timer;

	need(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0, "timer_create");
	need(timer_settime(timer, 0, &time, NULL) == 0, "timer_settime");
}

static void interrupted(const char *name, const struct place *place, long timeout, long wanted)
{
	int fd = place_socket(place, SOCK_STREAM), before = signals_counted();
	long start = now_ms();
	char word[32];

	if (timeout)
		set_timeout(fd, timeout);
	printf("%s: %s", name, ended(connect_place(fd, place), word));
	printf(" %s", punctual(start, wanted));
	printf(", %d signals\n", signals_counted() - before);
	fflush(stdout);
	close(fd);
}

int calls_signal(char **args)
{
	const struct place place = place_parse(args[0]);

	count_signal(SIGUSR1, 0);
	count_signal(SIGUSR2, SA_RESTART);
	alarm_after(SIGUSR1, 400);
	interrupted("without SA_RESTART", &place, 0, 400);
	alarm_after(SIGUSR2, 300);
	alarm_after(SIGUSR1, 900);
	interrupted("SA_RESTART first", &place, 0, 900);
	alarm_after(SIGUSR2, 300);
	interrupted("SA_RESTART and SO_SNDTIMEO", &place, 3000, 300);
	signal(SIGUSR2, SIG_IGN);
	alarm_after(SIGUSR2, 200);
	alarm_after(SIGUSR1, 700);
	interrupted("an ignored signal first", &place, 0, 700);
	return 0;
}

/* full FULL: a UNIX server whose queue holds one */
int calls_full(char **args)
{
	const struct place place = place_parse(args[0]);
	int first = place_socket(&place, SOCK_STREAM), second = place_socket(&place, SOCK_STREAM),
	    third = place_socket(&place, SOCK_STREAM | SOCK_NONBLOCK);
	long start = now_ms();
	char word[32];

	printf("first: %s\n", ended(connect_place(first, &place), word));
	printf("non-blocking: %s\n", ended(connect_place(third, &place), word));
	set_timeout(second, 400);
	start = now_ms();
	printf("with a time-out: %s", ended(connect_place(second, &place), word));
	printf(" %s\n", punctual(start, 400));
	count_signal(SIGUSR1, 0);
	set_timeout(second, 0);
	alarm_after(SIGUSR1, 300);
	start = now_ms();
	printf("with a signal: %s", ended(connect_place(second, &place), word));
	printf(" %s\n", punctual(start, 300));
	return 0;
}

/* nonblocking DEAF-TCP ECHO-TCP: more than the buffers hold */

static void send_large(const char *name, int fd, char *bytes)
{
	struct iovec iov = {bytes, LARGE};
	struct msghdr header = {.msg_iov = &iov, .msg_iovlen = 1};
	ssize_t n = sendmsg(fd, &header, MSG_NOSIGNAL);
	char word[32];

	printf("%s: %s\n", name, n > 0 && n < LARGE ? "a part" : ended(n, word));
	while (n > 0)
		n = sendmsg(fd, &header, MSG_NOSIGNAL);
	printf("%s, to the end: %s\n", name, ended(n, word));
}

/* A blocking sender of more than the buffers hold waits for its reader. */
static void send_all_large(char *bytes)
{
	struct iovec iov = {bytes, LARGE};
	struct msghdr header = {.msg_iov = &iov, .msg_iovlen = 1};
	size_t total = 0;
	char word[32];
	int pair[2];
	ssize_t n;

	need(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");
	fflush(stdout);
	if (fork() == 0) {
		close(pair[1]);
		_exit(sendmsg(pair[0], &header, 0) == LARGE ? 0 : 1);
	}
	close(pair[0]);
	usleep(200 * 1000);
	while ((n = read(pair[1], bytes, LARGE)) > 0)
		total += (size_t)n;
	printf("blocking, read late: %s, %zu bytes\n", ended(n, word), total);
}

int calls_nonblocking(char **args)
{
	const struct place deaf = place_parse(args[0]), local = place_parse(args[1]);
	char *bytes = calloc(1, LARGE);
	int fd = place_socket(&deaf, SOCK_STREAM), other = place_socket(&local, SOCK_STREAM);

	need(bytes && connect_place(fd, &deaf) == 0 && connect_place(other, &local) == 0,
		"connect");
	fcntl(fd, F_SETFL, O_NONBLOCK);
	fcntl(other, F_SETFL, O_NONBLOCK);
	send_large("TCP", fd, bytes);
	send_large("UNIX", other, bytes);
	send_all_large(bytes);
	free(bytes);
	return 0;
}

/* pairs: messages that are kept apart, of all sizes, and more than the buffer of their pair holds
 */

static ssize_t send_message(int fd, const void *bytes, size_t size)
{
	struct iovec iov = {(void *)bytes, size};
	const struct msghdr header = {.msg_iov = &iov, .msg_iovlen = 1};

	return sendmsg(fd, &header, MSG_NOSIGNAL);
}

static void send_sizes(const char *name, int pair[2])
{
	static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 150000};
	static char bytes[150000], received[sizeof(bytes)];
	char word[32];

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		ssize_t n;

		parcel_fill(bytes, sizes[i], name);
		printf("%s of %zu: %s", name, sizes[i],
			ended(send_message(pair[0], bytes, sizes[i]), word));
		n = recv(pair[1], received, sizeof(received), 0);
		printf(", received %s, %s\n", ended(n, word),
			n >= 0 && memcmp(bytes, received, (size_t)n) == 0 ? "the same" : "other");
	}
}

static int fill(int fd)
{
	int n = 0;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (send_message(fd, "x", 1) == 1)
		n++;
	fcntl(fd, F_SETFL, 0);
	return n;
}

static void wait_full(const char *name, int fd)
{
	long start = now_ms();
	char word[32];

	set_timeout(fd, 400);
	printf("%s, full, with a time-out: %s", name, ended(send_message(fd, "y", 1), word));
	printf(" %s\n", punctual(start, 400));
	set_timeout(fd, 0);
	alarm_after(SIGUSR1, 300);
	start = now_ms();
	printf("%s, full, with a signal: %s", name, ended(send_message(fd, "y", 1), word));
	printf(" %s\n", punctual(start, 300));
	fflush(stdout);
}

static void read_late(const char *name, int pair[2], int expected)
{
	char last = 'x', word[32];
	int n = 0;

	if (fork() == 0) {
		close(pair[1]);
		_exit(send_message(pair[0], "z", 1) == 1 ? 0 : 1);
	}
	usleep(200 * 1000);
	while (last != 'z' && recv(pair[1], &last, 1, 0) == 1)
		n++;
	printf("%s, read late: the last is %c, %s before it\n", name, last,
		n == expected + 1 ? "all" : "not all");
	close(pair[1]);
	printf("%s, nobody reads: %s\n", name, ended(send_message(pair[0], "x", 1), word));
	close(pair[0]);
}

int calls_pairs(char **args)
{
	static const struct {
		const char *name;
		int type;
	} rows[] = {{"dgram", SOCK_DGRAM}, {"seqpacket", SOCK_SEQPACKET}};

	count_signal(SIGUSR1, 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int pair[2], n;

		need(socketpair(AF_UNIX, rows[i].type | SOCK_CLOEXEC, 0, pair) == 0, "socketpair");
		send_sizes(rows[i].name, pair);
		n = fill(pair[0]);
		wait_full(rows[i].name, pair[0]);
		read_late(rows[i].name, pair, n);
	}
	return 0;
}
