/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One session as the supervisor knows it: made by the handshake, const for monitor and worker. */

#include <stdbool.h>
#include <time.h>

#include "filter.h"
#include "lookout.h"
#include "names.h"
#include "policy.h"
#include "session.h"
#include "wire.h"

/* Something the administrator should read about this session; becomes a `degraded` event. */
struct note {
	char *rule;   /* rule id, or NULL */
	char *object; /* key or path */
	char *text;
};

struct supervisor {
	int channel;     /* to the login program */
	bool privileged; /* false: started by an ordinary user, for a session of their own */
	int mark;        /* the session's UTS namespace; -errno where there is none */
	int keeper;      /* pidfd of the monitor's keeper, -1 without one */
	pid_t monitor;   /* in the keeper: who is kept; else 0 */
	struct wire_hello hello;
	char id[SESSION_ID_TEXT];
	struct identity identity;
	unsigned lookup_seconds; /* the most that the name service may take */
	struct policy_set *set;
	struct names
		names; /* of the set; resolved when the session opens, and again by the monitor */
	struct filter_spec filter;
	unsigned abi;            /* of Landlock */
	struct timespec started; /* CLOCK_MONOTONIC */
	struct lookout lookout;
	struct note *notes;
	size_t n_notes;
};
