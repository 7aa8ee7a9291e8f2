/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Puts sessions together from the journal's records, oldest first. */

#include "session-list.h"

#include <errno.h>
#include <limits.h>
#include <search.h>
#include <string.h>

#include "process.h"
#include "str.h"
#include "when.h"

static const char *const field_names[SESSION_FIELDS] = {
	[SESSION_ID] = "SESSION",
	[SESSION_USER] = "USER",
	[SESSION_UID] = "UID",
	[SESSION_SERVICE] = "SERVICE",
	[SESSION_TTY] = "TTY",
	[SESSION_RHOST] = "RHOST",
	[SESSION_POLICIES] = "POLICIES",
	[SESSION_POLICY_HASH] = "POLICY_HASH",
	[SESSION_MODE] = "MODE",
	[SESSION_ABI] = "ABI",
	[SESSION_SUPERVISOR_PID] = "SUPERVISOR_PID",
	[SESSION_SUPERVISOR_START] = "SUPERVISOR_START",
	[SESSION_NAMESPACE] = "NAMESPACE",
};

const char *session_field_name(enum session_field field)
{
	return field_names[field];
}

const char *session_state_name(enum session_state state)
{
	static const char *const names[] = {
		[SESSION_ACTIVE] = "active",
		[SESSION_OPEN] = "open",
		[SESSION_LOST] = "supervisor lost",
		[SESSION_FAILED] = "failed",
		[SESSION_CLOSED] = "closed",
	};

	return names[state];
}

/* The list while it is read: found by id through a tree, kept in the order of opening. */
struct reading {
	struct session **sessions;
	size_t n_sessions;
	void *by_id;
};

static void session_done(struct session *session)
{
	for (int i = 0; i < SESSION_FIELDS; i++)
		free(session->fields[i]);
	free(session->machine);
	free(session->boot);
	free(session->host);
}

static int compare_ids(const void *a, const void *b)
{
	const struct session *x = a, *y = b;

	return strcmp(x->fields[SESSION_ID], y->fields[SESSION_ID]);
}

static int add_session(struct reading *reading, struct session *session)
{
	struct session **grown = reallocarray(
		reading->sessions, reading->n_sessions + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	reading->sessions = grown;
	if (!tsearch(session, &reading->by_id, compare_ids))
		return -ENOMEM;
	reading->sessions[reading->n_sessions++] = session;
	return 0;
}

/* One of which only the id is known yet, which is taken over. */
static int add_unopened(struct reading *reading, char *id, struct session **ret)
{
	struct session *session = calloc(1, sizeof(*session));
	int r;

	if (!session) {
		free(id);
		return -ENOMEM;
	}
	session->fields[SESSION_ID] = id;
	r = add_session(reading, session);
	if (r < 0) {
		session_done(session);
		free(session);
		return r;
	}
	*ret = session;
	return 0;
}

static void take_open(struct session *session, const struct record *record)
{
	for (int i = SESSION_ID + 1; i < SESSION_FIELDS; i++)
		session->fields[i] = record_field(record, field_names[i]);
	session->machine = journal_field(record->journal, "_MACHINE_ID");
	session->boot = journal_field(record->journal, "_BOOT_ID");
	session->host = journal_field(record->journal, "_HOSTNAME");
	session->opened = record->when;
}

/* A call that was only logged was allowed. */
static bool is_denial(const struct record *record)
{
	_cleanup_free_ char *action = record_field(record, "ACTION");

	return !action || strcmp(action, RECORD_ACTION_LOG) != 0;
}

/* Counted record by record, except where a record gives the sum. */
static void take_event(struct session *session, const struct record *record)
{
	switch (record->kind) {
	case EVENT_SESSION_CLOSE:
		session->closed = true;
		session->seconds = record_number(record, "SECONDS", 0);
		session->denied = record_number(record, "DENIED", 0);
		session->notifications = record_number(record, "NOTIFICATIONS", UINT64_MAX);
		return;
	case EVENT_SUPERVISOR_FAILED:
		session->failed = true;
		return;
	case EVENT_SUPPRESSED:
		session->denied += record_number(record, "SUPPRESSED", 0);
		return;
	case EVENT_DENIED_FILESYSTEM:
	case EVENT_DENIED_NETWORK:
	case EVENT_DENIED_SYSCALL:
		if (!record->made)
			session->denied++;
		else if (is_denial(record))
			session->denied_audit++;
		return;
	default:
		return;
	}
}

/*
 * Every record of a supervisor says whose session it is: of one that was opened before the journal
 * begins, the first that is left stands for its opening. Audit may be faster than the supervisor,
 * so a denial can come before the record that says so. A refused session never was one.
 */
static int take_record(struct reading *reading, const struct record *record)
{
	_cleanup_free_ char *id = record_field(record, "SESSION");
	const struct session key = {.fields = {[SESSION_ID] = id}};
	struct session **found = id ? tfind(&key, &reading->by_id, compare_ids) : NULL;
	struct session *session = found ? *found : NULL;
	int r = 0;

	if (!id || record->kind == EVENT_SESSION_REFUSED)
		return 0;
	if (!session)
		r = add_unopened(reading, take_ptr(id), &session);
	if (r < 0)
		return r;
	if (!record->made && !session->opened)
		take_open(session, record);
	if (record->kind != EVENT_SESSION_OPEN)
		take_event(session, record);
	return 0;
}

static int read_all(struct reading *reading, struct stream *stream)
{
	int r = stream_start(stream);
	struct record record;

	while (r >= 0 && (r = stream_next(stream, &record)) > 0) {
		r = take_record(reading, &record);
		record_done(&record);
	}
	return r;
}

static void keep_node(void *node)
{
	/* The sessions are in the array. */
}

static int load(struct stream *stream, struct session_list *ret)
{
	struct session_list list = SESSION_LIST_INIT;
	struct reading reading = {0};
	int r = read_all(&reading, stream);

	list.items = calloc(reading.n_sessions + 1, sizeof(*list.items));
	if (!list.items)
		r = -ENOMEM;
	for (size_t i = 0; i < reading.n_sessions; i++) {
		if (r < 0 || !reading.sessions[i]->opened)
			session_done(reading.sessions[i]);
		else
			list.items[list.n_items++] = *reading.sessions[i];
		free(reading.sessions[i]);
	}
	tdestroy(reading.by_id, keep_node);
	free(reading.sessions);
	if (r < 0) {
		free(list.items);
		return r;
	}
	*ret = list;
	return 0;
}

static pid_t supervisor_pid(const struct session *session)
{
	const char *text = session->fields[SESSION_SUPERVISOR_PID];
	uint64_t pid;

	if (!text || str_parse_number(text, strlen(text), INT_MAX, &pid) < 0)
		return 0;
	return (pid_t)pid;
}

static bool supervisor_lives(const struct session *session)
{
	const char *text = session->fields[SESSION_SUPERVISOR_START];
	pid_t pid = supervisor_pid(session);
	uint64_t start;

	if (pid == 0 || !text || str_parse_number(text, strlen(text), UINT64_MAX, &start) < 0)
		return false;
	return process_is(pid, start);
}

static bool same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/* Whether the same machine has opened a session in a later boot: this one cannot live any more. */
static bool superseded(const struct session_list *list, size_t index)
{
	const struct session *session = &list->items[index];

	for (size_t i = list->n_items; i-- > index + 1;)
		if (same(list->items[i].machine, session->machine))
			return !same(list->items[i].boot, session->boot);
	return false;
}

/* Where this process runs: /proc knows about these sessions. */
struct here {
	char machine[JOURNAL_ID_TEXT], boot[JOURNAL_ID_TEXT];
};

static bool is_here(const struct here *here, const struct session *session)
{
	return same(session->machine, here->machine) && same(session->boot, here->boot);
}

static enum session_state judge(
	const struct session_list *list, size_t index, const struct here *here)
{
	const struct session *session = &list->items[index];

	if (session->closed)
		return session->failed ? SESSION_FAILED : SESSION_CLOSED;
	if (!is_here(here, session))
		return superseded(list, index) ? SESSION_LOST : SESSION_OPEN;
	if (supervisor_lives(session))
		return SESSION_ACTIVE;
	return session->failed ? SESSION_FAILED : SESSION_LOST;
}

static int count_processes(struct session_list *list, const struct here *here)
{
	_cleanup_free_ struct process_query *queries = calloc(list->n_items + 1, sizeof(*queries));
	_cleanup_free_ size_t *items = calloc(list->n_items + 1, sizeof(*items));
	size_t n = 0;

	if (!queries || !items)
		return -ENOMEM;
	for (size_t i = 0; i < list->n_items; i++) {
		struct session *session = &list->items[i];
		bool active = session->state == SESSION_ACTIVE;

		/* What ended in order has left nothing behind, and is not looked for. */
		if (!is_here(here, session) || (!active && session->state != SESSION_LOST &&
						       session->state != SESSION_FAILED))
			continue;
		items[n] = i;
		queries[n++] = (struct process_query){.session = session->fields[SESSION_ID],
			.supervisor = active ? supervisor_pid(session) : 0};
	}
	process_count(queries, n);
	for (size_t i = 0; i < n; i++) {
		list->items[items[i]].processes_known = queries[i].known;
		list->items[items[i]].processes = queries[i].count;
	}
	return 0;
}

static int judge_all(struct session_list *list, uint64_t now)
{
	struct here here = {0};
	int r = journal_this_boot(here.boot);

	if (r >= 0)
		r = journal_this_machine(here.machine);
	if (r < 0)
		return r;
	for (size_t i = 0; i < list->n_items; i++) {
		struct session *session = &list->items[i];

		session->state = judge(list, i, &here);
		if (!session->closed && now > session->opened)
			session->seconds = (now - session->opened) / WHEN_SECOND;
	}
	return count_processes(list, &here);
}

int session_list_read(struct admin *admin, const struct journal_place *place, const char *user,
	struct session_list *ret)
{
	const struct stream_request request = {
		.place = *place,
		.user = user,
		.this_boot = journal_is_local(place),
		.until = UINT64_MAX,
	};
	struct stream *stream = stream_open(admin, &request);
	int r;

	if (!stream)
		return admin->status;
	r = load(stream, ret);
	if (r >= 0)
		r = judge_all(ret, when_now());
	if (r < 0)
		admin_fail(admin, EXIT_BUG, "cannot read the journal: %s", strerror(-r));
	stream_free(stream);
	return admin->status;
}

void session_list_done(struct session_list *list)
{
	for (size_t i = 0; i < list->n_items; i++)
		session_done(&list->items[i]);
	free(list->items);
	*list = SESSION_LIST_INIT;
}
