/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What /proc says of sessions' processes. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Start time of a process in clock ticks since boot, 0 when there is none. */
uint64_t process_start(pid_t pid);

/* Whether the process that started then still runs; a zombie does not. */
bool process_is(pid_t pid, uint64_t start);

/* The process that has this one as its child, 0 when there is none. */
pid_t process_parent(pid_t pid);

/* Whether a process was started with this session's id in its environment, and has this user id. */
bool process_is_of(pid_t pid, const char *session, uid_t uid);

/* Calls `each` for every process until one says true: whether one did. */
typedef bool process_each_fn(pid_t pid, void *userdata);
bool process_each(process_each_fn *each, void *userdata);

/*
 * How to find the processes of one session. While its supervisor lives: by the UTS namespace that
 * both share (the supervisor and its worker are not counted). After that: by SANDLOCK_SESSION in
 * the environment they were started with, which a process may have removed: a lower bound.
 */
struct process_query {
	const char *session; /* id in hex */
	pid_t supervisor;    /* 0: gone */
	bool known;          /* out: `count` was found out */
	size_t count;        /* out */
};

/*
 * Answers all queries with one walk over /proc. Not known: no permission (others' namespaces and
 * environments are root's business), or a supervisor without a namespace of its own.
 */
void process_count(struct process_query *queries, size_t n_queries);
