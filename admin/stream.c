/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads records of both kinds and leaves out those that are not wanted. */

#include "stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "audit-text.h"
#include "cleanup.h"
#include "kernel-record.h"
#include "session.h"

#define DENIALS                                                                                    \
	(1U << EVENT_DENIED_FILESYSTEM | 1U << EVENT_DENIED_NETWORK | 1U << EVENT_DENIED_SYSCALL | \
		1U << EVENT_WOULD_DENY | 1U << EVENT_SUPPRESSED)

struct stream {
	const struct stream_request *request;
	struct journal *journal;
	struct kernel_records kernel;
	char boot[JOURNAL_ID_TEXT];
};

static int match(struct stream *stream)
{
	const struct stream_request *request = stream->request;
	const char *id = request->session;
	struct journal_match wanted = {
		.kinds = request->denials ? DENIALS : 0,
		.user = request->user,
		.audit = {AUDIT_TYPE_LANDLOCK_ACCESS, AUDIT_TYPE_SECCOMP},
	};
	int r = 0;

	if (id && strlen(id) == SESSION_ID_TEXT - 1)
		wanted.id = id;
	if (request->this_boot)
		r = journal_this_boot(stream->boot);
	if (r == 0 && request->this_boot)
		wanted.boot = stream->boot;
	return r < 0 ? r : journal_match(stream->journal, &wanted);
}

static bool open_journals(struct admin *admin, struct stream *stream)
{
	const struct journal_place *place = &stream->request->place;

	stream->journal = journal_open(admin, place);
	if (stream->journal)
		stream->kernel.calls = journal_open(admin, place);
	if (stream->kernel.calls)
		stream->kernel.owners = owners_new(admin, place);
	return stream->kernel.owners;
}

bool stream_takes_session(struct admin *admin, const char *id)
{
	if (*id && strspn(id, "0123456789abcdef") == strlen(id))
		return true;
	admin_usage(admin, "\"%s\" is no session id: hex digits", id);
	return false;
}

struct stream *stream_open(struct admin *admin, const struct stream_request *request)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	int r;

	if (!stream) {
		admin_out_of_memory(admin);
		return NULL;
	}
	stream->request = request;
	if (!open_journals(admin, stream))
		return stream_free(stream);
	r = match(stream);
	if (r < 0) {
		admin_fail(admin, EXIT_BUG, "cannot read the journal: %s", strerror(-r));
		return stream_free(stream);
	}
	return stream;
}

struct stream *stream_free(struct stream *stream)
{
	if (!stream)
		return NULL;
	owners_free(stream->kernel.owners);
	journal_free(stream->kernel.calls);
	journal_free(stream->journal);
	free(stream);
	return NULL;
}

/* The journal's matches could not say it all. */
static bool is_wanted(const struct stream *stream, const struct record *record)
{
	const struct stream_request *request = stream->request;
	_cleanup_free_ char *id = NULL;
	_cleanup_free_ char *user = NULL;

	if (request->session) {
		id = record_field(record, "SESSION");
		if (!id || strncmp(id, request->session, strlen(request->session)) != 0)
			return false;
	}
	if (request->user && record->made) {
		user = record_field(record, "USER");
		return user && strcmp(user, request->user) == 0;
	}
	return true;
}

/* The current record: 1, 0 where it is not wanted, -errno. */
static int take(struct stream *stream, struct record *ret)
{
	int r;

	if (journal_number(stream->journal, "_AUDIT_TYPE", 0) != 0)
		r = kernel_record_make(&stream->kernel, stream->journal, ret);
	else
		r = record_take(stream->journal, ret);
	if (r != 0)
		return r < 0 ? r : 0;
	if (is_wanted(stream, ret))
		return 1;
	record_done(ret);
	return 0;
}

int stream_next(struct stream *stream, struct record *ret)
{
	uint64_t when;
	int r;

	while ((r = journal_next(stream->journal)) > 0) {
		r = journal_time(stream->journal, &when);
		if (r < 0 || when > stream->request->until)
			return r < 0 ? r : 0;
		/* A seek behind the last record ends up on it, sd_journal_seek_realtime_usec(3). */
		if (when < stream->request->since)
			continue;
		r = take(stream, ret);
		if (r != 0)
			return r;
	}
	return r;
}

int stream_start(struct stream *stream)
{
	if (stream->request->since)
		return journal_seek_time(stream->journal, stream->request->since);
	return journal_seek_start(stream->journal);
}

/* To where going back finds the last one first. */
static int seek_behind(struct stream *stream)
{
	if (stream->request->until == UINT64_MAX)
		return journal_seek_end(stream->journal);
	return journal_seek_time(stream->journal, stream->request->until + 1);
}

/* One back, wanted or not: 1, 0 where there is none or it is too old, -errno. */
static int step_back(struct stream *stream)
{
	int r = journal_previous(stream->journal);
	uint64_t when;

	if (r <= 0)
		return r;
	r = journal_time(stream->journal, &when);
	return r < 0 ? r : when >= stream->request->since;
}

/* Goes back from the end; one further than wanted, because journal_next() comes first. */
int stream_start_at_last(struct stream *stream, uint64_t n)
{
	struct record record;
	int r = seek_behind(stream);

	while (r >= 0 && (r = step_back(stream)) > 0) {
		/* Nothing is left to count: wanted or not, this one is not to be shown. */
		if (n == 0)
			return 0;
		r = take(stream, &record);
		if (r > 0) {
			record_done(&record);
			n--;
		}
	}
	return r < 0 ? r : stream_start(stream);
}

int stream_find(struct stream *stream, const char *name, struct record *ret)
{
	char buffer[RECORD_NUMBER_TEXT];
	int r = stream_start(stream);

	while (r >= 0 && (r = stream_next(stream, ret)) > 0) {
		if (strcmp(record_name(ret, buffer), name) == 0)
			return r;
		record_done(ret);
	}
	return r;
}

int stream_find_last(struct stream *stream, struct record *ret)
{
	int r = seek_behind(stream);

	while (r >= 0 && (r = step_back(stream)) > 0) {
		r = take(stream, ret);
		/* Of what was suppressed nothing is known but the number. */
		if (r > 0 && ret->kind != EVENT_SUPPRESSED)
			return r;
		if (r > 0)
			record_done(ret);
	}
	return r;
}

bool stream_has_session(struct admin *admin, const struct journal_place *place, const char *id)
{
	const struct stream_request request = {.place = *place, .session = id, .until = UINT64_MAX};
	struct stream *stream = stream_open(admin, &request);
	struct record record;
	int r = stream ? stream_start(stream) : -ENOMEM;

	if (r >= 0)
		r = stream_next(stream, &record);
	if (r > 0)
		record_done(&record);
	stream_free(stream);
	return r > 0;
}

int stream_wait(struct stream *stream)
{
	return journal_wait(stream->journal, JOURNAL_FOREVER);
}

bool stream_is_local(const struct stream *stream)
{
	return journal_is_local(&stream->request->place);
}

int stream_has_audit(struct stream *stream, bool *ret)
{
	struct journal_match any = {.only_audit = true};
	char boot[JOURNAL_ID_TEXT];
	int r = 0;

	if (journal_is_local(&stream->request->place)) {
		r = journal_this_boot(boot);
		any.boot = boot;
	}
	if (r >= 0)
		r = journal_match(stream->kernel.calls, &any);
	if (r >= 0)
		r = journal_seek_start(stream->kernel.calls);
	if (r >= 0)
		r = journal_next(stream->kernel.calls);
	if (r < 0)
		return r;
	*ret = r > 0;
	return 0;
}
