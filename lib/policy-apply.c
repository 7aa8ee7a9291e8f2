/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The handlers of the key table: words of one key into the fields of the policy. */

#include "policy-apply.h"

#include <stdio.h>

#include "access.h"
#include "lints.h"
#include "policy-lint.h"
#include "str.h"

void apply_names(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	(void)key;
	for (size_t i = 0; i < draft->n_words; i++)
		check_name(check, &draft->words[i]);
}

/*
 * The line as it stands between its first and last word; a continuation is one blank. NULL without
 * memory.
 */
static char *read_text(struct policy_check *check, const struct draft_key *draft)
{
	struct str text = STR_INIT;
	char *taken;

	for (size_t i = 0; i < draft->n_words; i++) {
		const struct draft_span *word = &draft->words[i];
		const struct draft_span *before = i ? word - 1 : NULL;
		_cleanup_free_ char *plain = check_unescape(check, word);
		const char *gap = before ? before->text + before->length : NULL;

		if (!plain)
			break;
		if (before && before->line == word->line)
			str_add(&text, gap, (size_t)(word->text - gap));
		else if (before)
			str_add_char(&text, ' ');
		str_puts(&text, plain);
	}
	taken = str_take(&text);
	return taken ? taken : check_out_of_memory(check);
}

void apply_description(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	_cleanup_free_ char *text = read_text(check, draft);

	(void)key;
	/* What an included file says of itself is not about the one that includes it. */
	if (!check->include)
		check->policy->description = take_ptr(text);
}

void apply_accept(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	const struct draft_span *id = &draft->label;
	const struct lint *lint = lint_find(id->text, id->length);
	struct policy *policy = check->policy;
	struct lint_accept *accepts;

	(void)key;
	if (!lint) {
		check_refuse(check, id, "unknown-lint", lint_nearest(id->text, id->length),
			"there is no warning \"%.*s\" to accept", (int)id->length, id->text);
		return;
	}
	accepts = check_grow(check, policy->lint.accepts, policy->lint.n_accepts, sizeof(*accepts));
	if (!accepts)
		return;
	policy->lint.accepts = accepts;
	accepts += policy->lint.n_accepts++;
	accepts->id = lint->id;
	accepts->reason = read_text(check, draft);
	accepts->file = strdup(check->draft->file);
	if (!accepts->file)
		check_out_of_memory(check);
}

static void add_path(struct policy_check *check, const struct policy_key *key,
	const struct draft_key *draft, const struct draft_span *word, struct path_rule *rule)
{
	struct policy *policy = check->policy;
	struct path_rule *rules = check_grow(
		check, policy->filesystem.rules, policy->filesystem.n_rules, sizeof(*rules));

	policy->filesystem.rules = rules ? rules : policy->filesystem.rules;
	if (!rules || !check_rule(check, key, draft, word, &rule->rule))
		return;
	rules[policy->filesystem.n_rules++] = *rule;
	lint_missing_path(check, word, rule);
}

void apply_paths(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	bool changes = (key->access & ACCESS_CHANGES) != 0;

	for (size_t i = 0; i < draft->n_words; i++) {
		struct path_rule rule = {0};

		rule.access = key->access;
		if (check_path(check, &draft->words[i], 0, changes, &rule))
			add_path(check, key, draft, &draft->words[i], &rule);
	}
}

static void refuse_right(
	struct policy_check *check, const struct draft_span *word, size_t offset, size_t length)
{
	struct str_nearest nearest = STR_NEAREST(word->text + offset, length);
	struct draft_span at = check_part(word, offset, length);

	for (size_t i = 0; i < n_access_rights; i++)
		str_nearest_offer(&nearest, access_rights[i].name);
	check_refuse(check, &at, "unknown-right", nearest.best, "\"%.*s\" is no Landlock right",
		(int)length, word->text + offset);
}

/* Whether the file counts has been decided by the draft; this is for people. */
void apply_services(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	_cleanup_str_ struct str words = STR_INIT;

	apply_names(check, key, draft);
	for (size_t i = 0; i < draft->n_words; i++)
		str_addf(&words, "%s%.*s", i > 0 ? " " : "", (int)draft->words[i].length,
			draft->words[i].text);
	if (words.failed)
		check_out_of_memory(check);
	else if (check_rule(check, key, draft, draft->words, &check->policy->services_rule))
		check->policy->services = check_keep(check, words.text);
}

void apply_mode(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	static const bool complains[] = {false, true};
	size_t index;

	if (check_choice(check, key, draft->words, &index))
		check->policy->complain = complains[index];
}

void apply_rights(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	for (size_t i = 0; i < draft->n_words; i++) {
		const struct draft_span *word = &draft->words[i];
		const char *colon = memchr(word->text, ':', word->length);
		size_t names = colon ? (size_t)(colon - word->text) : 0, offset, length;
		struct path_rule rule = {0};

		if (!colon) {
			check_refuse(check, word, "bad-rights", NULL,
				"rights are written RIGHT,RIGHT...:PATH");
			continue;
		}
		if (access_parse(word->text, names, &rule.access, &offset, &length) != 0)
			refuse_right(check, word, offset, length);
		else if (check_path(check, word, names + 1, (rule.access & ACCESS_CHANGES) != 0,
				 &rule))
			add_path(check, key, draft, word, &rule);
	}
}

static void apply_scope(struct policy_check *check, const struct policy_key *key,
	const struct draft_key *draft, enum scope_setting *ret, struct rule *ret_rule)
{
	static const enum scope_setting settings[] = {SCOPE_SESSION, SCOPE_ANY};
	size_t index;

	if (check_choice(check, key, draft->words, &index) &&
		check_rule(check, key, draft, draft->words, ret_rule))
		*ret = settings[index];
}

void apply_signal(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	struct policy *policy = check->policy;

	apply_scope(check, key, draft, &policy->ipc.signal, &policy->ipc.signal_rule);
}

void apply_abstract_unix(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	struct policy *policy = check->policy;

	apply_scope(check, key, draft, &policy->ipc.abstract_unix, &policy->ipc.abstract_unix_rule);
}

void apply_sysv(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	struct policy *policy = check->policy;

	if (check_bool(check, draft->words, &policy->ipc.sysv))
		check_rule(check, key, draft, draft->words, &policy->ipc.sysv_rule);
}

void apply_denials(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	struct policy *policy = check->policy;

	if (check_bool(check, draft->words, &policy->log.denials))
		check_rule(check, key, draft, draft->words, &policy->log.denials_rule);
}

void apply_rate_limit(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	struct policy *policy = check->policy;
	uint64_t rate;

	if (!check_rate(check, key, draft->words, &rate, &policy->log.rate_period))
		return;
	policy->log.rate = (unsigned)rate;
	check_rule(check, key, draft, draft->words, &policy->log.rate_rule);
}
