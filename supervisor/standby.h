/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A servant of the worker's that the monitor starts when the worker asks it the first time:
 * scribe.h, herald.h. Most sessions never need one.
 */

#include <sys/types.h>

struct servant_duty;
struct supervisor;

struct standby {
	const char *starting; /* for the record */
	const struct servant_duty *duty;
	int sock; /* what it is asked, until it is there to read it; else -1 */
	pid_t pid;
};

/* The socket is readable: starts it. The worker does without one that cannot be started. */
void standby_serve(struct standby *standby, const struct supervisor *supervisor);

/* Ends it, if there is one. */
void standby_end(struct standby *standby);
