/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Sessions as the journal tells them: opened by one record, closed by another, and in between
 * alive as long as their supervisor is.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stream.h"

enum session_state {
	SESSION_ACTIVE,
	SESSION_OPEN,   /* on another machine: not closed, and the machine not restarted since */
	SESSION_LOST,   /* the supervisor is gone without a word */
	SESSION_FAILED, /* the supervisor ended it */
	SESSION_CLOSED,
};

/* "active", "open", "supervisor lost", "failed", "closed" */
const char *session_state_name(enum session_state state);

/* What session-open says, under the journal's field names without their prefix. */
enum session_field {
	SESSION_ID,
	SESSION_USER,
	SESSION_UID,
	SESSION_SERVICE,
	SESSION_TTY,
	SESSION_RHOST,
	SESSION_POLICIES,
	SESSION_POLICY_HASH,
	SESSION_MODE,
	SESSION_ABI,
	SESSION_SUPERVISOR_PID,
	SESSION_SUPERVISOR_START,
	SESSION_NAMESPACE,
	SESSION_FIELDS,
};

struct session {
	char *fields[SESSION_FIELDS]; /* NULL where the record has none */
	char *machine, *boot, *host;
	uint64_t opened;        /* microseconds since 1970 */
	uint64_t seconds;       /* age, or how long it lasted */
	uint64_t denied;        /* by the supervisor */
	uint64_t denied_audit;  /* by the kernel, as far as its audit tells */
	uint64_t notifications; /* of one that is closed; UINT64_MAX: its record does not say */
	bool closed, failed;
	enum session_state state;
	bool processes_known;
	uint64_t processes;
};

struct session_list {
	struct session *items; /* by time of opening, hosts apart */
	size_t n_items;
};

#define SESSION_LIST_INIT ((struct session_list){0})

/* "SESSION", "SUPERVISOR_PID" ...: without the prefix. */
const char *session_field_name(enum session_field field);

/*
 * Reads sessions, of this boot where the place is this system's own, and finds out what became of
 * each: with /proc for those of this boot of this machine; of others nothing is known there. user:
 * NULL, or only this one's. Returns admin->status; a failure has been reported.
 */
int session_list_read(struct admin *admin, const struct journal_place *place, const char *user,
	struct session_list *ret);

void session_list_done(struct session_list *list);
