/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sandlock-admin log: the events, as they are or as they come. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "audit-hint.h"
#include "command.h"
#include "record-print.h"
#include "session.h"
#include "str.h"
#include "stream.h"
#include "subject.h"
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
	bool merge;
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
	{"merge", 'm', NULL, "other hosts' journals too", OPTION_FLAG,
		offsetof(struct log_options, merge)},
};

/* What is asked for, understood. */
struct request {
	struct stream_request stream;
	bool follow;
	bool limited; /* only the last `lines` */
	uint64_t lines;
};

struct reader {
	struct admin *admin;
	struct request request;
	struct stream *stream;
	bool any; /* something was shown */
};

static bool shows_hosts(const struct reader *reader)
{
	return !journal_is_local(&reader->request.stream.place);
}

/* Shows what is there from the next record on. 0 or -errno. */
static int show_rest(struct reader *reader)
{
	struct record record;
	int r;

	while ((r = stream_next(reader->stream, &record)) > 0) {
		reader->any = true;
		if (reader->admin->json)
			r = record_print_json(reader->admin, &record);
		else
			r = record_print_line(reader->admin, &record, shows_hosts(reader));
		record_done(&record);
		if (r < 0)
			return r;
	}
	return r;
}

static int follow(struct reader *reader)
{
	int r = 0;

	while (r >= 0 && when_now() <= reader->request.stream.until) {
		if (fflush(stdout) != 0)
			return -errno;
		r = stream_wait(reader->stream);
		if (r >= 0)
			r = show_rest(reader);
	}
	return r;
}

static int read_journal(struct reader *reader)
{
	const struct request *request = &reader->request;
	int r;

	if (request->limited)
		r = stream_start_at_last(reader->stream, request->lines);
	else
		r = stream_start(reader->stream);
	if (r >= 0)
		r = show_rest(reader);
	if (r >= 0 && request->follow)
		r = follow(reader);
	return r;
}

/* Users of other machines need not exist here. */
static bool knows_users(const struct reader *reader)
{
	return *reader->admin->root || !shows_hosts(reader);
}

/* "No events" and "there never was such a thing" are different answers. */
static void explain_nothing(struct reader *reader)
{
	const struct stream_request *wanted = &reader->request.stream;

	if (wanted->session)
		admin_fail(
			reader->admin, EXIT_MISSING, "no events of a session %s", wanted->session);
	else if (wanted->user && knows_users(reader) &&
		 !subject_is_user(reader->admin, wanted->user))
		admin_fail(reader->admin, EXIT_MISSING, "no such user: %s", wanted->user);
}

static bool parse_time(struct admin *admin, const char *name, const char *text, uint64_t *ret)
{
	if (!text || when_parse(text, when_now(), ret) == 0)
		return true;
	admin_usage(admin, "--%s does not understand \"%s\"", name, text);
	return false;
}

static bool parse_request(
	struct admin *admin, const struct log_options *wanted, struct request *ret)
{
	struct request request = {
		.stream = STREAM_REQUEST_INIT,
		.follow = wanted->follow,
	};

	request.stream.place = (struct journal_place){wanted->directory, wanted->merge};
	request.stream.denials = wanted->denials;
	request.stream.user = wanted->user;
	request.stream.session = wanted->session;

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
	if (!parse_time(admin, "since", wanted->since, &request.stream.since) ||
		!parse_time(admin, "until", wanted->until, &request.stream.until) ||
		(wanted->session && !stream_takes_session(admin, wanted->session)))
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
	journal_note_root(admin, &reader.request.stream.place);
	reader.stream = stream_open(admin, &reader.request.stream);
	if (!reader.stream)
		return admin->status;
	audit_hint(admin, reader.stream);
	r = read_journal(&reader);
	if (r < 0)
		admin_fail(admin, EXIT_BUG, "cannot read the journal: %s", strerror(-r));
	else if (!reader.any)
		explain_nothing(&reader);
	stream_free(reader.stream);
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
		"what happened. Only records that root's processes have written are believed, and\n"
		"those of the kernel's audit, which tell of files and system calls; their numbers\n"
		"begin with \"a\".",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.values_size = sizeof(struct log_options),
	.wraps = true,
	.pages = pages,
	.run = run,
};
