/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A process that does one thing for the monitor or the worker: scribe.h, herald.h, resolver.h,
 * sight.h. All begin alike, and none gets to its work with more than its duty names.
 */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "worker-filter.h"

struct supervisor;

/* What such a process knows. */
struct servant {
	const struct supervisor *supervisor;
	int sock; /* its end of the socket pair */
	pid_t monitor;
	void *userdata; /* its duty's */
};

/* 0 or -errno. */
typedef int servant_serve_fn(const struct servant *servant);

struct servant_duty {
	servant_serve_fn *serve;
	void *userdata;
	uint32_t capabilities; /* CAP_TO_MASK()s; any at all only in a session that root started */
	const int *fds;        /* what it keeps open besides its socket and the standard three */
	size_t n_fds;
	const char *folder; /* its working directory, or NULL: the monitor's */
	enum worker_filter filter;
};

/*
 * Starts one on its end of a socket pair, which stays the caller's. Before it serves it becomes the
 * user (an ordinary user's session is the user already) with the duty's capabilities and an empty
 * bounding set, is not dumpable, has no_new_privs, dies with the monitor, and has closed every
 * other descriptor; then it loads its filter. Whatever of this fails ends it, with the errno as its
 * exit status: nothing of it serves half prepared, and the caller sees the end of the stream.
 * Its pid or -errno.
 */
pid_t servant_fork(const struct supervisor *supervisor, const struct servant_duty *duty, int sock);

/* The same on a new socket pair; *ret_sock is our end. */
pid_t servant_start(
	const struct supervisor *supervisor, const struct servant_duty *duty, int *ret_sock);

/* Ends one that was not waited for yet. Nothing for pid 0. */
void servant_end(pid_t pid);
