/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sandlock-admin why: the cause of one denial, and what would allow it. */

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "audit-hint.h"
#include "permits.h"
#include "record-print.h"
#include "remedy.h"
#include "session.h"
#include "str.h"
#include "stream.h"
#include "subject.h"
#include "text.h"
#include "why-line.h"

struct why_options {
	bool last;
	const char *user;
	const char *directory;
	bool merge;
};

static const struct option_spec options[] = {
	{"last", 'l', NULL, "the last denial", OPTION_FLAG, offsetof(struct why_options, last)},
	{"user", 'u', "USER", "the last one of this user", OPTION_STRING,
		offsetof(struct why_options, user)},
	{"directory", 'D', "DIR", "read the journal files in DIR", OPTION_STRING,
		offsetof(struct why_options, directory)},
	{"merge", 'm', NULL, "other hosts' journals too", OPTION_FLAG,
		offsetof(struct why_options, merge)},
};

enum cause {
	CAUSE_NO_RULE,
	CAUSE_PORT,        /* a rule names the address, but another port */
	CAUSE_DENY_RULE,   /* a rule denies it */
	CAUSE_OTHER_LAYER, /* one policy allows it, another does not */
	CAUSE_CLOSED,      /* nothing that a policy says can allow it */
	CAUSE_PERMISSIONS, /* the policies allow it, the file's permissions do not */
	CAUSE_ALLOWED,     /* the policies as they are now allow it */
	CAUSE_UNCONFINED,  /* no policy applies any more */
};

static const char *const cause_names[] = {
	[CAUSE_NO_RULE] = "no-rule",
	[CAUSE_PORT] = "port",
	[CAUSE_DENY_RULE] = "deny-rule",
	[CAUSE_OTHER_LAYER] = "other-layer",
	[CAUSE_CLOSED] = "closed",
	[CAUSE_PERMISSIONS] = "permissions",
	[CAUSE_ALLOWED] = "allowed",
	[CAUSE_UNCONFINED] = "unconfined",
};

/* What there is to say about one denial. */
struct inquiry {
	struct admin *admin;
	const struct record *record;
	bool with_host;
	struct denial denial;
	struct subject subject;
	struct remedy remedies[POLICY_LAYERS_MAX];
	struct why_line lines[POLICY_LAYERS_MAX]; /* of each remedy that is one */
	size_t n_remedies;
	enum cause cause;
	const char *objection;
	bool policy_changed;
	bool permissions; /* the file's permissions deny it, too */
};

static const struct remedy *find(const struct inquiry *inquiry, enum remedy_kind kind)
{
	for (size_t i = 0; i < inquiry->n_remedies; i++)
		if (inquiry->remedies[i].kind == kind)
			return &inquiry->remedies[i];
	return NULL;
}

/* A nearest rule for an address names it, or it would not be near, but for the port. */
static enum cause find_cause(const struct inquiry *inquiry)
{
	const struct remedy *line = find(inquiry, REMEDY_LINE);

	if (!inquiry->subject.set)
		return CAUSE_UNCONFINED;
	if (find(inquiry, REMEDY_REMOVE))
		return CAUSE_DENY_RULE;
	if (find(inquiry, REMEDY_NONE))
		return CAUSE_CLOSED;
	if (!line)
		return inquiry->permissions ? CAUSE_PERMISSIONS : CAUSE_ALLOWED;
	if (inquiry->denial.what == DENIAL_ADDRESS && line->rule)
		return CAUSE_PORT;
	return find(inquiry, REMEDY_NOT_NEEDED) ? CAUSE_OTHER_LAYER : CAUSE_NO_RULE;
}

static bool has_changed(const struct record *record, const struct policy_set *set)
{
	_cleanup_free_ char *then = record_field(record, "POLICY_HASH");
	char now[2 * sizeof(set->hash) + 1];

	for (size_t i = 0; i < sizeof(set->hash); i++)
		snprintf(now + 2 * i, 3, "%02x", set->hash[i]);
	return then && strcmp(then, now) != 0;
}

static int make_lines(struct inquiry *inquiry)
{
	int r = 0;

	for (size_t i = 0; i < inquiry->n_remedies && r == 0 && !inquiry->objection; i++) {
		if (inquiry->remedies[i].kind != REMEDY_LINE)
			continue;
		r = why_line_make(inquiry->admin, &inquiry->subject, i, &inquiry->remedies[i],
			&inquiry->denial, &inquiry->lines[i]);
		inquiry->objection = inquiry->lines[i].fault;
	}
	return r;
}

static int weigh(struct inquiry *inquiry)
{
	const struct subject *subject = &inquiry->subject;
	int r = 0;

	for (size_t i = 0; subject->set && i < subject->set->n_layers && r == 0; i++) {
		r = remedy_of(subject->set, subject->set->layers[i], &subject->identity,
			&inquiry->denial, &inquiry->remedies[i]);
		if (r == 0)
			inquiry->n_remedies++;
	}
	if (r < 0)
		return r;
	inquiry->objection = remedy_objection(&inquiry->denial, &subject->identity);
	inquiry->policy_changed = subject->set && has_changed(inquiry->record, subject->set);
	/* Only root can find out, by becoming the user. */
	if (inquiry->denial.what == DENIAL_PATH && geteuid() == 0)
		inquiry->permissions = !permits(
			&subject->identity, inquiry->denial.object, inquiry->denial.rights);
	inquiry->cause = find_cause(inquiry);
	return make_lines(inquiry);
}

/* As text */

static void print_rule(const char *words, const struct rule *rule)
{
	text_printf("%s %s (%s:%u)", words, rule->id, rule->file, rule->line);
	putchar('\n');
}

static void print_cause(const struct inquiry *inquiry)
{
	const struct remedy *line = find(inquiry, REMEDY_LINE);
	const struct remedy *removed = find(inquiry, REMEDY_REMOVE);
	const struct remedy *none = find(inquiry, REMEDY_NONE);

	switch (inquiry->cause) {
	case CAUSE_NO_RULE:
		puts("Cause: no rule allows it.");
		break;
	case CAUSE_PORT:
		puts("Cause: no rule allows this port or protocol.");
		break;
	case CAUSE_DENY_RULE:
		print_rule("Cause: it is denied by", removed->rule);
		break;
	case CAUSE_OTHER_LAYER:
		puts("Cause: several policies apply, and not all of them allow it.");
		break;
	case CAUSE_CLOSED:
		text_printf("Cause: %s.", none->why);
		putchar('\n');
		break;
	case CAUSE_PERMISSIONS:
		puts("Cause: not the policy; the permissions of the file deny it.");
		break;
	case CAUSE_ALLOWED:
		puts("Cause: none any more; the policies as they are now allow it.");
		break;
	case CAUSE_UNCONFINED:
		text_printf("Cause: none any more; %s.", inquiry->subject.unconfined);
		putchar('\n');
		break;
	}
	if (line && line->rule)
		print_rule("The nearest rule is", line->rule);
}

static void print_remedies(const struct inquiry *inquiry)
{
	const char *words = "\nThis would allow it, in ";

	if (inquiry->cause == CAUSE_DENY_RULE || inquiry->cause == CAUSE_CLOSED)
		return;
	if (find(inquiry, REMEDY_LINE) && inquiry->objection) {
		text_printf("No line is proposed: %s.", inquiry->objection);
		putchar('\n');
		return;
	}
	for (size_t i = 0; i < inquiry->n_remedies; i++) {
		if (inquiry->remedies[i].kind != REMEDY_LINE)
			continue;
		fputs(words, stdout);
		why_line_print(
			inquiry->subject.set->layers[i], &inquiry->remedies[i], &inquiry->lines[i]);
		words = "and in ";
	}
}

static void print_text(const struct inquiry *inquiry)
{
	record_print_line(inquiry->admin, inquiry->record, inquiry->with_host);
	if (inquiry->policy_changed)
		puts("The policies have changed since; this is about what they say now.");
	print_cause(inquiry);
	print_remedies(inquiry);
	if (inquiry->permissions && inquiry->cause != CAUSE_PERMISSIONS)
		puts("\nThe permissions of the file deny it, too.");
}

/* As JSON */

static void put_rule(struct json *json, const char *key, const struct rule *rule)
{
	if (!rule) {
		json_null(json, key);
		return;
	}
	json_begin_object(json, key);
	json_string(json, "id", rule->id);
	json_string(json, "file", rule->file);
	json_number(json, "line", rule->line);
	json_end_object(json);
}

static int print_json(const struct inquiry *inquiry)
{
	const struct remedy *line = find(inquiry, REMEDY_LINE);
	const struct remedy *removed = find(inquiry, REMEDY_REMOVE);
	struct json json;
	int r;

	admin_json_begin(inquiry->admin, &json);
	json_begin_array(&json, "events");
	r = record_put_json(&json, inquiry->record);
	json_end_array(&json);
	json_string(&json, "cause", cause_names[inquiry->cause]);
	put_rule(&json, "rule", removed ? removed->rule : NULL);
	put_rule(&json, "nearest", line ? line->rule : NULL);
	json_bool(&json, "policy_changed", inquiry->policy_changed);
	json_bool(&json, "permissions_deny", inquiry->permissions);
	json_string(&json, "objection", line ? inquiry->objection : NULL);
	json_begin_array(&json, "lines");
	for (size_t i = 0; i < inquiry->n_remedies && !inquiry->objection; i++)
		if (inquiry->remedies[i].kind == REMEDY_LINE)
			why_line_put_json(&json, inquiry->subject.set->layers[i],
				&inquiry->remedies[i], &inquiry->lines[i]);
	json_end_array(&json);
	admin_json_end(inquiry->admin, &json);
	return r;
}

static void inquire(struct admin *admin, const struct record *record, bool with_host)
{
	_cleanup_free_ char *user = record_field(record, "USER");
	_cleanup_free_ char *service = record_field(record, "SERVICE");
	struct inquiry inquiry = {.admin = admin, .record = record, .with_host = with_host};
	int r = denial_of(record, &inquiry.denial);

	if (r == DENIAL_E_NONE) {
		admin_fail(admin, EXIT_MISSING, "this event is no denial");
		return;
	}
	if (r == 0 && !user)
		admin_fail(admin, EXIT_MISSING, "this event does not say whose it is");
	if (r == 0 && user && subject_find(admin, user, service, &inquiry.subject)) {
		subject_enforce(&inquiry.subject);
		r = weigh(&inquiry);
		if (r == 0 && admin->json)
			r = print_json(&inquiry);
		else if (r == 0)
			print_text(&inquiry);
		subject_print_complains(admin, &inquiry.subject);
	}
	if (r < 0)
		admin_fail(admin, EXIT_BUG, "%s", strerror(-r));
	for (size_t i = 0; i < inquiry.n_remedies; i++) {
		remedy_done(&inquiry.remedies[i]);
		why_line_done(&inquiry.lines[i]);
	}
	denial_done(&inquiry.denial);
	subject_done(&inquiry.subject);
}

/* Finding it */

struct wanted {
	struct stream_request request;
	char session[SESSION_ID_TEXT];
	const char *number; /* NULL: the last one */
};

/* "1f2e3d4c:5", "1f2e3d4c:a5123" */
static bool parse_name(struct admin *admin, const char *text, struct wanted *wanted)
{
	size_t n = strspn(text, "0123456789abcdef");
	const char *number = text + n + 1;

	if (n < 1 || n >= sizeof(wanted->session) || text[n] != ':' || !*number ||
		strspn(number + (*number == 'a'), "0123456789") !=
			strlen(number + (*number == 'a'))) {
		admin_usage(admin, "\"%s\" names no event: ID:NUMBER, as log shows it", text);
		return false;
	}
	memcpy(wanted->session, text, n);
	wanted->request.session = wanted->session;
	wanted->number = number;
	return true;
}

/* It may be another event, which log shows, or a denied file that nobody has recorded. */
static void report_missing(struct admin *admin, const struct wanted *wanted, struct stream *stream)
{
	const char *id = wanted->request.session;

	if (id && stream_has_session(admin, &wanted->request.place, id))
		admin_fail(admin, EXIT_MISSING,
			"there is no such denial; \"sandlock-admin log --session %s\" shows what "
			"there is",
			id);
	else
		admin_fail(admin, EXIT_MISSING, "there is no such denial");
	audit_hint(admin, stream);
}

static void look(struct admin *admin, const struct wanted *wanted)
{
	struct stream *stream = stream_open(admin, &wanted->request);
	struct record record;
	int r;

	if (!stream)
		return;
	if (wanted->number)
		r = stream_find(stream, wanted->number, &record);
	else
		r = stream_find_last(stream, &record);
	if (r < 0)
		admin_fail(admin, EXIT_BUG, "cannot read the journal: %s", strerror(-r));
	else if (r == 0)
		report_missing(admin, wanted, stream);
	else {
		inquire(admin, &record, !stream_is_local(stream));
		record_done(&record);
	}
	stream_free(stream);
}

static int run(struct admin *admin, const void *values, int argc, char **argv)
{
	const struct why_options *options_given = values;
	bool last = options_given->last || options_given->user;
	struct wanted wanted = {.request = STREAM_REQUEST_INIT};

	if (last ? argc != 0 : argc != 1)
		return admin_usage(admin, "one event, or --last");
	wanted.request.place = (struct journal_place){
		options_given->directory, options_given->merge};
	wanted.request.denials = true;
	wanted.request.user = options_given->user;
	if (last || parse_name(admin, argv[0], &wanted))
		look(admin, &wanted);
	return admin->status;
}

const struct command command_why = {
	.name = "why",
	.synopsis = "[OPTION...] ID:SEQ | --last",
	.summary = "Says why something was denied",
	.help = "ID:SEQ is what log shows before an event. Says which policy does not allow it, "
		"and\n"
		"the smallest line that would, by the policies as they are now.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.values_size = sizeof(struct why_options),
	.wraps = true,
	.run = run,
};
