/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The handlers of [network]'s keys. */

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "policy-apply.h"
#include "policy-lint.h"
#include "str.h"

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
	struct draft_span at = check_part(word, error->offset, error->length);

	check_refuse(check, &at, error->id, NULL, "%s", error->text);
}

/* `any` and `none` stand alone in a key: nobody means a host of that name. */
static bool refuse_keyword(
	struct policy_check *check, const struct draft_span *word, const char *host)
{
	bool is_any = strcasecmp(host, "any") == 0;
	const char *found = memmem(word->text, word->length, host, strlen(host));
	struct draft_span at;

	if (!is_any && strcasecmp(host, "none") != 0)
		return false;
	at = found ? check_part(word, (size_t)(found - word->text), strlen(host)) : *word;
	check_refuse(check, &at, "bad-host-name", is_any ? "*" : NULL,
		is_any ? "\"%s\" stands alone; with a scheme or ports it is \"*\""
		       : "\"%s\" stands alone, and is no host name",
		host);
	return true;
}

static bool parse_endpoint(
	struct policy_check *check, const struct draft_span *word, struct endpoint *ret)
{
	_cleanup_free_ char *plain = check_unescape(check, word);
	struct endpoint_error error;
	int r = plain ? endpoint_parse(plain, strlen(plain), ret, &error) : -ENOMEM;

	if (r < 0)
		check_out_of_memory(check);
	if (r == ENDPOINT_E_SYNTAX)
		refuse_endpoint(check, word, &error);
	if (r != 0)
		return false;
	if (ret->target != ENDPOINT_HOST || !refuse_keyword(check, word, ret->host))
		return true;
	endpoint_done(ret);
	return false;
}

/* The next rule of a list, filled; NULL where the word was refused. The caller counts it in. */
static const struct endpoint *add_endpoint(struct policy_check *check, const struct policy_key *key,
	const struct draft_key *draft, const struct draft_span *word, struct endpoint_rule **rules,
	size_t n)
{
	struct endpoint_rule *grown = check_grow(check, *rules, n, sizeof(*grown));

	if (!grown)
		return NULL;
	*rules = grown;
	if (!parse_endpoint(check, word, &grown[n].endpoint))
		return NULL;
	if (check_rule(check, key, draft, word, &grown[n].rule))
		return &grown[n].endpoint;
	endpoint_done(&grown[n].endpoint);
	return NULL;
}

/* Each different name is looked up at every login: their number has a limit. */
static void count_host(
	struct policy_check *check, const struct draft_span *word, const struct endpoint *endpoint)
{
	if (endpoint->target != ENDPOINT_HOST)
		return;
	for (size_t i = 0; i < check->n_hosts && i < NAMES_MAX; i++)
		if (strcasecmp(check->hosts[i], endpoint->host) == 0)
			return;
	if (check->n_hosts < NAMES_MAX)
		check->hosts[check->n_hosts] = endpoint->host;
	else if (check->n_hosts == NAMES_MAX)
		check_refuse(check, word, "too-many-names", NULL,
			"a policy may have %d different host names", NAMES_MAX);
	check->n_hosts++;
}

static void add_connect(struct policy_check *check, const struct policy_key *key,
	const struct draft_key *draft, const struct draft_span *word)
{
	struct policy *policy = check->policy;
	const struct endpoint *endpoint = add_endpoint(check, key, draft, word,
		&policy->network.connect_rules, policy->network.n_connect_rules);

	if (!endpoint)
		return;
	policy->network.n_connect_rules++;
	count_host(check, word, endpoint);
}

typedef void add_fn(struct policy_check *check, const struct policy_key *key,
	const struct draft_key *draft, const struct draft_span *word);

/* A list of rules, or `any` or `none`, which *ret_kind says; *any is the rule of `any`. */
static void apply_list(struct policy_check *check, const struct policy_key *key,
	const struct draft_key *draft, struct alone_list *list, add_fn *add,
	enum list_kind *ret_kind, struct rule *any)
{
	for (size_t i = 0; i < draft->n_words; i++) {
		const struct draft_span *word = &draft->words[i];
		bool alone = str_in_choices(word->text, word->length, key->choices, NULL);

		if (!alone)
			add(check, key, draft, word);
		if (!check_alone(check, list, word, alone))
			continue;
		*ret_kind = alone ? alone_kind(word) : LIST_LISTED;
		if (*ret_kind == LIST_ANY)
			check_rule(check, key, draft, word, any);
	}
}

void apply_connect(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	struct policy *policy = check->policy;

	apply_list(check, key, draft, &check->connect, add_connect, &policy->network.connect,
		&policy->network.connect_any);
}

static void add_deny(struct policy_check *check, const struct policy_key *key,
	const struct draft_key *draft, const struct draft_span *word)
{
	struct policy *policy = check->policy;
	const struct endpoint *endpoint = add_endpoint(
		check, key, draft, word, &policy->network.deny_rules, policy->network.n_deny_rules);

	if (!endpoint)
		return;
	policy->network.n_deny_rules++;
	if (endpoint->target == ENDPOINT_HOST)
		check_refuse(check, word, "deny-name", NULL,
			"deny takes addresses, not names: what a name no longer leads to would "
			"be free");
}

void apply_deny(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	for (size_t i = 0; i < draft->n_words; i++) {
		const struct draft_span *word = &draft->words[i];

		if (str_in_choices(word->text, word->length, "any|none", NULL))
			check_refuse(check, word, "deny-alone", NULL,
				"\"%.*s\" may not stand in deny; \"connect = none\" denies "
				"everything",
				(int)word->length, word->text);
		else
			add_deny(check, key, draft, word);
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

	apply_list(check, key, draft, &check->bind, add_ports, &policy->network.bind,
		&policy->network.bind_any);
}

static void add_unix(struct policy_check *check, const struct policy_key *key,
	const struct draft_key *draft, const struct draft_span *word, struct path_rule *rule)
{
	struct policy *policy = check->policy;
	size_t n = policy->network.n_unix_rules;
	struct path_rule *rules = check_grow(check, policy->network.unix_rules, n, sizeof(*rules));

	policy->network.unix_rules = rules ? rules : policy->network.unix_rules;
	if (!rules || !check_rule(check, key, draft, word, &rule->rule))
		return;
	rules[policy->network.n_unix_rules++] = *rule;
	lint_missing_path(check, word, rule);
}

/* As with what writes, "/" is refused: a home of "/" must not open every socket. */
void apply_unix(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	for (size_t i = 0; i < draft->n_words; i++) {
		struct path_rule rule = {0};

		if (check_path(check, &draft->words[i], 0, true, &rule))
			add_unix(check, key, draft, &draft->words[i], &rule);
	}
}

void apply_resolve(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	const struct draft_span *word = draft->words;
	uint64_t seconds;
	char buffer[8];

	check_rule(check, key, draft, word, &check->policy->network.resolve_rule);
	if (str_in_choices(word->text, word->length, key->choices, NULL))
		check->policy->network.resolve = 0;
	else if (word->text[0] < '0' || word->text[0] > '9')
		check_refuse(check, word, "bad-choice",
			str_nearest_choice(
				word->text, word->length, key->choices, buffer, sizeof(buffer)),
			"\"%.*s\" is neither \"login\" nor a duration, for example 10min",
			(int)word->length, word->text);
	else if (check_duration(check, key, word, &seconds))
		check->policy->network.resolve = (unsigned)seconds;
}
