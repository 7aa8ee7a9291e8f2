/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What supervised calls cost inside a session, and what is not supervised in one that is. Each
 * variant has one process in a session of its own; every round does every job in every variant.
 *
 *	bench-network ROUNDS HOST:PORT SOCKET NAME:CONFDIR:USER...
 *
 * Servers of ours listen at HOST:PORT (TCP and UDP) and at the path SOCKET; nobody does at the next
 * port, which is not for the session either. The first variant is outside of all sessions, the
 * second the floor. Prints one line a job and variant: job, variant, nanoseconds (a median of
 * rounds' medians), the same to outside, to the floor, 99th percentile (of all), the same to the
 * floor.
 */

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define TIMES_MAX 1000
#define PROCESSES 4
#define EACH      25 /* connections of one of the processes */
#define THREADS   64
#define CHUNK     16384

static struct sockaddr_in tcp_address = {.sin_family = AF_INET}, refused_address;
static struct sockaddr_un unix_address = {.sun_family = AF_UNIX};

/* What the jobs need is opened by the first that asks, inside the session. */
static int udp_socket(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	need(fd >= 0, "socket");
	return fd;
}

static int connected_socket(void)
{
	static int fd = -1;

	if (fd >= 0)
		return fd;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	need(fd >= 0 && connect(fd, (struct sockaddr *)&tcp_address, sizeof(tcp_address)) == 0,
		"connect UDP");
	return fd;
}

static const int *stream_pair(void)
{
	static int pair[2] = {-1, -1};

	if (pair[0] < 0)
		need(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0, "socketpair");
	return pair;
}

static int connect_inet(const struct sockaddr_in *address)
{
	const struct linger now = {.l_onoff = 1};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), r;

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	r = connect(fd, (const struct sockaddr *)address, sizeof(*address));
	close(fd);
	return r;
}

static void job_connect(void)
{
	need(connect_inet(&tcp_address) == 0, "connect");
}

static void job_refused(void)
{
	need(connect_inet(&refused_address) < 0, "a refused connect");
}

static void job_connect_unix(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	need(connect(fd, (struct sockaddr *)&unix_address, sizeof(unix_address)) == 0,
		"connect UNIX");
	close(fd);
}

static void job_sendto(void)
{
	need(sendto(udp_socket(), "x", 1, 0, (struct sockaddr *)&tcp_address,
		     sizeof(tcp_address)) == 1,
		"sendto");
}

static void job_sendmsg(void)
{
	char byte = 'x';
	struct iovec iov = {&byte, 1};
	const struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};

	need(sendmsg(stream_pair()[0], &message, 0) == 1, "sendmsg");
	need(recv(stream_pair()[1], &byte, 1, 0) == 1, "recv");
}

static void job_send(void)
{
	need(send(connected_socket(), "x", 1, 0) == 1, "send");
}

static void job_stream(void)
{
	static char bytes[CHUNK];

	need(send(stream_pair()[0], bytes, CHUNK, 0) == CHUNK, "send");
	need(recv(stream_pair()[1], bytes, CHUNK, MSG_WAITALL) == CHUNK, "recv");
}

static void job_processes(void)
{
	pid_t pids[PROCESSES];

	for (size_t i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		need(pids[i] >= 0, "fork");
		for (size_t n = 0; pids[i] == 0 && n < EACH; n++)
			job_connect();
		if (pids[i] == 0)
			_exit(0);
	}
	for (size_t i = 0; i < PROCESSES; i++)
		need(waitpid(pids[i], NULL, 0) == pids[i], "waitpid");
}

static pthread_barrier_t ready, done;

static void *connect_each_time(void *arg)
{
	for (;;) {
		pthread_barrier_wait(&ready);
		job_connect();
		pthread_barrier_wait(&done);
	}
	return arg;
}

static void threads_start(void)
{
	static int started;
	pthread_attr_t attributes;
	pthread_t thread;

	if (started)
		return;
	started = 1;
	pthread_barrier_init(&ready, NULL, THREADS + 1);
	pthread_barrier_init(&done, NULL, THREADS + 1);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 65536);
	for (size_t i = 0; i < THREADS; i++)
		need(pthread_create(&thread, &attributes, connect_each_time, NULL) == 0, "thread");
}

static void job_threads(void)
{
	threads_start();
	pthread_barrier_wait(&ready);
	pthread_barrier_wait(&done);
}

static const struct job {
	const char *name;
	void (*run)(void);
	unsigned times; /* in one round */
} jobs[] = {
	{"connect-tcp", job_connect, 300},
	{"connect-refused", job_refused, 300},
	{"connect-unix", job_connect_unix, 300},
	{"udp-sendto", job_sendto, 500},
	{"unix-sendmsg", job_sendmsg, 500},
	{"udp-send", job_send, 1000},
	{"unix-stream-16k", job_stream, 1000},
	{"connect-4x25", job_processes, 4},
	{"connect-64", job_threads, 4},
};

static void measure(const struct job *job, int results)
{
	double each[TIMES_MAX];

	job->run(); /* warm */
	for (unsigned i = 0; i < job->times; i++) {
		uint64_t start = nanoseconds();

		job->run();
		each[i] = (double)(nanoseconds() - start);
	}
	transfer_out(results, each, job->times * sizeof(each[0]));
}

static void serve_inside(int commands, int results)
{
	unsigned char number;

	while (read(commands, &number, 1) == 1)
		measure(&jobs[number], results);
}

static void serve(const struct variant *variant, int commands, int results)
{
	session_serve(variant, commands, results, serve_inside);
}

static void places_parse(char *host_port, const char *path)
{
	char *colon = strrchr(host_port, ':');

	need(colon && strlen(path) < sizeof(unix_address.sun_path), "places");
	*colon = '\0';
	tcp_address.sin_port = htons((in_port_t)atoi(colon + 1));
	need(inet_pton(AF_INET, host_port, &tcp_address.sin_addr) == 1, host_port);
	refused_address = tcp_address;
	refused_address.sin_port = htons((in_port_t)(atoi(colon + 1) + 1));
	strcpy(unix_address.sun_path, path);
}

/* A UDP socket that nobody reads: what does not fit is dropped. */
static pid_t servers_start(void)
{
	const int fds[] = {
		listener_open((struct sockaddr *)&tcp_address, sizeof(tcp_address)),
		listener_open((struct sockaddr *)&unix_address, sizeof(unix_address)),
	};
	int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	pid_t pid;

	need(bind(udp, (struct sockaddr *)&tcp_address, sizeof(tcp_address)) == 0, "bind");
	pid = drain_start(fds, ARRAY_SIZE(fds));
	close(fds[0]);
	close(fds[1]);
	return pid;
}

/* One job in one variant: all its times, and each round's median. */
struct cell {
	double *all, *medians;
	size_t n;
};

static struct cell cell_new(size_t times, size_t rounds)
{
	struct cell cell = {
		calloc(times * rounds, sizeof(double)), calloc(rounds, sizeof(double)), 0};

	need(cell.all && cell.medians, "calloc");
	return cell;
}

static void cell_take(struct cell *cell, const struct job *job, int results, size_t round)
{
	double each[TIMES_MAX];

	transfer_in(results, each, job->times * sizeof(each[0]));
	memcpy(cell->all + cell->n, each, job->times * sizeof(each[0]));
	cell->n += job->times;
	cell->medians[round] = median(each, job->times);
}

/* Ratios are taken round by round, before a median sorts the rounds away. */
static double ratio(const struct cell *a, const struct cell *b, size_t rounds)
{
	double *ratios = calloc(rounds, sizeof(double)), r;

	need(ratios != NULL, "calloc");
	for (size_t i = 0; i < rounds; i++)
		ratios[i] = a->medians[i] / b->medians[i];
	r = median(ratios, rounds);
	free(ratios);
	return r;
}

static void report(const char *job, const struct variant *variants, struct cell *cells, size_t n,
	size_t rounds)
{
	double to_outside[VARIANTS_MAX], to_floor[VARIANTS_MAX], floor_p99;

	for (size_t i = 0; i < n; i++) {
		to_outside[i] = ratio(&cells[i], &cells[0], rounds);
		to_floor[i] = ratio(&cells[i], &cells[1], rounds);
	}
	floor_p99 = percentile(cells[1].all, cells[1].n, 99);
	for (size_t i = 0; i < n; i++) {
		double p99 = percentile(cells[i].all, cells[i].n, 99);

		printf("%s %s %.0f %.3f %.3f %.0f %.3f\n", job, variants[i].name,
			median(cells[i].medians, rounds), to_outside[i], to_floor[i], p99,
			p99 / floor_p99);
	}
}

int main(int argc, char **argv)
{
	static struct cell cells[ARRAY_SIZE(jobs)][VARIANTS_MAX];
	struct variant variants[VARIANTS_MAX];
	size_t rounds = argc > 5 ? (size_t)atol(argv[1]) : 0, n;
	pid_t server;

	need(rounds > 0, "usage: bench-network ROUNDS HOST:PORT SOCKET NAME:CONFDIR:USER...");
	places_parse(argv[2], argv[3]);
	n = variants_parse(argv + 4, variants);
	server = servers_start();
	for (size_t i = 0; i < n; i++) {
		variant_start(&variants[i], serve);
		for (size_t job = 0; job < ARRAY_SIZE(jobs); job++)
			cells[job][i] = cell_new(jobs[job].times, rounds);
	}
	for (size_t round = 0; round < rounds; round++) {
		for (unsigned char job = 0; job < ARRAY_SIZE(jobs); job++)
			for (size_t i = 0; i < n; i++) {
				transfer_out(variants[i].commands, &job, 1);
				cell_take(&cells[job][i], &jobs[job], variants[i].results, round);
			}
		fprintf(stderr, "\rnetwork: round %zu of %zu", round + 1, rounds);
	}
	fputc('\n', stderr);
	variants_end(variants, n);
	kill(server, SIGKILL);
	unlink(unix_address.sun_path);
	for (size_t job = 0; job < ARRAY_SIZE(jobs); job++) {
		report(jobs[job].name, variants, cells[job], n, rounds);
		for (size_t i = 0; i < n; i++) {
			free(cells[job][i].all);
			free(cells[job][i].medians);
		}
	}
	return 0;
}
