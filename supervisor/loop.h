/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The worker's loop: from a listener's notification to its answer. */

#include "supervisor.h"

struct job;

/* Serves until the monitor closes its end. -errno. */
int loop_run(const struct supervisor *supervisor, int monitor, int scribe);

/*
 * Called by an act that is about to block, once per job: from here on another thread leads.
 * 0, or -EAGAIN when too many acts are in flight already; then the act must not be done.
 */
int loop_take_off(struct job *job);

/* The socket by which results get into a target's memory, see scribe.h. */
int loop_scribe(const struct job *job);
