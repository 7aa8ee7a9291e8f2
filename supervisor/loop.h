/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The worker's loop: from a listener's notification to its answer. */

#include "supervisor.h"
#include "verdict.h"

struct herald;
struct job;

/* What a loop is run with, and how it ends. */
struct loop_setup {
	const struct supervisor *supervisor;
	int monitor, scribe, herald; /* sockets */
	/*
	 * Called once nothing can be served any more: the monitor has closed its end (-ECONNRESET),
	 * or something broke. On whichever thread; does not return.
	 */
	void (*end)(const struct supervisor *supervisor, int error);
};

/* Serves. Returns only when it could not begin: -errno. */
int loop_run(const struct loop_setup *setup);

/*
 * Called by an act that is about to block, once per job: from here on another thread leads.
 * 0, or -EAGAIN when too many acts are in flight already; then the act must not be done.
 */
int loop_take_off(struct job *job);

/*
 * connect(2) without a flight, see parking.h: a positive errno, 0, or PARKING_KEPT: to be answered
 * later. EAGAIN where that is not possible, as connect(2) says without local ports.
 */
int loop_park(struct job *job, int sock, const void *address, size_t length);

/* verdict_connect() with what the set's host names resolve to at the moment. */
struct verdict loop_decide(
	const struct job *job, enum endpoint_protocol protocol, const struct net_address *address);

/* The socket by which results get into a target's memory, see scribe.h. */
int loop_scribe(const struct job *job);

/* Who sends in the target's name, see herald.h. */
struct herald *loop_herald(const struct job *job);
