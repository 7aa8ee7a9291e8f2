/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the worker says to the monitor: records of fixed size, and nothing else. */

#include "supervisor.h"

/*
 * Takes one and writes it to the journal. *counters are the worker's last; *n_listeners those that
 * it holds. 0, -EPROTO for what is no such record, or -errno.
 */
int inbox_take(const struct supervisor *supervisor, int worker, struct wire_counters *counters,
	size_t *n_listeners);
