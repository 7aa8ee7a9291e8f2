/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Events: what the journal says of a session. One table names every event, its MESSAGE_ID and its
 * priority; both the supervisor that writes and the admin tool that reads use it.
 */

#include <stddef.h>
#include <stdint.h>

#define EVENT_IDENTIFIER   "sandlock"
#define EVENT_FIELD_PREFIX "SANDLOCK_"

/*
 * Actions of plain records: a process of the session has confined itself; what the supervisor has
 * counted so far.
 */
#define EVENT_ACTION_CONFINE "confine"
#define EVENT_ACTION_STATUS  "status"

enum event_kind {
	EVENT_SESSION_OPEN,
	EVENT_SESSION_CLOSE,
	EVENT_SESSION_REFUSED,
	EVENT_DENIED_FILESYSTEM,
	EVENT_DENIED_NETWORK,
	EVENT_DENIED_SYSCALL,
	EVENT_WOULD_DENY,
	EVENT_SUPPRESSED,
	EVENT_DEGRADED,
	EVENT_SUPERVISOR_FAILED,
	EVENT_KINDS,
};

struct event_type {
	const char *name;       /* "session-open": the SANDLOCK_EVENT field */
	const char *message_id; /* 32 hex digits */
	int priority;           /* LOG_* of syslog.h */
};

extern const struct event_type event_types[EVENT_KINDS];

/* By MESSAGE_ID or by name; NULL when unknown. */
const struct event_type *event_type_by_message_id(const char *message_id);
const struct event_type *event_type_by_name(const char *name);

/*
 * One record under construction: "KEY=value" strings in the order they were added, values escaped
 * (control characters and bad UTF-8 become \xHH). Running out of memory or slots sets `failed`;
 * the record is then still worth sending, and the caller says that it is incomplete.
 */
#define EVENT_FIELDS_MAX 40

struct event {
	enum event_kind kind;
	char *fields[EVENT_FIELDS_MAX];
	size_t n_fields;
	int failed;
};

/* Starts a record: MESSAGE_ID, PRIORITY, SYSLOG_IDENTIFIER, SYSLOG_FACILITY, SANDLOCK_EVENT. */
void event_begin(struct event *event, enum event_kind kind);

/* The same without MESSAGE_ID and SANDLOCK_EVENT, at LOG_INFO: a record that is no event. */
void event_begin_plain(struct event *event);

/* Adds SANDLOCK_<key>=<formatted, escaped>. An empty value is left out. */
void event_add(struct event *event, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The MESSAGE field, in one line. */
void event_message(struct event *event, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void event_done(struct event *event);
