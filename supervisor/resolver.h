/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Host names to addresses, in a process of its own: with the user's ids and no capability, because
 * what comes from a name server is hostile input, and short-lived, because a name service may hang.
 */

#include "names.h"
#include "supervisor.h"

#define RESOLVER_DEADLINE_MS 2000 /* for all names, which are asked for in parallel */

struct resolver {
	int sock; /* -1: not running */
	pid_t pid;
	struct timespec deadline; /* CLOCK_MONOTONIC */
	size_t n_answers;
	struct names *names; /* where answers go */
};

#define RESOLVER_INIT ((struct resolver){.sock = -1})

/* Starts resolving every name of the table anew; each loses its addresses. 0 or -errno. */
int resolver_start(const struct supervisor *supervisor, struct names *names, struct resolver *ret);

/*
 * Takes one answer from a readable socket. 0; RESOLVER_E_DONE when that was the last one or the
 * process is gone; -EPROTO. *ret_index is the name it was about.
 */
#define RESOLVER_E_DONE 1
int resolver_take(struct resolver *resolver);

/* Milliseconds until the deadline, 0 when it has passed. */
int resolver_left_ms(const struct resolver *resolver);

/* Ends it, whether it is done or not. Names without an answer keep no address. */
void resolver_stop(struct resolver *resolver);

/* All of it, waiting: for the opening of a session. 0 or -errno; unresolved names are no error. */
int resolver_run(const struct supervisor *supervisor, struct names *names);
