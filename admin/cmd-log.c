/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sandlock-admin log: the events, as they are or as they come. */

#include <ctype.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "command.h"
#include "journal.h"
#include "session.h"
#include "str.h"
#include "text.h"
#include "when.h"

#define FOLLOW_LINES 10 /* what -f shows of the past, as journalctl(1) */

struct log_options {
	bool follow;
	const char *lines;
	const char *since;
	const char *until;
	const char *user;
	const char *session;
	bool denials;
	const char *directory;
};

static const struct option_spec options[] = {
	{"follow", 'f', NULL, "go on with what comes", OPTION_FLAG,
		offsetof(struct log_options, follow)},
	{"lines", 'n', "N", "only the last N events", OPTION_STRING,
		offsetof(struct log_options, lines)},
	{"since", 'S', "TIME", "not before; \"2026-11-22 10:00\", today, -2h, @SECONDS",
		OPTION_STRING, offsetof(struct log_options, since)},
	{"until", 'U', "TIME", "not after", OPTION_STRING, offsetof(struct log_options, until)},
	{"user", 'u', "USER", "only this user's", OPTION_STRING,
		offsetof(struct log_options, user)},
	{"session", 's', "ID", "only this session's; 8 digits will do", OPTION_STRING,
		offsetof(struct log_options, session)},
	{"denials", 'd', NULL, "only denials", OPTION_FLAG, offsetof(struct log_options, denials)},
	{"directory", 'D', "DIR", "read the journal files in DIR", OPTION_STRING,
		offsetof(struct log_options, directory)},
};

static const enum event_kind denials[] = {
	EVENT_DENIED_FILESYSTEM,
	EVENT_DENIED_NETWORK,
	EVENT_DENIED_SYSCALL,
	EVENT_WOULD_DENY,
	EVENT_SUPPRESSED,
};

/* What is asked for, understood. */
struct request {
	const struct log_options *options;
	bool limited; /* only the last `lines` */
	uint64_t lines;
	uint64_t since; /* 0: from the beginning */
	uint64_t until; /* UINT64_MAX: no end */
};

struct reader {
	struct admin *admin;
	struct journal *journal;
	struct request request;
	bool any; /* something was shown */
};

/* Fields whose values JSON shows as numbers. */
static bool is_number(const char *name)
{
	static const char *const names[] = {"SEQ", "UID", "ABI", "ERRNO", "PID", "SUPERVISOR_PID",
		"SUPERVISOR_START", "DENIED", "NOTIFICATIONS", "SECONDS", "SUPPRESSED", "LOST"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void put_field(void *userdata, const char *name, const char *value)
{
	const char *rest = name + strlen(EVENT_FIELD_PREFIX);
	char key[64] = {0};
	uint64_t number;

	for (size_t i = 0; rest[i] && i < sizeof(key) - 1; i++)
		key[i] = (char)tolower((unsigned char)rest[i]);
	if (is_number(rest) && str_parse_number(value, strlen(value), UINT64_MAX, &number) == 0)
		json_number(userdata, key, number);
	else
		json_string(userdata, key, value);
}

static int print_json(struct reader *reader, uint64_t when)
{
	_cleanup_free_ char *host = journal_field(reader->journal, "_HOSTNAME");
	_cleanup_free_ char *message = journal_field(reader->journal, "MESSAGE");
	char time[WHEN_TEXT_MAX];
	struct json json;
	int r;

	admin_json_begin(reader->admin, &json);
	json_string(&json, "time", when_format_utc(when, time));
	json_string(&json, "host", host);
	json_string(&json, "message", message);
	r = journal_each_field(reader->journal, EVENT_FIELD_PREFIX, put_field, &json);
	admin_json_end(reader->admin, &json);
	return r;
}

static enum color color_of(struct journal *journal)
{
	_cleanup_free_ char *id = journal_field(journal, "MESSAGE_ID");
	const struct event_type *type = id ? event_type_by_message_id(id) : NULL;

	if (!type || type->priority > LOG_NOTICE)
		return COLOR_NONE;
	return type->priority <= LOG_ERR ? COLOR_ERROR : COLOR_STRONG;
}

/* "Nov 22 10:00:30 [host] 1f2e3d4c:5 message" */
static int print_text(struct reader *reader, uint64_t when)
{
	struct journal *journal = reader->journal;
	_cleanup_free_ char *host = journal_field(journal, "_HOSTNAME");
	_cleanup_free_ char *id = journal_field(journal, "SANDLOCK_SESSION");
	_cleanup_free_ char *seq = journal_field(journal, "SANDLOCK_SEQ");
	_cleanup_free_ char *message = journal_field(journal, "MESSAGE");
	enum color color = color_of(journal);
	char time[WHEN_TEXT_MAX];

	text_printf("%s ", when_format(when, time));
	if (reader->request.options->directory)
		text_printf("%s ", host ? host : "-");
	text_printf("%.*s:%s ", SESSION_SHORT_TEXT - 1, id ? id : "-", seq ? seq : "-");
	fputs(color == COLOR_NONE ? "" : admin_color(reader->admin, color), stdout);
	text_printf("%s", message ? message : "-");
	fputs(color == COLOR_NONE ? "" : admin_color(reader->admin, COLOR_NONE), stdout);
	putchar('\n');
	return 0;
}

/* An id may be shortened; everything else was left to the journal's own matches. */
static bool is_wanted(struct reader *reader)
{
	const char *session = reader->request.options->session;
	_cleanup_free_ char *id = NULL;

	if (!session)
		return true;
	id = journal_field(reader->journal, "SANDLOCK_SESSION");
	return id && strncmp(id, session, strlen(session)) == 0;
}

/* Shows the current record. 1, 0 when the end that was asked for is reached, -errno. */
static int show(struct reader *reader)
{
	uint64_t when;
	int r = journal_time(reader->journal, &when);

	if (r < 0)
		return r;
	if (when > reader->request.until)
		return 0;
	/* A seek behind the last record ends up on it, sd_journal_seek_realtime_usec(3). */
	if (when < reader->request.since || !is_wanted(reader))
		return 1;
	reader->any = true;
	r = reader->admin->json ? print_json(reader, when) : print_text(reader, when);
	return r < 0 ? r : 1;
}

/* Shows what is there from the next record on. Same returns. */
static int show_rest(struct reader *reader)
{
	int r;

	while ((r = journal_next(reader->journal)) > 0) {
		r = show(reader);
		if (r <= 0)
			return r;
	}
	return r < 0 ? r : 1;
}

/*
 * Goes back from the end over `lines` wanted records, so that the next one is the first to show.
 * 0 or -errno.
 */
static int go_back(struct reader *reader)
{
	const struct request *request = &reader->request;
	uint64_t when, left = request->lines;
	int r;

	if (request->until == UINT64_MAX)
		r = journal_seek_end(reader->journal);
	else
		r = journal_seek_time(reader->journal, request->until + 1);
	while (r >= 0 && (r = journal_previous(reader->journal)) > 0) {
		r = journal_time(reader->journal, &when);
		if (r < 0 || when < request->since)
			return r < 0 ? r : 0;
		/* One further back than wanted, because journal_next() comes first. */
		if (is_wanted(reader) && left-- == 0)
			return 0;
	}
	return r < 0 ? r : journal_seek_start(reader->journal);
}

static int go_to_start(struct reader *reader)
{
	const struct request *request = &reader->request;

	if (request->limited)
		return go_back(reader);
	if (request->since)
		return journal_seek_time(reader->journal, request->since);
	return journal_seek_start(reader->journal);
}

static int follow(struct reader *reader)
{
	int r = 1;

	while (r > 0) {
		if (fflush(stdout) != 0)
			return -errno;
		r = journal_wait(reader->journal);
		if (r < 0)
			return r;
		r = show_rest(reader);
	}
	return r;
}

static int match(struct reader *reader)
{
	const struct log_options *wanted = reader->request.options;
	int r = 0;

	for (size_t i = 0; wanted->denials && i < ARRAY_SIZE(denials) && r >= 0; i++)
		r = journal_match_kind(reader->journal, denials[i]);
	if (r >= 0 && wanted->user)
		r = journal_match_user(reader->journal, wanted->user);
	return r;
}

static int read_journal(struct reader *reader)
{
	int r = match(reader);

	if (r >= 0)
		r = go_to_start(reader);
	if (r >= 0)
		r = show_rest(reader);
	if (r > 0 && reader->request.options->follow)
		r = follow(reader);
	return r;
}

/* "No events" and "there never was such a thing" are different answers. */
static void explain_nothing(struct reader *reader)
{
	const struct log_options *wanted = reader->request.options;

	if (wanted->session)
		admin_fail(
			reader->admin, EXIT_MISSING, "no events of a session %s", wanted->session);
	else if (wanted->user && !wanted->directory && !getpwnam(wanted->user))
		admin_fail(reader->admin, EXIT_MISSING, "no such user: %s", wanted->user);
}

static bool parse_time(struct admin *admin, const char *name, const char *text, uint64_t *ret)
{
	if (!text || when_parse(text, when_now(), ret) == 0)
		return true;
	admin_usage(admin, "--%s does not understand \"%s\"", name, text);
	return false;
}

static bool parse_session(struct admin *admin, const char *id)
{
	if (!id || (*id && strspn(id, "0123456789abcdef") == strlen(id)))
		return true;
	admin_usage(admin, "\"%s\" is no session id: hex digits", id);
	return false;
}

static bool parse_request(
	struct admin *admin, const struct log_options *wanted, struct request *ret)
{
	struct request request = {.options = wanted, .until = UINT64_MAX};

	if (wanted->lines) {
		request.limited = true;
		if (str_parse_number(
			    wanted->lines, strlen(wanted->lines), UINT32_MAX, &request.lines) < 0) {
			admin_usage(admin, "--lines wants a number, not \"%s\"", wanted->lines);
			return false;
		}
	} else if (wanted->follow && !wanted->since) {
		request.limited = true;
		request.lines = FOLLOW_LINES;
	}
	if (!parse_time(admin, "since", wanted->since, &request.since) ||
		!parse_time(admin, "until", wanted->until, &request.until) ||
		!parse_session(admin, wanted->session))
		return false;
	*ret = request;
	return true;
}

static int run(struct admin *admin, const void *values, int argc, char **argv)
{
	struct reader reader = {.admin = admin};
	int r;

	if (argc > 0)
		return admin_usage(admin, "\"%s\" is too much", argv[0]);
	if (!parse_request(admin, values, &reader.request))
		return admin->status;
	reader.journal = journal_open(admin, reader.request.options->directory);
	if (!reader.journal)
		return admin->status;
	r = read_journal(&reader);
	if (r < 0)
		admin_fail(admin, EXIT_BUG, "cannot read the journal: %s", strerror(-r));
	else if (!reader.any)
		explain_nothing(&reader);
	journal_free(reader.journal);
	return admin->status;
}

static bool pages(const void *values)
{
	const struct log_options *wanted = values;

	return !wanted->follow;
}

const struct command command_log = {
	.name = "log",
	.synopsis = "[OPTION...]",
	.summary = "Shows the events of confined sessions",
	.help = "Each line has the time, the session's id with the number of the event in it, and\n"
		"what happened. Only records that root's processes have written are believed.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.values_size = sizeof(struct log_options),
	.pages = pages,
	.run = run,
};
