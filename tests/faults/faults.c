/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Makes each system call of a login fail in turn, and judges each login from outside.
 *
 *	faults [-a] [-e EVERY] -i INSIDE -o OUTSIDE... -- PROGRAM ARG...
 *
 * PROGRAM is a login whose command says INSIDE when it runs, and tries what no session may: OUTSIDE
 * in its output is the proof that it could. A login with a fault has to end in time, confined or
 * without a session, and nothing of it may live on.
 *
 *	-a        every error at each call; otherwise they take turns
 *	-e EVERY  only each EVERYth call, counted over all
 *	-n        no fault: one login, judged
 *	-p POINT  one fault: PROCESS:CALL:ERROR, as told of a login that went wrong
 *
 * 0: all confined or no session. 1: not so, each such login is told. 2: usage. 3: with -n,
 *unconfined.
 */

#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "tracing.h"

enum { OUTSIDE_MAX = 8 };
enum { EXIT_UNCONFINED = 3 };

static const int errors[] = {ENOMEM, EINTR, EAGAIN, EMFILE, EPERM, ENOSYS};

struct options {
	bool all, no_fault;
	unsigned int every;
	struct tracing_point point; /* -p */
	const char *inside;
	const char *outside[OUTSIDE_MAX];
	size_t n_outside;
	char **command;
};

enum outcome { CONFINED, NO_SESSION, NOT_REACHED, UNCONFINED, HUNG, OUTLIVED, N_OUTCOMES };

static const char *const outcomes[N_OUTCOMES] = {
	[CONFINED] = "confined",
	[NO_SESSION] = "no session",
	[NOT_REACHED] = "not reached",
	[UNCONFINED] = "UNCONFINED",
	[HUNG] = "HUNG",
	[OUTLIVED] = "OUTLIVED",
};

struct counts {
	unsigned int seen, tried, of[N_OUTCOMES];
};

static enum outcome judge(
	const struct options *o, const struct tracing_point *point, const struct tracing_result *r)
{
	for (size_t i = 0; i < o->n_outside; i++)
		if (strstr(r->output, o->outside[i]))
			return UNCONFINED;
	if (r->hung || r->outlived)
		return r->hung ? HUNG : OUTLIVED;
	if (point->error != 0 && !r->reached)
		return NOT_REACHED;
	return strstr(r->output, o->inside) ? CONFINED : NO_SESSION;
}

static void run(const struct options *o, const struct tracing_point *point,
	struct tracing_result *ret, enum outcome *ret_outcome)
{
	int r;

	r = tracing_run(o->command, point, ret);
	if (r < 0) {
		fprintf(stderr, "faults: %s: %s\n", o->command[0], strerror(-r));
		exit(1);
	}
	*ret_outcome = judge(o, point, ret);
}

static void tell(const struct tracing_point *point, const struct tracing_result *result,
	enum outcome outcome)
{
	char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, result->call);

	printf("# %s: %s:%u:%d (%s: %s)\n", outcomes[outcome], point->task, point->call,
		point->error, name ? name : "?", strerror(point->error));
	free(name);
}

static void try_point(
	const struct options *o, const struct tracing_point *point, struct counts *counts)
{
	static struct tracing_result result;
	enum outcome outcome;

	run(o, point, &result, &outcome);
	counts->of[outcome]++;
	counts->tried++;
	if (outcome > NOT_REACHED)
		tell(point, &result, outcome);
	if (counts->tried % 100 == 0)
		printf("# %u faults\n", counts->tried);
	fflush(stdout);
}

static void try_call(const struct options *o, struct tracing_point *point, struct counts *counts)
{
	if (counts->seen++ % o->every != 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		if (!o->all && i != counts->seen / o->every % ARRAY_SIZE(errors))
			continue;
		point->error = errors[i];
		try_point(o, point, counts);
	}
}

static int counts_tell(const struct counts *counts)
{
	printf("# %u faults tried:", counts->tried);
	for (int i = 0; i < N_OUTCOMES; i++)
		printf(" %u %s%s", counts->of[i], outcomes[i], i < N_OUTCOMES - 1 ? "," : "\n");
	return counts->of[UNCONFINED] + counts->of[HUNG] + counts->of[OUTLIVED] > 0;
}

static int try_all(const struct options *o, const struct tracing_result *exercise)
{
	struct counts counts = {0};
	struct tracing_point point;

	for (size_t i = 0; i < exercise->n_tasks; i++) {
		printf("# process %s: %u calls\n", exercise->tasks[i].name,
			exercise->tasks[i].n_calls);
		memcpy(point.task, exercise->tasks[i].name, sizeof(point.task));
		for (point.call = 1; point.call <= exercise->tasks[i].n_calls; point.call++)
			try_call(o, &point, &counts);
	}
	return counts_tell(&counts);
}

static int try_one(const struct options *o)
{
	struct counts counts = {0};

	try_point(o, &o->point, &counts);
	return counts_tell(&counts);
}

static int point_parse(const char *text, struct tracing_point *ret)
{
	return sscanf(text, "%31[0-9.]:%u:%d", ret->task, &ret->call, &ret->error) == 3 ? 0 : -1;
}

static int options_parse(int argc, char **argv, struct options *o)
{
	int letter;

	o->every = 1;
	while ((letter = getopt(argc, argv, "+ane:i:o:p:")) >= 0) {
		if (letter == 'a')
			o->all = true;
		else if (letter == 'n')
			o->no_fault = true;
		else if (letter == 'e')
			o->every = (unsigned int)strtoul(optarg, NULL, 10);
		else if (letter == 'p' && point_parse(optarg, &o->point) == 0)
			continue;
		else if (letter == 'i')
			o->inside = optarg;
		else if (letter == 'o' && o->n_outside < OUTSIDE_MAX)
			o->outside[o->n_outside++] = optarg;
		else
			return -1;
	}
	o->command = argv + optind;
	return o->every > 0 && o->inside && o->n_outside > 0 && optind < argc ? 0 : -1;
}

int main(int argc, char **argv)
{
	static struct tracing_result exercise;
	const struct tracing_point nowhere = {0};
	struct options options = {0};
	enum outcome outcome;

	if (options_parse(argc, argv, &options) < 0) {
		fprintf(stderr,
			"usage: faults [-a] [-n] [-e EVERY] [-p POINT] -i INSIDE -o OUTSIDE... "
			"-- PROGRAM ARG...\n");
		return 2;
	}
	run(&options, &nowhere, &exercise, &outcome);
	if (options.no_fault) {
		printf("# %s\n%s", outcomes[outcome], exercise.output);
		return outcome == UNCONFINED ? EXIT_UNCONFINED : outcome > UNCONFINED;
	}
	if (outcome != CONFINED) {
		printf("# without a fault: %s\n%s", outcomes[outcome], exercise.output);
		return 1;
	}
	return options.point.call > 0 ? try_one(&options) : try_all(&options, &exercise);
}
