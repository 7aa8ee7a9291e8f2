/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Host names, resolved again while the session runs, as often as `resolve` says. */

#include "resolver.h"

struct renewal {
	struct supervisor *supervisor;
	int worker; /* whom to tell */
	struct resolver resolver;
	time_t next; /* CLOCK_MONOTONIC, seconds; 0: never */
};

#define RENEWAL_INIT ((struct renewal){.resolver = RESOLVER_INIT})

void renewal_start(struct renewal *renewal, struct supervisor *supervisor, int worker);

/* What to poll for reading (-1: nothing), and for how long at most (-1: for ever). */
int renewal_fd(const struct renewal *renewal);
int renewal_timeout_ms(const struct renewal *renewal);

/* After a poll. 0, or -errno when the worker cannot be told. */
int renewal_serve(struct renewal *renewal, bool readable);

void renewal_stop(struct renewal *renewal);
