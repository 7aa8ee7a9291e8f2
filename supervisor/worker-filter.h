/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* seccomp filters of the supervisor's own processes: allow lists, everything else kills. */

enum worker_filter {
	WORKER_FILTER_WORKER,
	WORKER_FILTER_SCRIBE,
	WORKER_FILTER_WATCHER,
	WORKER_FILTER_HERALD,
	WORKER_FILTER_NONE, /* for who is to have none; nothing to load */
};

/*
 * Loads it on the calling thread (and every later one); a process that cannot in time is killed.
 * 0 or -errno.
 */
int worker_filter_load(enum worker_filter which);
