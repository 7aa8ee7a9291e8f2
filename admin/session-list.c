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

static uint64_t number_field(struct journal *journal, const char *name)
{
	_cleanup_free_ char *text = journal_field(journal, name);
	uint64_t number = 0;

	if (text && str_parse_number(text, strlen(text), UINT64_MAX, &number) < 0)
		return 0;
	return number;
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

/* `id` is taken over. */
static int take_open(struct reading *reading, struct journal *journal, char *id)
{
	struct session *session = calloc(1, sizeof(*session));
	int r;

	if (!session) {
		free(id);
		return -ENOMEM;
	}
	session->fields[SESSION_ID] = id;
	for (int i = SESSION_ID + 1; i < SESSION_FIELDS; i++) {
		char name[64] = EVENT_FIELD_PREFIX;

		strcat(name, field_names[i]);
		session->fields[i] = journal_field(journal, name);
	}
	session->machine = journal_field(journal, "_MACHINE_ID");
	session->boot = journal_field(journal, "_BOOT_ID");
	session->host = journal_field(journal, "_HOSTNAME");
	r = journal_time(journal, &session->opened);
	if (r >= 0)
		r = add_session(reading, session);
	if (r < 0) {
		session_done(session);
		free(session);
	}
	return r;
}

/* Counted record by record, except where a record gives the sum. */
static void take_event(struct session *session, struct journal *journal, enum event_kind kind)
{
	switch (kind) {
	case EVENT_SESSION_CLOSE:
		session->closed = true;
		session->seconds = number_field(journal, "SANDLOCK_SECONDS");
		session->denied = number_field(journal, "SANDLOCK_DENIED");
		return;
	case EVENT_SUPERVISOR_FAILED:
		session->failed = true;
		return;
	case EVENT_SUPPRESSED:
		session->denied += number_field(journal, "SANDLOCK_SUPPRESSED");
		return;
	case EVENT_DENIED_FILESYSTEM:
	case EVENT_DENIED_NETWORK:
	case EVENT_DENIED_SYSCALL:
		session->denied++;
		return;
	default:
		return;
	}
}

static int take_record(struct reading *reading, struct journal *journal)
{
	_cleanup_free_ char *message_id = journal_field(journal, "MESSAGE_ID");
	_cleanup_free_ char *id = journal_field(journal, "SANDLOCK_SESSION");
	const struct event_type *type = message_id ? event_type_by_message_id(message_id) : NULL;
	struct session key = {0};
	struct session **found;

	if (!type || !id)
		return 0;
	key.fields[SESSION_ID] = id;
	found = tfind(&key, &reading->by_id, compare_ids);
	if (found)
		take_event(*found, journal, (enum event_kind)(type - event_types));
	else if (type == &event_types[EVENT_SESSION_OPEN])
		return take_open(reading, journal, take_ptr(id));
	return 0;
}

static int read_all(struct reading *reading, struct journal *journal)
{
	int r = journal_seek_start(journal);

	if (r < 0)
		return r;
	while ((r = journal_next(journal)) > 0) {
		r = take_record(reading, journal);
		if (r < 0)
			return r;
	}
	return r;
}

static void keep_node(void *node)
{
	/* The sessions are in the array. */
}

int session_list_load(struct journal *journal, struct session_list *ret)
{
	struct session_list list = SESSION_LIST_INIT;
	struct reading reading = {0};
	int r = read_all(&reading, journal);

	list.items = calloc(reading.n_sessions + 1, sizeof(*list.items));
	if (!list.items)
		r = -ENOMEM;
	for (size_t i = 0; i < reading.n_sessions; i++) {
		if (r < 0)
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

static enum session_state judge(const struct session_list *list, size_t index, bool local)
{
	const struct session *session = &list->items[index];

	if (session->closed)
		return session->failed ? SESSION_FAILED : SESSION_CLOSED;
	if (!local)
		return superseded(list, index) ? SESSION_LOST : SESSION_OPEN;
	if (supervisor_lives(session))
		return SESSION_ACTIVE;
	return session->failed ? SESSION_FAILED : SESSION_LOST;
}

static int count_processes(struct session_list *list)
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
		if (!active && session->state != SESSION_LOST && session->state != SESSION_FAILED)
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

int session_list_judge(struct session_list *list, bool local, uint64_t now)
{
	for (size_t i = 0; i < list->n_items; i++) {
		struct session *session = &list->items[i];

		session->state = judge(list, i, local);
		if (!session->closed && now > session->opened)
			session->seconds = (now - session->opened) / WHEN_SECOND;
	}
	return local ? count_processes(list) : 0;
}

void session_list_done(struct session_list *list)
{
	for (size_t i = 0; i < list->n_items; i++)
		session_done(&list->items[i]);
	free(list->items);
	*list = SESSION_LIST_INIT;
}
