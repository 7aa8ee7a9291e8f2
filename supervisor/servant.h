/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A process that does one thing for the worker, started by the monitor when the worker asks it the
 * first time: scribe.h, herald.h. Most sessions never need one.
 */

#include <sys/types.h>

struct supervisor;

/* Starts it on its end of the socket pair, which stays the caller's. Its pid or -errno. */
typedef pid_t servant_start_fn(const struct supervisor *supervisor, int sock);

struct servant {
	const char *starting; /* for the record */
	servant_start_fn *start;
	int sock; /* what it is asked, until it is there to read it; else -1 */
	pid_t pid;
};

/* The socket is readable: starts it. The worker does without one that cannot be started. */
void servant_serve(struct servant *servant, const struct supervisor *supervisor);

/* Ends it, if there is one. */
void servant_end(struct servant *servant);
