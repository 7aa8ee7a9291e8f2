/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sandlock-admin sessions: what is open now, from the journal and /proc. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "event.h"
#include "pager.h"
#include "session-json.h"
#include "session-list.h"
#include "session.h"
#include "span.h"
#include "str.h"
#include "subject.h"
#include "table.h"

struct sessions_options {
	bool all;
	const char *user;
	const char *directory;
	bool merge;
};

static const struct option_spec options[] = {
	{"all", 'a', NULL, "closed sessions too", OPTION_FLAG,
		offsetof(struct sessions_options, all)},
	{"user", 'u', "USER", "only this user's", OPTION_STRING,
		offsetof(struct sessions_options, user)},
	{"directory", 'D', "DIR", "read the journal files in DIR", OPTION_STRING,
		offsetof(struct sessions_options, directory)},
	{"merge", 'm', NULL, "other hosts' journals too", OPTION_FLAG,
		offsetof(struct sessions_options, merge)},
};

/* A session without a supervisor is shown as long as something of it may still run. */
static bool is_shown(const struct session *session, bool all)
{
	if (all || session->state == SESSION_ACTIVE || session->state == SESSION_OPEN)
		return true;
	return session->processes_known && session->processes > 0;
}

static void print_json(struct admin *admin, const struct session_list *list, bool all)
{
	struct json json;

	admin_json_begin(admin, &json);
	json_begin_array(&json, "sessions");
	for (size_t i = 0; i < list->n_items; i++)
		if (is_shown(&list->items[i], all))
			session_put_json(&json, &list->items[i]);
	json_end_array(&json);
	admin_json_end(admin, &json);
}

enum {
	COLUMN_HOST,
	COLUMN_ID,
	COLUMN_USER,
	COLUMN_SERVICE,
	COLUMN_FROM,
	COLUMN_POLICIES,
	COLUMN_MODE,
	COLUMN_AGE,
	COLUMN_PROCESSES,
	COLUMN_DENIED,
	COLUMN_STATE,
	COLUMNS,
};

static const struct table_column columns[COLUMNS] = {
	[COLUMN_HOST] = {"HOST", .wrap = true},
	[COLUMN_ID] = {"ID"},
	[COLUMN_USER] = {"USER", .wrap = true},
	[COLUMN_SERVICE] = {"SERVICE", .wrap = true},
	[COLUMN_FROM] = {"FROM", .wrap = true},
	[COLUMN_POLICIES] = {"POLICIES", .wrap = true},
	[COLUMN_MODE] = {"MODE"},
	[COLUMN_AGE] = {"AGE", .right = true},
	[COLUMN_PROCESSES] = {"PROCS", .right = true},
	[COLUMN_DENIED] = {"DENIED", .right = true},
	[COLUMN_STATE] = {"STATE", .wrap = true},
};

static const char *from(const struct session *session)
{
	if (session->fields[SESSION_RHOST])
		return session->fields[SESSION_RHOST];
	return session->fields[SESSION_TTY];
}

/* `first` is COLUMN_ID where all sessions are of this host. */
static int add_row(struct table *table, const struct session *session, size_t first)
{
	char id[SESSION_SHORT_TEXT], age[SPAN_TEXT_MAX], processes[24] = "-", denied[24];
	const char *const cells[COLUMNS] = {
		[COLUMN_HOST] = session->host,
		[COLUMN_ID] = id,
		[COLUMN_USER] = session->fields[SESSION_USER],
		[COLUMN_SERVICE] = session->fields[SESSION_SERVICE],
		[COLUMN_FROM] = from(session),
		[COLUMN_POLICIES] = session->fields[SESSION_POLICIES],
		[COLUMN_MODE] = session->fields[SESSION_MODE],
		[COLUMN_AGE] = span_format(session->seconds, 2, age),
		[COLUMN_PROCESSES] = processes,
		[COLUMN_DENIED] = denied,
		[COLUMN_STATE] = session_state_name(session->state),
	};

	snprintf(id, sizeof(id), "%s", session->fields[SESSION_ID]);
	if (session->processes_known)
		snprintf(processes, sizeof(processes), "%" PRIu64, session->processes);
	snprintf(denied, sizeof(denied), "%" PRIu64, session->denied + session->denied_audit);
	return table_add(table, cells + first);
}

static bool shows_hosts(const struct sessions_options *wanted)
{
	return wanted->directory || wanted->merge;
}

static int print_text(
	struct admin *admin, const struct session_list *list, const struct sessions_options *wanted)
{
	size_t first = shows_hosts(wanted) ? COLUMN_HOST : COLUMN_ID;
	struct table table = {.columns = columns + first, .n_columns = COLUMNS - first};
	int r = 0;

	for (size_t i = 0; i < list->n_items && r == 0; i++)
		if (is_shown(&list->items[i], wanted->all))
			r = add_row(&table, &list->items[i], first);
	if (r == 0 && table.n_cells == 0)
		puts("No sessions.");
	else
		admin_table(admin, &table, COLOR_STRONG, r);
	return admin->status;
}

static int run(struct admin *admin, const void *values, int argc, char **argv)
{
	const struct sessions_options *wanted = values;
	const struct journal_place place = {wanted->directory, wanted->merge};
	struct session_list list = SESSION_LIST_INIT;

	if (argc > 0)
		return admin_usage(admin, "\"%s\" is too much", argv[0]);
	journal_note_root(admin, &place);
	if (session_list_read(admin, &place, wanted->user, &list) == EXIT_YES) {
		/* Users of other machines need not exist here. */
		if (wanted->user && (*admin->root || !shows_hosts(wanted)) && list.n_items == 0 &&
			!subject_is_user(admin, wanted->user))
			admin_fail(admin, EXIT_MISSING, "no such user: %s", wanted->user);
		else if (admin->json)
			print_json(admin, &list, wanted->all);
		else
			print_text(admin, &list, wanted);
	}
	session_list_done(&list);
	return admin->status;
}

const struct command command_sessions = {
	.name = "sessions",
	.synopsis = "[OPTION...]",
	.summary = "Shows the confined sessions",
	.help = "Sessions are those that the journal has seen opened since the system started, "
		"and\n"
		"not closed. A session whose supervisor is gone is shown as \"supervisor lost\" "
		"as\n"
		"long as processes of it run. Counting processes needs root.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.values_size = sizeof(struct sessions_options),
	.wraps = true,
	.pages = pager_always,
	.run = run,
};
