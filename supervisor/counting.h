/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the worker has counted, as far as the monitor knows, and asking for it. */

#include <stdbool.h>

#include "supervisor.h"

struct counting {
	struct wire_counters counters;
	bool asked; /* the worker owes an answer */
};

/* Has the counters recorded: once the worker has said them, or as they are where there is none. */
void counting_ask(struct counting *counting, const struct supervisor *supervisor, int worker);

/* Counters from the worker, of any kind. 0, or -EPROTO for an answer that nobody asked for. */
int counting_take(struct counting *counting, const struct supervisor *supervisor,
	const struct wire_counters *counters);
