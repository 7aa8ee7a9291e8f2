/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * One login, traced with all its processes, in which one system call may be made to fail. A process
 * or thread is named by its descent: 0 is the login program, 0.2 the second that it forks. Counted
 * are the calls of the login program from the moment on that it opens the module, those of what it
 * forks up to the user's command, and all of the supervisor's.
 */

#include <stdbool.h>
#include <stddef.h>

#define TRACING_TASKS_MAX 128
#define TRACING_NAME_MAX  32

struct tracing_point {
	char task[TRACING_NAME_MAX];
	unsigned int call; /* from 1 */
	int error;         /* errno; 0: an exercise, nothing fails */
};

struct tracing_task {
	char name[TRACING_NAME_MAX];
	unsigned int n_calls;
};

struct tracing_result {
	bool reached;  /* the point's call was made, and failed */
	int call;      /* its number (asm/unistd.h) */
	bool hung;     /* the login did not end in time */
	bool outlived; /* the login ended, something of it did not */
	char output[8192];
	struct tracing_task tasks[TRACING_TASKS_MAX];
	size_t n_tasks;
};

/*
 * Runs command (a path and its arguments, NULL-terminated) to its end and that of all it started.
 * 0, or a negative errno when nothing could be run.
 */
int tracing_run(
	char *const command[], const struct tracing_point *point, struct tracing_result *ret);
