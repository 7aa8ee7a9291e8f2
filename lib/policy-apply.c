/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The handlers of the key table: words of one key into the fields of the policy. */

#include "policy-apply.h"

#include <stdio.h>

#include "access.h"
#include "policy-path.h"
#include "str.h"

/* The part of a word that an error is about. A word with escapes has no such part. */
static struct draft_span part_of(const struct draft_span *word, size_t offset, size_t length)
{
	struct draft_span part = *word;

	if (memchr(word->text, '\\', word->length) || offset > word->length)
		return part;
	part.text += offset;
	part.column += (unsigned)offset;
	part.length = length < word->length - offset ? length : word->length - offset;
	return part;
}

void apply_checked(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	check_choice(check, key, draft->words, NULL);
}

void apply_names(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	(void)key;
	for (size_t i = 0; i < draft->n_words; i++)
		check_name(check, &draft->words[i]);
}

/* The line as it stands between its first and last word; a continuation is one blank. */
void apply_description(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	struct str text = STR_INIT;

	(void)key;
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
	check->policy->description = str_take(&text);
	if (!check->policy->description)
		check_out_of_memory(check);
}

/* Only where the machine can say so: a specifier stands for something else at each login. */
static void lint_missing(
	struct policy_check *check, const struct draft_span *word, const struct path_rule *rule)
{
	struct diag_place place = policy_draft_place(check->draft, word);
	_cleanup_free_ char *path = NULL;

	if (!check->options->lint || rule->may_be_missing || memchr(word->text, '%', word->length))
		return;
	path = str_format("%s%s", check->options->dirs->root, rule->path);
	if (!path) {
		check_out_of_memory(check);
		return;
	}
	if (access(path, F_OK) < 0 && (errno == ENOENT || errno == ENOTDIR))
		diag_warning(check->diags, &place, "missing-path", NULL,
			"%s does not exist here; it would grant nothing (a leading \"-\" says that "
			"it may be missing)",
			rule->path);
}

/* A path at `offset` of a word; false when it was refused. */
static bool parse_path(struct policy_check *check, const struct draft_span *word, size_t offset,
	uint64_t access, struct path_rule *rule)
{
	struct path_error error;
	int r = policy_path_parse(word->text + offset, word->length - offset,
		check->options->identity, (access & ACCESS_CHANGES) != 0, &rule->path,
		&rule->may_be_missing, &error);

	if (r < 0)
		check_out_of_memory(check);
	if (r == PATH_E_SYNTAX) {
		struct draft_span at = part_of(word, offset + error.offset, error.length);

		check_refuse(check, &at, error.id, NULL, "%s", error.text);
	}
	rule->access = access;
	return r == 0;
}

static void add_path(struct policy_check *check, const struct policy_key *key,
	const struct draft_key *draft, const struct draft_span *word, struct path_rule *rule)
{
	struct policy *policy = check->policy;
	struct path_rule *rules = check_grow(
		check, policy->filesystem.rules, policy->filesystem.n_rules, sizeof(*rules));

	policy->filesystem.rules = rules ? rules : policy->filesystem.rules;
	if (!rules || !check_rule(check, key, draft, word, &rule->rule)) {
		free(rule->path);
		return;
	}
	rules[policy->filesystem.n_rules++] = *rule;
	lint_missing(check, word, rule);
}

void apply_paths(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	for (size_t i = 0; i < draft->n_words; i++) {
		struct path_rule rule = {0};

		if (parse_path(check, &draft->words[i], 0, key->access, &rule))
			add_path(check, key, draft, &draft->words[i], &rule);
	}
}

static void refuse_right(
	struct policy_check *check, const struct draft_span *word, size_t offset, size_t length)
{
	struct str_nearest nearest = STR_NEAREST(word->text + offset, length);
	struct draft_span at = part_of(word, offset, length);

	for (size_t i = 0; i < n_access_rights; i++)
		str_nearest_offer(&nearest, access_rights[i].name);
	check_refuse(check, &at, "unknown-right", nearest.best, "\"%.*s\" is no Landlock right",
		(int)length, word->text + offset);
}

void apply_rights(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	for (size_t i = 0; i < draft->n_words; i++) {
		const struct draft_span *word = &draft->words[i];
		const char *colon = memchr(word->text, ':', word->length);
		size_t names = colon ? (size_t)(colon - word->text) : 0, offset, length;
		struct path_rule rule = {0};
		uint64_t access;

		if (!colon) {
			check_refuse(check, word, "bad-rights", NULL,
				"rights are written RIGHT,RIGHT...:PATH");
			continue;
		}
		if (access_parse(word->text, names, &access, &offset, &length) != 0)
			refuse_right(check, word, offset, length);
		else if (parse_path(check, word, names + 1, access, &rule))
			add_path(check, key, draft, word, &rule);
	}
}

/*
 * Whether a word of a list with `any` and `none` may stand where it does: those two alone, over all
 * labels and included files. The same one again, from another file, is no contradiction.
 */
static bool check_alone(struct policy_check *check, struct alone_list *list,
	const struct draft_span *word, bool alone)
{
	bool same = list->alone && alone && list->draft != check->draft &&
		    word->length == list->alone->length &&
		    memcmp(word->text, list->alone->text, word->length) == 0;

	if (!list->first) {
		list->first = word;
		list->draft = check->draft;
		list->alone = alone ? word : NULL;
		return true;
	}
	if (!list->alone && !alone)
		return true;
	if (!same && !list->reported) {
		const struct draft_span *one = list->alone ? list->alone : word;

		check_refuse(check, word, "not-alone", NULL,
			"\"%.*s\" stands alone; the list begins in %s:%u", (int)one->length,
			one->text, list->draft->file, list->first->line);
		list->reported = true;
	}
	return false;
}

static enum list_kind alone_kind(const struct draft_span *word)
{
	return word->text[0] == 'a' ? LIST_ANY : LIST_NONE;
}

static void refuse_endpoint(struct policy_check *check, const struct draft_span *word,
	const struct endpoint_error *error)
{
	struct draft_span at = part_of(word, error->offset, error->length);

	check_refuse(check, &at, error->id, NULL, "%s", error->text);
}

/* Parts of the grammar that come with a later version. */
static bool check_endpoint_supported(
	struct policy_check *check, const struct draft_span *word, const struct endpoint *endpoint)
{
	static const char *const protocols[] = {
		[ENDPOINT_UDP] = "udp://", [ENDPOINT_ICMP] = "icmp://"};

	if (endpoint->protocol != ENDPOINT_TCP)
		check_refuse(check, word, "not-supported", NULL,
			"%s endpoints are not supported by this version",
			protocols[endpoint->protocol]);
	else if (endpoint->target == ENDPOINT_HOST)
		check_refuse(check, word, "not-supported", NULL,
			"host names are not supported by this version; write addresses");
	else
		return true;
	return false;
}

static void add_endpoint(struct policy_check *check, const struct policy_key *key,
	const struct draft_key *draft, const struct draft_span *word)
{
	_cleanup_free_ char *plain = check_unescape(check, word);
	struct policy *policy = check->policy;
	struct endpoint_rule rule = {0}, *rules;
	struct endpoint_error error;
	int r = plain ? endpoint_parse(plain, strlen(plain), &rule.endpoint, &error) : -ENOMEM;

	if (r < 0) {
		check_out_of_memory(check);
		return;
	}
	if (r == ENDPOINT_E_SYNTAX) {
		refuse_endpoint(check, word, &error);
		return;
	}
	rules = check_grow(check, policy->network.connect_rules, policy->network.n_connect_rules,
		sizeof(*rules));
	policy->network.connect_rules = rules ? rules : policy->network.connect_rules;
	if (!check_endpoint_supported(check, word, &rule.endpoint) || !rules ||
		!check_rule(check, key, draft, word, &rule.rule)) {
		endpoint_done(&rule.endpoint);
		return;
	}
	rules[policy->network.n_connect_rules++] = rule;
}

void apply_connect(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	struct policy *policy = check->policy;

	for (size_t i = 0; i < draft->n_words; i++) {
		const struct draft_span *word = &draft->words[i];
		bool alone = str_in_choices(word->text, word->length, key->choices, NULL);

		if (!alone)
			add_endpoint(check, key, draft, word);
		if (!check_alone(check, &check->connect, word, alone))
			continue;
		policy->network.connect = alone ? alone_kind(word) : LIST_LISTED;
		if (policy->network.connect == LIST_ANY)
			check_rule(check, key, draft, word, &policy->network.connect_any);
	}
}

static void add_port(struct policy_check *check, const struct policy_key *key,
	const struct draft_key *draft, const struct draft_span *word, struct port_range range)
{
	struct policy *policy = check->policy;
	size_t n = policy->network.n_bind_rules;
	struct port_rule *rules = check_grow(check, policy->network.bind_rules, n, sizeof(*rules));

	if (!rules)
		return;
	policy->network.bind_rules = rules;
	if (!check_rule(check, key, draft, word, &rules[n].rule))
		return;
	rules[n].range = range;
	policy->network.n_bind_rules++;
}

static void add_ports(struct policy_check *check, const struct policy_key *key,
	const struct draft_key *draft, const struct draft_span *word)
{
	_cleanup_free_ char *plain = check_unescape(check, word);
	_cleanup_free_ struct port_range *ranges = NULL;
	struct endpoint_error error;
	size_t n = 0;
	int r = plain ? endpoint_parse_ports(plain, strlen(plain), &ranges, &n, &error) : -ENOMEM;

	if (r < 0)
		check_out_of_memory(check);
	if (r == ENDPOINT_E_SYNTAX)
		refuse_endpoint(check, word, &error);
	for (size_t i = 0; r == 0 && i < n; i++)
		add_port(check, key, draft, word, ranges[i]);
}

void apply_bind(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	struct policy *policy = check->policy;

	for (size_t i = 0; i < draft->n_words; i++) {
		const struct draft_span *word = &draft->words[i];
		bool alone = str_in_choices(word->text, word->length, key->choices, NULL);

		if (!alone)
			add_ports(check, key, draft, word);
		if (!check_alone(check, &check->bind, word, alone))
			continue;
		policy->network.bind = alone ? alone_kind(word) : LIST_LISTED;
		if (policy->network.bind == LIST_ANY)
			check_rule(check, key, draft, word, &policy->network.bind_any);
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

void apply_denials(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	(void)key;
	check_bool(check, draft->words, &check->policy->log.denials);
}

void apply_rate_limit(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	struct policy *policy = check->policy;
	uint64_t rate;

	if (!check_rate(check, key, draft->words, &rate, &policy->log.rate_period))
		return;
	policy->log.rate = (unsigned)rate;
	policy->log.rate_limit_written = true;
}
