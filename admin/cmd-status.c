/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sandlock-admin status: all there is to say about one session. */

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "audit-hint.h"
#include "cleanup.h"
#include "command.h"
#include "mark.h"
#include "members.h"
#include "process.h"
#include "record-print.h"
#include "session-json.h"
#include "session-list.h"
#include "session.h"
#include "span.h"
#include "str.h"
#include "text.h"
#include "when.h"

#define LAST_DENIALS 10

/* The answer of a supervisor comes through the journal. */
#define ANSWER_PATIENCE (2 * WHEN_SECOND)

struct status_options {
	const char *directory;
	bool merge;
};

static const struct option_spec options[] = {
	{"directory", 'D', "DIR", "read the journal files in DIR", OPTION_STRING,
		offsetof(struct status_options, directory)},
	{"merge", 'm', NULL, "other hosts' journals too", OPTION_FLAG,
		offsetof(struct status_options, merge)},
};

struct status {
	struct admin *admin;
	struct journal_place place;
	const struct session *session;
	uint64_t notifications, suppressed; /* UINT64_MAX: not known */
	struct members members;
};

/* Asking the supervisor */

static uint64_t number(const struct session *session, enum session_field field)
{
	const char *text = session->fields[field];
	uint64_t value;

	if (!text || str_parse_number(text, strlen(text), UINT64_MAX, &value) < 0)
		return 0;
	return value;
}

/* The pidfd first, then the look at who it is: a pid may be somebody else's by now. */
static int ask_supervisor(const struct session *session)
{
	uint64_t pid = number(session, SESSION_SUPERVISOR_PID);
	_cleanup_close_ int pidfd = -1;

	if (pid == 0 || pid > INT_MAX)
		return -ESRCH;
	pidfd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
	if (pidfd < 0 || !process_is((pid_t)pid, number(session, SESSION_SUPERVISOR_START)))
		return -ESRCH;
	return syscall(SYS_pidfd_send_signal, pidfd, MARK_SIGNAL_STATUS, NULL, 0) < 0 ? -errno : 0;
}

/* 1 when it is there, 0 not yet, -errno. */
static int read_answer(struct status *status, struct journal *journal, uint64_t since)
{
	int r = journal_seek_time(journal, since);

	while (r >= 0 && (r = journal_next(journal)) > 0) {
		uint64_t when;

		r = journal_time(journal, &when);
		if (r < 0 || when < since ||
			journal_number(journal, "SANDLOCK_SUPPRESSED", UINT64_MAX) == UINT64_MAX)
			continue;
		status->notifications = journal_number(journal, "SANDLOCK_NOTIFICATIONS", 0);
		status->suppressed = journal_number(journal, "SANDLOCK_SUPPRESSED", 0);
		return 1;
	}
	return r;
}

static int await_answer(struct status *status, struct journal *journal, uint64_t since)
{
	uint64_t end = when_now() + ANSWER_PATIENCE, now;
	int r;

	while ((r = read_answer(status, journal, since)) == 0 && (now = when_now()) < end) {
		r = journal_wait(journal, end - now);
		if (r < 0)
			return r;
	}
	return r;
}

/* Whoever may not ask has what the journal says. */
static int count(struct status *status)
{
	const struct journal_match match = {
		.kinds = 1U << EVENT_SESSION_CLOSE,
		.id = status->session->fields[SESSION_ID],
		.action = EVENT_ACTION_STATUS,
	};
	struct journal *journal;
	uint64_t now = when_now();
	int r;

	if (status->session->state != SESSION_ACTIVE || geteuid() != 0)
		return 0;
	journal = journal_open(status->admin, &status->place);
	if (!journal)
		return 0;
	r = journal_match(journal, &match);
	/* A journal counts as waited for from its first read on. */
	if (r >= 0)
		r = read_answer(status, journal, now);
	if (r >= 0 && ask_supervisor(status->session) == 0)
		r = await_answer(status, journal, now);
	journal_free(journal);
	return r < 0 ? r : 0;
}

/* Telling */

static void print_field(const char *name, const char *value)
{
	if (value)
		text_printf("%12s: %s", name, value);
	if (value)
		putchar('\n');
}

static void print_time(const struct session *session)
{
	char opened[WHEN_TEXT_MAX], age[SPAN_TEXT_MAX];

	printf("%12s: %s, %s%s\n", "opened", when_format(session->opened, opened),
		span_format(session->seconds, 2, age), session->closed ? " long" : " ago");
}

static void print_counters(const struct status *status)
{
	const struct session *session = status->session;

	printf("%12s: %" PRIu64 " by the supervisor, %" PRIu64 " by the kernel\n", "denied",
		session->denied, session->denied_audit);
	if (status->notifications == UINT64_MAX)
		return;
	printf("%12s: %" PRIu64 " calls", "decided on", status->notifications);
	if (status->suppressed != UINT64_MAX)
		printf("; %" PRIu64 " denials not recorded one by one", status->suppressed);
	putchar('\n');
}

static void print_members(const struct members *members)
{
	if (!members->known)
		return;
	printf("%12s: %zu\n", "processes", members->n_items);
	for (size_t i = 0; i < members->n_items; i++) {
		const struct member *member = &members->items[i];

		text_printf("%14s%*s%d %s", "", (int)(2 * member->depth), "", (int)member->pid,
			member->name);
		putchar('\n');
	}
}

static void print_session(const struct status *status)
{
	const struct session *session = status->session;
	char *const *fields = session->fields;

	print_field("session", fields[SESSION_ID]);
	if (!journal_is_local(&status->place))
		print_field("host", session->host);
	print_field("state", session_state_name(session->state));
	print_field("user", fields[SESSION_USER]);
	print_field("service", fields[SESSION_SERVICE]);
	print_field("from", fields[SESSION_RHOST]);
	print_field("terminal", fields[SESSION_TTY]);
	print_field("policies", fields[SESSION_POLICIES]);
	print_field("policy hash", fields[SESSION_POLICY_HASH]);
	print_field("mode", fields[SESSION_MODE]);
	print_field("ABI", fields[SESSION_ABI]);
	print_time(session);
	print_counters(status);
	print_members(&status->members);
}

static void put_members(struct json *json, const struct members *members)
{
	json_begin_array(json, "processes");
	for (size_t i = 0; i < members->n_items; i++) {
		json_begin_object(json, NULL);
		json_number(json, "pid", (uint64_t)members->items[i].pid);
		json_number(json, "parent", (uint64_t)members->items[i].parent);
		json_number(json, "depth", members->items[i].depth);
		json_string(json, "name", members->items[i].name);
		json_end_object(json);
	}
	json_end_array(json);
}

static void put_counter(struct json *json, const char *key, uint64_t value)
{
	if (value != UINT64_MAX)
		json_number(json, key, value);
	else
		json_null(json, key);
}

static void put_counters(struct json *json, const struct status *status)
{
	json_begin_object(json, "counters");
	json_number(json, "denied_supervisor", status->session->denied);
	json_number(json, "denied_kernel", status->session->denied_audit);
	put_counter(json, "notifications", status->notifications);
	put_counter(json, "suppressed", status->suppressed);
	json_end_object(json);
}

static int show_denials(const struct status *status, struct json *json)
{
	const struct stream_request request = {
		.place = status->place,
		.denials = true,
		.session = status->session->fields[SESSION_ID],
		.until = UINT64_MAX,
	};
	struct stream *stream = stream_open(status->admin, &request);
	const char *title = "\nLast denials:\n";
	struct record record;
	int r;

	if (!stream)
		return 0;
	r = stream_start_at_last(stream, LAST_DENIALS);
	while (r >= 0 && (r = stream_next(stream, &record)) > 0) {
		if (!json)
			fputs(title, stdout);
		title = "";
		r = json ? record_put_json(json, &record)
			 : record_print_line(status->admin, &record, false);
		record_done(&record);
	}
	if (status->session->state == SESSION_ACTIVE)
		audit_hint(status->admin, stream);
	stream_free(stream);
	return r;
}

static int show(struct status *status)
{
	struct json json;
	int r;

	if (!status->admin->json) {
		print_session(status);
		return show_denials(status, NULL);
	}
	admin_json_begin(status->admin, &json);
	json_begin_array(&json, "sessions");
	session_put_json(&json, status->session);
	json_end_array(&json);
	put_counters(&json, status);
	put_members(&json, &status->members);
	json_begin_array(&json, "denials");
	r = show_denials(status, &json);
	json_end_array(&json);
	admin_json_end(status->admin, &json);
	return r;
}

static const struct session *find(
	struct admin *admin, const struct session_list *list, const char *id)
{
	const struct session *found = NULL;

	for (size_t i = 0; i < list->n_items; i++) {
		if (strncmp(list->items[i].fields[SESSION_ID], id, strlen(id)) != 0)
			continue;
		if (found) {
			admin_usage(admin, "%s is the beginning of several sessions", id);
			return NULL;
		}
		found = &list->items[i];
	}
	return found;
}

/* A login that was refused has an id and no session. */
static void report_missing(struct admin *admin, const struct journal_place *place, const char *id)
{
	if (stream_has_session(admin, place, id))
		admin_fail(admin, EXIT_MISSING,
			"no session %s was opened; \"sandlock-admin log --session %s\" says why",
			id, id);
	else
		admin_fail(admin, EXIT_MISSING, "no session %s", id);
}

static void tell(struct status *status)
{
	int r = count(status);

	if (status->session->closed)
		status->notifications = status->session->notifications;
	if (r == 0)
		r = members_find(status->session, &status->members);
	if (r == 0)
		r = show(status);
	if (r < 0)
		admin_fail(status->admin, EXIT_BUG, "%s", strerror(-r));
	members_done(&status->members);
}

static int run(struct admin *admin, const void *values, int argc, char **argv)
{
	const struct status_options *wanted = values;
	struct status status = {
		.admin = admin,
		.place = {wanted->directory, wanted->merge},
		.notifications = UINT64_MAX,
		.suppressed = UINT64_MAX,
	};
	struct session_list list = SESSION_LIST_INIT;

	if (argc != 1)
		return admin_usage(admin, "one session");
	if (!stream_takes_session(admin, argv[0]))
		return admin->status;
	journal_note_root(admin, &status.place);
	if (session_list_read(admin, &status.place, NULL, &list) == EXIT_YES)
		status.session = find(admin, &list, argv[0]);
	if (!status.session && admin->status == EXIT_YES)
		report_missing(admin, &status.place, argv[0]);
	if (status.session)
		tell(&status);
	session_list_done(&list);
	return admin->status;
}

const struct command command_status = {
	.name = "status",
	.synopsis = "[OPTION...] ID",
	.summary = "Shows one confined session",
	.help = "Its policies, what its supervisor has counted, its processes and its last "
		"denials.\n"
		"Asking the supervisor, and seeing the processes, needs root.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.values_size = sizeof(struct status_options),
	.wraps = true,
	.run = run,
};
