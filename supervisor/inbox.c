/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Records from the worker, which may say anything: looked at before they are believed. */

#include "inbox.h"

#include <errno.h>

#include "record.h"
#include "sock.h"

static int take_counters(const struct supervisor *supervisor, const struct wire_counters *said,
	struct counting *counting, size_t *n_listeners)
{
	if (said->type == WIRE_RELEASED) {
		if (*n_listeners == 0)
			return -EPROTO;
		*n_listeners -= 1;
	}
	return counting_take(counting, supervisor, said);
}

/* Counted here as well: a worker that is killed says no last word. */
static int take_denial(const struct supervisor *supervisor, const struct wire_denial *denial,
	struct wire_counters *counters)
{
	if (denial->type == WIRE_DENIED) {
		record_denied(supervisor, denial);
		counters->denied++;
	} else if (denial->type == WIRE_WOULD_DENY) {
		record_would_deny(supervisor, denial);
		counters->would++;
	} else {
		return -EPROTO;
	}
	return 0;
}

union worker_record {
	uint32_t type;
	struct wire_denial denial;
	struct wire_counters counters;
};

int inbox_take(const struct supervisor *supervisor, int worker, struct counting *counting,
	size_t *n_listeners)
{
	union worker_record record;
	size_t size;
	int r = sock_receive_any(worker, &record, sizeof(record), &size, NULL, 0, NULL, 0);

	if (r < 0)
		return r;
	if (size == sizeof(record.denial) && wire_denial_ok(&record.denial))
		return take_denial(supervisor, &record.denial, &counting->counters);
	if ((record.type == WIRE_RELEASED || record.type == WIRE_SUPPRESSED ||
		    record.type == WIRE_COUNTED) &&
		size == sizeof(record.counters))
		return take_counters(supervisor, &record.counters, counting, n_listeners);
	return -EPROTO;
}
