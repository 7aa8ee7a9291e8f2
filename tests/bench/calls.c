/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What system calls cost inside a session. Each variant has one process in a session of its own;
 * every round measures every call in every variant.
 *
 *	bench-calls ROUNDS HOST:PORT SOCKET NAME:CONFDIR:USER...
 *
 * The first variant is the measure of the others. A server of ours listens at HOST:PORT and at the
 * path SOCKET. Prints one line a call and variant: call, variant, nanoseconds, ratio; medians.
 */

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

static struct sockaddr_in tcp_address = {.sin_family = AF_INET};
static struct sockaddr_un unix_address = {.sun_family = AF_UNIX};
static int zero_fd;

static void call_getppid(void)
{
	syscall(SYS_getppid);
}

static void call_read(void)
{
	char byte;

	need(read(zero_fd, &byte, 1) == 1, "read");
}

static void call_open(void)
{
	int fd = open("/usr/bin/env", O_RDONLY | O_CLOEXEC);

	need(fd >= 0, "open");
	close(fd);
}

static void call_stat(void)
{
	struct stat st;

	need(stat("/usr/bin/env", &st) == 0, "stat");
}

static void call_mmap(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	need(page != MAP_FAILED, "mmap");
	munmap(page, 4096);
}

static void call_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	need(fd >= 0, "socket");
	close(fd);
}

static void call_spawn(void)
{
	char *const command[] = {(char *)"/bin/true", NULL};
	int status;
	pid_t child = fork();

	if (child == 0) {
		execv(command[0], command);
		_exit(127);
	}
	need(waitpid(child, &status, 0) == child && status == 0, "fork and exec");
}

static void call_connect(void)
{
	const struct linger now = {.l_onoff = 1};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	need(connect(fd, (struct sockaddr *)&tcp_address, sizeof(tcp_address)) == 0, "connect");
	close(fd);
}

static void call_connect_unix(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	need(connect(fd, (struct sockaddr *)&unix_address, sizeof(unix_address)) == 0,
		"connect UNIX");
	close(fd);
}

static const struct call {
	const char *name;
	void (*run)(void);
	unsigned times; /* in one round */
} calls[] = {
	{"getppid", call_getppid, 20000},
	{"read", call_read, 20000},
	{"open+close", call_open, 3000},
	{"stat", call_stat, 5000},
	{"mmap+munmap", call_mmap, 5000},
	{"socket+close", call_socket, 3000},
	{"fork+exec", call_spawn, 10},
	{"connect-tcp", call_connect, 300},
	{"connect-unix", call_connect_unix, 300},
};

static void measure(const struct call *call, int results)
{
	uint64_t start;
	double each;

	call->run(); /* warm */
	start = nanoseconds();
	for (unsigned i = 0; i < call->times; i++)
		call->run();
	each = (double)(nanoseconds() - start) / call->times;
	transfer_out(results, &each, sizeof(each));
}

static void serve_inside(int commands, int results)
{
	unsigned char number;

	while (read(commands, &number, 1) == 1)
		measure(&calls[number], results);
	_exit(0);
}

static void serve(const struct variant *variant, int commands, int results)
{
	const struct passwd *pw = session_user(variant);
	pam_handle_t *handle = session_start(variant);
	int status;
	pid_t child;

	session_open(handle);
	child = fork();
	need(child >= 0, "fork");
	if (child == 0) {
		session_become(pw);
		serve_inside(commands, results);
	}
	need(waitpid(child, &status, 0) == child && status == 0, variant->name);
	session_close(handle);
	session_end(handle);
}

static int listener(const struct sockaddr *address, socklen_t length)
{
	const int on = 1;
	int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	need(fd >= 0, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	need(bind(fd, address, length) == 0 && listen(fd, 1024) == 0, "listen");
	return fd;
}

/* Takes and drops connections in a process of its own. */
static pid_t server_start(void)
{
	struct pollfd polls[] = {
		{.fd = listener((struct sockaddr *)&tcp_address, sizeof(tcp_address))},
		{.fd = listener((struct sockaddr *)&unix_address, sizeof(unix_address))},
	};
	pid_t pid = fork();

	need(pid >= 0, "fork");
	polls[0].events = polls[1].events = POLLIN;
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (poll(polls, ARRAY_SIZE(polls), -1) > 0)
			for (size_t i = 0; i < ARRAY_SIZE(polls); i++)
				if (polls[i].revents)
					close(accept(polls[i].fd, NULL, NULL));
		_exit(1);
	}
	for (size_t i = 0; i < ARRAY_SIZE(polls); i++)
		close(polls[i].fd);
	return pid;
}

static void places_parse(char *host_port, const char *path)
{
	char *colon = strrchr(host_port, ':');

	need(colon && strlen(path) < sizeof(unix_address.sun_path), "places");
	*colon = '\0';
	tcp_address.sin_port = htons((in_port_t)atoi(colon + 1));
	need(inet_pton(AF_INET, host_port, &tcp_address.sin_addr) == 1, host_port);
	strcpy(unix_address.sun_path, path);
}

/* values[call][variant][round] */
struct table {
	size_t n_variants, rounds;
	double *values;
};

static double *cell(const struct table *table, size_t call, size_t variant)
{
	return table->values + (call * table->n_variants + variant) * table->rounds;
}

static void round_run(const struct table *table, const struct variant *variants, size_t round)
{
	for (unsigned char call = 0; call < ARRAY_SIZE(calls); call++)
		for (size_t i = 0; i < table->n_variants; i++) {
			transfer_out(variants[i].commands, &call, 1);
			transfer_in(
				variants[i].results, cell(table, call, i) + round, sizeof(double));
		}
}

/* Ratios are taken round by round, before a median sorts the rounds away. */
static void report(const struct table *table, const struct variant *variants)
{
	double *ratios = calloc(table->rounds * table->n_variants, sizeof(*ratios));

	need(ratios != NULL, "calloc");
	for (size_t call = 0; call < ARRAY_SIZE(calls); call++) {
		for (size_t i = 0; i < table->n_variants; i++)
			for (size_t r = 0; r < table->rounds; r++)
				ratios[i * table->rounds + r] = cell(table, call, i)[r] /
								cell(table, call, 0)[r];
		for (size_t i = 0; i < table->n_variants; i++)
			printf("%s %s %.0f %.3f\n", calls[call].name, variants[i].name,
				median(cell(table, call, i), table->rounds),
				median(ratios + i * table->rounds, table->rounds));
	}
	free(ratios);
}

int main(int argc, char **argv)
{
	struct variant variants[VARIANTS_MAX];
	struct table table = {.rounds = argc > 4 ? (size_t)atol(argv[1]) : 0};
	pid_t server;

	need(table.rounds > 0, "usage: bench-calls ROUNDS HOST:PORT SOCKET NAME:CONFDIR:USER...");
	places_parse(argv[2], argv[3]);
	table.n_variants = variants_parse(argv + 4, variants);
	table.values = calloc(ARRAY_SIZE(calls) * table.n_variants * table.rounds, sizeof(double));
	zero_fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	need(table.values && zero_fd >= 0, "/dev/zero");
	server = server_start();
	need(chmod(unix_address.sun_path, 0666) == 0, unix_address.sun_path);
	for (size_t i = 0; i < table.n_variants; i++)
		variant_start(&variants[i], serve);
	for (size_t round = 0; round < table.rounds; round++) {
		round_run(&table, variants, round);
		fprintf(stderr, "\rcalls: round %zu of %zu", round + 1, table.rounds);
	}
	fputc('\n', stderr);
	variants_end(variants, table.n_variants);
	kill(server, SIGKILL);
	unlink(unix_address.sun_path);
	report(&table, variants);
	free(table.values);
	return 0;
}
