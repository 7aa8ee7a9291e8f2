/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One question at a time, one record an answer: a worker cannot fill the journal with them. */

#include "counting.h"

#include <errno.h>
#include <sys/socket.h>

#include "record.h"
#include "sock.h"

void counting_ask(struct counting *counting, const struct supervisor *supervisor, int worker)
{
	const struct wire_short question = {.type = WIRE_COUNT};

	if (counting->asked)
		return;
	/* A worker that cannot be asked is as good as none. */
	if (worker >= 0 &&
		sock_send(worker, &question, sizeof(question), NULL, 0, MSG_DONTWAIT) == 0)
		counting->asked = true;
	else
		record_status(supervisor, &counting->counters);
}

int counting_take(struct counting *counting, const struct supervisor *supervisor,
	const struct wire_counters *counters)
{
	uint64_t before = counting->counters.suppressed;

	if (counters->type == WIRE_COUNTED && !counting->asked)
		return -EPROTO;
	if (counters->suppressed > before)
		record_suppressed(supervisor, counters->suppressed - before);
	counting->counters = *counters;
	if (counters->type == WIRE_COUNTED) {
		counting->asked = false;
		record_status(supervisor, counters);
	}
	return 0;
}
