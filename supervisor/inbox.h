/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the worker says to the monitor: records of fixed size, and nothing else. */

#include "counting.h"
#include "supervisor.h"

/*
 * Takes one and writes it to the journal. *n_listeners are those that it holds. 0, -EPROTO for what
 * is no such record, or -errno.
 */
int inbox_take(const struct supervisor *supervisor, int worker, struct counting *counting,
	size_t *n_listeners);
