/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What the filters themselves cost: their lengths, the time to build them in the supervisor, and to
 * load them in the fork handler.
 *
 *	bench-filter ROUNDS
 *
 * Prints one line a filter: name, instructions, microseconds to build, to load; medians.
 */

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "fd.h"
#include "filter-profile.h"
#include "filter.h"

static struct policy files = {.filesystem.present = true};
static struct policy network = {.network.present = true};
static struct policy profile = {
	.syscalls = {.profile = PROFILE_NETWORK, .error = 1}, .network.present = true};

static const struct kind {
	const char *name;
	struct policy *policy;
	int second;
} kinds[] = {
	{"kernel-only", &files, 0},
	{"supervised", &network, 0},
	{"profile", &profile, 1},
};

static int build(const struct kind *kind)
{
	struct policy *layers[] = {kind->policy};
	const struct policy_set set = {.layers = layers, .n_layers = 1};
	struct filter_spec spec = filter_spec(&set, 7);
	int fd = -1;

	if (kind->second)
		need(filter_profile_build(&set, &fd) == 0, "filter_profile_build");
	else
		need(filter_build(&spec, &fd) == 0, "filter_build");
	return fd;
}

/* In a child, which keeps it: what the handler does, without a listener. */
static void load(const struct sock_fprog *program, double *ret)
{
	int pipes[2];
	pid_t child;

	need(pipe(pipes) == 0, "pipe");
	child = fork();
	need(child >= 0, "fork");
	if (child == 0) {
		uint64_t start;
		double us;

		need(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no_new_privs");
		start = nanoseconds();
		need(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, program) == 0, "seccomp");
		us = (double)(nanoseconds() - start) / 1e3;
		transfer_out(pipes[1], &us, sizeof(us));
		_exit(0);
	}
	transfer_in(pipes[0], ret, sizeof(*ret));
	need(waitpid(child, NULL, 0) == child, "waitpid");
	close(pipes[0]);
	close(pipes[1]);
}

static void measure(const struct kind *kind, size_t rounds)
{
	double *built = calloc(rounds, sizeof(double)), *loaded = calloc(rounds, sizeof(double));
	struct sock_fprog program = {0};

	need(built && loaded, "calloc");
	for (size_t i = 0; i < rounds; i++) {
		uint64_t start = nanoseconds();
		int fd = build(kind);
		char *code;
		size_t size;

		built[i] = (double)(nanoseconds() - start) / 1e3;
		need(fd_read_all(fd, BPF_MAXINSNS * sizeof(struct sock_filter), &code, &size) == 0,
			"reading the program");
		program.len = (unsigned short)(size / sizeof(struct sock_filter));
		program.filter = (struct sock_filter *)code;
		load(&program, &loaded[i]);
		free(code);
		close(fd);
	}
	printf("%s %u %.0f %.0f\n", kind->name, program.len, median(built, rounds),
		median(loaded, rounds));
	free(built);
	free(loaded);
}

int main(int argc, char **argv)
{
	size_t rounds = argc > 1 ? (size_t)atol(argv[1]) : 0;

	need(rounds > 0, "usage: bench-filter ROUNDS");
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		measure(&kinds[i], rounds);
	return 0;
}
