/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What system calls cost inside a session. Each variant has one process in a session of its own;
 * every round measures every call in every variant.
 *
 *	bench-calls ROUNDS NAME:CONFDIR:USER...
 *
 * The first variant is the measure of the others. Prints one line a call and variant: call,
 * variant, nanoseconds (of a program: processor time of a run), ratio; medians. network.c measures
 *the supervised calls.
 */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

static int zero_fd;

static void call_getppid(void)
{
	syscall(SYS_getppid);
}

static void call_kill(void)
{
	need(kill(getpid(), 0) == 0, "kill");
}

/* The call, not the page that the kernel maps to save it. */
static void call_clock(void)
{
	struct timespec now;

	need(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now) == 0, "clock_gettime");
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

/* What people run, in folders that measure.sh makes: its processor time is what counts. */
static void program_run(const char *command)
{
	need(system(command) == 0, command);
}

static void program_find(void)
{
	/* Some folders of polkit are nobody's business. */
	program_run("find /usr -path '*/rules.d' -prune -o -print >/dev/null");
}

static void program_tar(void)
{
	program_run("tar cf - -C /usr/include . | cat >/dev/null");
}

static void program_git(void)
{
	program_run("for i in 1 2 3 4 5; do HOME=/var/tmp/bench git -c safe.directory='*' -C "
		    "/var/tmp/bench status "
		    ">/dev/null || exit; done");
}

static void program_make(void)
{
	program_run("d=$(mktemp -d) && make -s -j2 -C /var/tmp/bench O=$d && rm -r $d");
}

static void program_python(void)
{
	program_run("for i in 1 2 3 4 5; do python3 -c 'import json, threading' || exit; done");
}

static const struct call {
	const char *name;
	void (*run)(void);
	unsigned times; /* in one round; 0: once, and by its processor time */
} calls[] = {
	{"getppid", call_getppid, 20000},
	{"read", call_read, 20000},
	{"kill", call_kill, 20000},
	{"clock_gettime", call_clock, 20000},
	{"open+close", call_open, 3000},
	{"stat", call_stat, 5000},
	{"mmap+munmap", call_mmap, 5000},
	{"socket+close", call_socket, 3000},
	{"fork+exec", call_spawn, 10},
	{"find", program_find, 0},
	{"tar", program_tar, 0},
	{"git", program_git, 0},
	{"make", program_make, 0},
	{"python", program_python, 0},
};

static double children_nanoseconds(void)
{
	struct rusage usage;

	need(getrusage(RUSAGE_CHILDREN, &usage) == 0, "getrusage");
	return 1e9 * (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       1e3 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static double measure_program(const struct call *call)
{
	double start = children_nanoseconds();

	call->run();
	return children_nanoseconds() - start;
}

static double measure_call(const struct call *call)
{
	uint64_t start;

	call->run(); /* warm */
	start = nanoseconds();
	for (unsigned i = 0; i < call->times; i++)
		call->run();
	return (double)(nanoseconds() - start) / call->times;
}

static void measure(const struct call *call, int results)
{
	double each = call->times > 0 ? measure_call(call) : measure_program(call);

	transfer_out(results, &each, sizeof(each));
}

static void serve_inside(int commands, int results)
{
	unsigned char number;

	while (read(commands, &number, 1) == 1)
		measure(&calls[number], results);
}

static void serve(const struct variant *variant, int commands, int results)
{
	session_serve(variant, commands, results, serve_inside);
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
	struct table table = {.rounds = argc > 2 ? (size_t)atol(argv[1]) : 0};

	need(table.rounds > 0, "usage: bench-calls ROUNDS NAME:CONFDIR:USER...");
	table.n_variants = variants_parse(argv + 2, variants);
	table.values = calloc(ARRAY_SIZE(calls) * table.n_variants * table.rounds, sizeof(double));
	zero_fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	need(table.values && zero_fd >= 0, "/dev/zero");
	for (size_t i = 0; i < table.n_variants; i++)
		variant_start(&variants[i], serve);
	for (size_t round = 0; round < table.rounds; round++) {
		round_run(&table, variants, round);
		fprintf(stderr, "\rcalls: round %zu of %zu", round + 1, table.rounds);
	}
	fputc('\n', stderr);
	variants_end(variants, table.n_variants);
	report(&table, variants);
	free(table.values);
	return 0;
}
