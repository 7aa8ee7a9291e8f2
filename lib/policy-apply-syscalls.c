/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The handlers of [syscalls]' keys. What is closed is what the filter's tables say. */

#include <stdio.h>

#include "filter-denials.h"
#include "policy-apply.h"
#include "policy-include.h"
#include "str.h"

#define NAMED_MAX 5 /* calls of a set that a message names */

void apply_profile(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	struct policy *policy = check->policy;
	const struct draft_span *word = draft->words;

	if (!check_choice(check, key, word, NULL) ||
		!check_rule(check, key, draft, word, &policy->syscalls.profile_rule))
		return;
	for (enum profile profile = 0; profile < PROFILES; profile++)
		if (str_equal(word->text, word->length, profiles[profile].name))
			policy->syscalls.profile = profile;
}

/* Names that strerrorname_np(3) does not give. */
static const struct {
	const char *name;
	int error;
} error_aliases[] = {
	{"EWOULDBLOCK", EAGAIN},
	{"EDEADLOCK", EDEADLOCK},
	{"ENOTSUP", ENOTSUP},
	{"kill", SYSCALLS_KILL},
	{"log", SYSCALLS_LOG},
};

#define ERRNO_MAX 133 /* EHWPOISON; some architectures count differently, none further */

static bool find_error(struct str_nearest *nearest, int *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(error_aliases); i++) {
		str_nearest_offer(nearest, error_aliases[i].name);
		if (str_equal(nearest->word, nearest->length, error_aliases[i].name)) {
			*ret = error_aliases[i].error;
			return true;
		}
	}
	for (int error = 1; error <= ERRNO_MAX; error++) {
		const char *name = strerrorname_np(error);

		if (!name)
			continue;
		str_nearest_offer(nearest, name);
		if (str_equal(nearest->word, nearest->length, name)) {
			*ret = error;
			return true;
		}
	}
	return false;
}

void apply_error(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	struct policy *policy = check->policy;
	const struct draft_span *word = draft->words;
	struct str_nearest nearest = STR_NEAREST(word->text, word->length);
	int error;

	if (!find_error(&nearest, &error))
		check_refuse(check, word, "bad-errno", nearest.best,
			"\"%.*s\" is neither the name of an errno value nor kill or log",
			(int)word->length, word->text);
	else if (check_rule(check, key, draft, word, &policy->syscalls.error_rule))
		policy->syscalls.error = error;
}

static void refuse_unknown(
	struct policy_check *check, const struct draft_span *word, const char *plain)
{
	bool is_set = plain[0] == '@';
	char buffer[SYSCALL_NAME_MAX];

	check_refuse(check, word, is_set ? "unknown-set" : "unknown-call",
		syscall_nearest(plain, strlen(plain), buffer),
		is_set ? "there is no set \"%s\"" : "there is no system call \"%s\"", plain);
}

/* "a, b and 3 more" */
static void add_names(struct str *str, const struct syscalls *calls)
{
	unsigned n = 0, left = syscalls_count(calls);

	for (unsigned number = 0; number < SYSCALLS_MAX && n < NAMED_MAX; number++) {
		_cleanup_free_ char *name = NULL;

		if (!syscalls_have(calls, number))
			continue;
		name = syscall_name(SYSCALLS_NATIVE, number);
		str_addf(str, "%s%s", n ? ", " : "", name ? name : "?");
		n++;
		left--;
	}
	if (left > 0)
		str_addf(str, " and %u more", left);
}

static void refuse_closed(struct policy_check *check, const struct draft_span *word,
	const char *plain, const struct syscalls *closed)
{
	_cleanup_str_ struct str names = STR_INIT;
	unsigned number = 0;

	add_names(&names, closed);
	while (!syscalls_have(closed, number))
		number++;
	if (names.failed)
		check_out_of_memory(check);
	else if (plain[0] == '@')
		check_refuse(check, word, "allow-closed", NULL,
			"%s has what can never be allowed: %s; name its other calls", plain,
			names.text);
	else
		check_refuse(check, word, "allow-closed", NULL, "%s can never be allowed: %s",
			plain, filter_denial_why(SYSCALLS_NATIVE, number));
}

/* A call that the filter never lets through may not be named, nor be in a set that is. */
static bool check_open(struct policy_check *check, const struct draft_span *word, const char *plain,
	const struct syscalls *calls)
{
	const struct filter_spec any = {0};
	struct filter_denials denials;
	struct syscalls closed = *calls;

	filter_denials(&any, &denials);
	/* A set may have calls that nobody misses. */
	if (plain[0] != '@')
		syscalls_unite(&denials.closed, &denials.missing);
	syscalls_intersect(&closed, &denials.closed);
	if (syscalls_count(&closed) == 0)
		return true;
	refuse_closed(check, word, plain, &closed);
	return false;
}

/* The list that a key's words go to, and the one in which they may not be. */
struct lists {
	struct syscall_rule **rules;
	size_t *n_rules;
	const struct syscall_rule *others;
	size_t n_others;
	const char *other_key;
	bool allows;
};

static bool check_other(struct policy_check *check, const struct draft_span *word,
	const char *plain, const struct lists *lists)
{
	for (size_t i = 0; i < lists->n_others; i++) {
		const struct syscall_rule *other = &lists->others[i];

		if (strcmp(other->word, plain) != 0)
			continue;
		check_refuse(check, word, "allow-and-deny", NULL, "\"%s\" is in %s, too (%s:%u)",
			plain, lists->other_key, other->rule.file, other->rule.line);
		return false;
	}
	return true;
}

static void add_word(struct policy_check *check, const struct policy_key *key,
	const struct draft_key *draft, const struct draft_span *word, const struct lists *lists)
{
	_cleanup_free_ char *plain = check_unescape(check, word);
	struct syscall_rule *rules, rule = {.word = NULL};

	if (!plain)
		return;
	if (syscalls_add_word(&rule.calls, SYSCALLS_NATIVE, plain, strlen(plain)) ==
		SYSCALLS_E_UNKNOWN) {
		refuse_unknown(check, word, plain);
		return;
	}
	if (!check_other(check, word, plain, lists) ||
		(lists->allows && !check_open(check, word, plain, &rule.calls)))
		return;
	rules = check_grow(check, *lists->rules, *lists->n_rules, sizeof(*rules));
	if (!rules)
		return;
	*lists->rules = rules;
	if (!check_rule(check, key, draft, word, &rule.rule))
		return;
	rule.word = take_ptr(plain);
	rules[(*lists->n_rules)++] = rule;
}

static void add_words(struct policy_check *check, const struct policy_key *key,
	const struct draft_key *draft, const struct lists *lists)
{
	for (size_t i = 0; i < draft->n_words; i++)
		add_word(check, key, draft, &draft->words[i], lists);
}

void apply_allow(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	struct policy *policy = check->policy;
	const struct lists lists = {&policy->syscalls.allow_rules, &policy->syscalls.n_allow_rules,
		policy->syscalls.deny_rules, policy->syscalls.n_deny_rules, "deny", true};

	add_words(check, key, draft, &lists);
}

void apply_deny_calls(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	struct policy *policy = check->policy;
	const struct lists lists = {&policy->syscalls.deny_rules, &policy->syscalls.n_deny_rules,
		policy->syscalls.allow_rules, policy->syscalls.n_allow_rules, "allow", false};

	add_words(check, key, draft, &lists);
}

/*
 * A denial comes before the question, so the supervisor would never be asked: two sections would
 * say different things of the same connection.
 */
static void check_notified(struct policy_check *check, const struct include_list *files,
	const struct syscall_rule *rule, const struct syscalls *notified)
{
	struct diag_place place = include_list_place(files, &rule->rule);
	_cleanup_str_ struct str names = STR_INIT;
	struct syscalls both = rule->calls;

	syscalls_intersect(&both, notified);
	if (syscalls_count(&both) == 0)
		return;
	add_names(&names, &both);
	if (names.failed)
		check_out_of_memory(check);
	else
		diag_error(check->diags, &place, "deny-notified", NULL,
			"[network] decides about %s: deny it there", names.text);
}

void check_syscalls(struct policy_check *check, const struct include_list *files)
{
	struct policy *policy = check->policy;
	const struct policy_set alone = {.layers = &policy, .n_layers = 1};
	const struct filter_spec spec = filter_spec(&alone, 0);
	struct filter_denials denials;

	if (policy->syscalls.n_deny_rules == 0)
		return;
	filter_denials(&spec, &denials);
	for (size_t i = 0; i < policy->syscalls.n_deny_rules; i++)
		check_notified(check, files, &policy->syscalls.deny_rules[i], &denials.notified);
}
