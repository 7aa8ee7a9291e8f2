/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sandlock-admin suggest: from what was denied to a patch for the policies. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit-hint.h"
#include "proposal.h"
#include "str.h"
#include "stream.h"
#include "text.h"
#include "when.h"

struct suggest_options {
	const char *user, *session;
	const char *since, *until;
	const char *min_sessions;
	const char *directory;
	bool merge;
};

static const struct option_spec options[] = {
	{"user", 'u', "USER", "what was denied to this user", OPTION_STRING,
		offsetof(struct suggest_options, user)},
	{"session", 's', "ID", "what was denied in this session", OPTION_STRING,
		offsetof(struct suggest_options, session)},
	{"since", 'S', "TIME", "not before, as for log", OPTION_STRING,
		offsetof(struct suggest_options, since)},
	{"until", 'U', "TIME", "not after", OPTION_STRING, offsetof(struct suggest_options, until)},
	{"min-sessions", 0, "N", "only what so many sessions were denied", OPTION_STRING,
		offsetof(struct suggest_options, min_sessions)},
	{"directory", 'D', "DIR", "read the journal files in DIR", OPTION_STRING,
		offsetof(struct suggest_options, directory)},
	{"merge", 'm', NULL, "other hosts' journals too", OPTION_FLAG,
		offsetof(struct suggest_options, merge)},
};

struct run {
	struct admin *admin;
	struct stream_request request;
	uint64_t min_sessions;
	struct tally tally;
	char *user, *service; /* of a session */
};

/* Reading */

static int take(struct run *run, const struct record *record)
{
	_cleanup_free_ char *session = record_field(record, "SESSION");
	_cleanup_free_ char *action = record_field(record, "ACTION");
	_cleanup_(denial_done) struct denial denial = {0};
	int r;

	if (run->request.session && !run->user) {
		run->user = record_field(record, "USER");
		run->service = record_field(record, "SERVICE");
	}
	r = denial_of(record, &denial);
	if (r != 0)
		return r < 0 ? r : 0;
	/* What is only logged is allowed. */
	if (action && strcmp(action, RECORD_ACTION_LOG) == 0)
		return 0;
	return tally_add(&run->tally, &denial, session, record->when);
}

static int read_journal(struct run *run)
{
	struct stream *stream = stream_open(run->admin, &run->request);
	struct record record;
	int r;

	if (!stream)
		return run->admin->status;
	audit_hint(run->admin, stream);
	r = stream_start(stream);
	while (r >= 0 && (r = stream_next(stream, &record)) > 0) {
		r = take(run, &record);
		record_done(&record);
	}
	if (r < 0)
		admin_fail(run->admin, EXIT_BUG, "cannot read the journal: %s", strerror(-r));
	else if (run->request.session && !run->user)
		admin_fail(run->admin, EXIT_MISSING, "no denials of a session %s",
			run->request.session);
	stream_free(stream);
	return run->admin->status;
}

/* Telling */

static const char *object_of(const struct tally_item *item)
{
	return item->denial.object ? item->denial.object : "-";
}

static void print_remark(const char *words, const struct tally_item *item, const char *why)
{
	text_printf("# %s %s (%" PRIu64 "x in %zu session%s): %s", words, object_of(item),
		item->count, item->n_sessions, item->n_sessions == 1 ? "" : "s", why);
	putchar('\n');
}

static void report_faults(struct admin *admin, const struct proposal *proposal)
{
	const struct policy_set *set = proposal->subject->set;

	for (size_t i = 0; i < set->n_layers; i++)
		if (proposal->faults[i])
			admin_fail(admin, EXIT_NO, "%s cannot be changed by adding lines: %s",
				set->layers[i]->file, proposal->faults[i]);
}

/* patch(1) takes what comes before the first "---" for a preface. */
static void print_text(const struct run *run, const struct proposal *proposal, const char *patch)
{
	for (size_t i = 0; i < proposal->n_omissions; i++)
		print_remark(
			"Not proposed:", proposal->omissions[i].item, proposal->omissions[i].why);
	if (run->tally.left_out > 0)
		printf("# %" PRIu64 " more denials were not looked at.\n", run->tally.left_out);
	if (!*patch)
		puts("# Nothing to suggest.");
	/* Words of a policy are printable, and what was there is a checked policy. */
	fputs(patch, stdout);
}

static void put_item(struct json *json, const struct tally_item *item)
{
	char time[WHEN_TEXT_MAX];

	json_string(json, "object", object_of(item));
	json_number(json, "denials", item->count);
	json_number(json, "sessions", item->n_sessions);
	json_string(json, "last", when_format_utc(item->last, time));
	json_bool(json, "merged", item->merged);
}

static void put_line(
	struct json *json, const struct proposal *proposal, const struct proposal_line *line)
{
	const struct policy *policy = proposal->subject->set->layers[line->layer];
	_cleanup_free_ char *text = proposal_text(line);

	json_begin_object(json, NULL);
	json_string(json, "policy", policy->name);
	json_string(json, "file", policy->file);
	json_string(json, "section", line->remedy.section);
	json_string(json, "line", text);
	put_item(json, line->item);
	json_end_object(json);
}

static void print_json(const struct run *run, const struct proposal *proposal, const char *patch)
{
	struct json json;

	admin_json_begin(run->admin, &json);
	json_string(&json, "user", proposal->subject->identity.user);
	json_begin_array(&json, "suggestions");
	for (size_t i = 0; i < proposal->n_lines; i++)
		put_line(&json, proposal, &proposal->lines[i]);
	json_end_array(&json);
	json_begin_array(&json, "not_proposed");
	for (size_t i = 0; i < proposal->n_omissions; i++) {
		json_begin_object(&json, NULL);
		put_item(&json, proposal->omissions[i].item);
		json_string(&json, "why", proposal->omissions[i].why);
		json_end_object(&json);
	}
	json_end_array(&json);
	json_string(&json, "patch", patch);
	admin_json_end(run->admin, &json);
}

static void tell(const struct run *run, const struct proposal *proposal)
{
	_cleanup_free_ char *patch = NULL;
	size_t size;
	FILE *file = open_memstream(&patch, &size);

	if (!file) {
		admin_out_of_memory(run->admin);
		return;
	}
	proposal_print(run->admin, proposal, file);
	if (fclose(file) != 0) {
		admin_out_of_memory(run->admin);
		return;
	}
	report_faults(run->admin, proposal);
	if (run->admin->json)
		print_json(run, proposal, patch);
	else
		print_text(run, proposal, patch);
}

static bool is_frequent(const void *min_sessions, const struct tally_item *item)
{
	return item->n_sessions >= *(const uint64_t *)min_sessions;
}

static void propose(struct run *run)
{
	const char *user = run->user ? run->user : run->request.user;
	struct proposal proposal = {0};
	struct subject subject = {0};
	int r = 0;

	if (subject_find(run->admin, user, run->service, &subject) && !subject.set)
		admin_fail(run->admin, EXIT_NO, "%s: %s", user, subject.unconfined);
	if (subject.set) {
		subject_enforce(&subject);
		tally_filter(&run->tally, proposal_is_needed, &subject);
		/* The permissions are those of this machine, and asked for by becoming the user. */
		if (geteuid() == 0 && !*run->admin->root && journal_is_local(&run->request.place))
			tally_bar(&run->tally, proposal_is_barred, &subject);
		r = tally_merge(&run->tally, &subject.identity);
		tally_filter(&run->tally, is_frequent, &run->min_sessions);
		if (r == 0)
			r = proposal_make(run->admin, &subject, &run->tally, &proposal);
		if (r == 0)
			tell(run, &proposal);
	}
	if (r < 0)
		admin_fail(run->admin, admin_status_of(r), "%s: %s", user, strerror(-r));
	proposal_done(&proposal);
	subject_done(&subject);
}

static bool parse_time(struct admin *admin, const char *name, const char *text, uint64_t *ret)
{
	if (!text || when_parse(text, when_now(), ret) == 0)
		return true;
	admin_usage(admin, "--%s does not understand \"%s\"", name, text);
	return false;
}

static bool parse(const struct suggest_options *wanted, struct run *run)
{
	const char *number = wanted->min_sessions;

	if (!wanted->user == !wanted->session) {
		admin_usage(run->admin, "either --user or --session");
		return false;
	}
	if (wanted->session && !stream_takes_session(run->admin, wanted->session))
		return false;
	if (number &&
		str_parse_number(number, strlen(number), UINT32_MAX, &run->min_sessions) < 0) {
		admin_usage(run->admin, "--min-sessions wants a number, not \"%s\"", number);
		return false;
	}
	run->request.place = (struct journal_place){wanted->directory, wanted->merge};
	run->request.user = wanted->user;
	run->request.session = wanted->session;
	return parse_time(run->admin, "since", wanted->since, &run->request.since) &&
	       parse_time(run->admin, "until", wanted->until, &run->request.until);
}

static int run(struct admin *admin, const void *values, int argc, char **argv)
{
	struct run run = {
		.admin = admin,
		.request = STREAM_REQUEST_INIT,
		.tally = TALLY_INIT,
	};

	run.request.denials = true;
	if (argc > 0)
		return admin_usage(admin, "\"%s\" is too much", argv[0]);
	if (parse(values, &run) && read_journal(&run) == EXIT_YES)
		propose(&run);
	tally_done(&run.tally);
	free(run.user);
	free(run.service);
	return admin->status;
}

const struct command command_suggest = {
	.name = "suggest",
	.synopsis = "[OPTION...]",
	.summary = "Proposes policy lines for what was denied",
	.help = "Prints a patch for the policies that are in force for the user, to be read "
		"before\n"
		"it is applied: sandlock-admin suggest --user U | patch -p1 -d /",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.values_size = sizeof(struct suggest_options),
	.run = run,
};
