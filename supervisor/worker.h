/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The unprivileged half: meets everything that comes from the session. Runs with the user's own
 * ids, CAP_SYS_PTRACE and a system-call allow list, so that acting for the user it can do no more
 * than the user could.
 */

#include "supervisor.h"

/* Where a worker is at home: N is its descriptor N, by a name that costs one look-up, not four. */
#define WORKER_FOLDER "/proc/self/fd"

/* One end each of the worker's socket pairs. */
struct worker_socks {
	int monitor; /* records one way, listeners the other */
	int scribe;  /* requests to write; the monitor starts a scribe on the first */
	int herald;  /* requests to send; likewise */
};

/* Whether it has been stopped, by a signal, and that is news. */
bool worker_is_stopped(pid_t pid);

/*
 * Ends the worker, or a servant, if it still runs, and says how it ended. One that is on its
 * way out keeps its own exit status. Nothing for pid 0; how may be NULL.
 */
void worker_reap(pid_t pid, char *how, size_t size);

/* Starts the worker. *ret has our ends. 0 or -errno. */
int worker_start(const struct supervisor *supervisor, struct worker_socks *ret, pid_t *ret_pid);
