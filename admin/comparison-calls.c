/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the filters let through, row by row and call by call, by the tables they are made of. */

#include <linux/seccomp.h>
#include <string.h>

#include "comparison.h"
#include "filter-profile.h"
#include "filter-rules.h"
#include "str.h"

/* Both filters of a set. */
struct calls {
	struct filter_spec spec;
	struct filter_profile profile;
};

static void find_calls(const struct policy_set *set, unsigned abi, struct calls *ret)
{
	ret->spec = filter_spec(set, abi);
	filter_profile_plan(set, SYSCALLS_NATIVE, &ret->profile);
}

static bool lets_through(const struct calls *calls, unsigned number)
{
	uint32_t action = calls->profile.actions[number];

	return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

/* One more denial, of mine and of theirs. Asking the supervisor is no denial. */
static void add_lifted(struct syscalls *lifted, const struct calls *mine, const char *call,
	bool by_me, bool by_them)
{
	unsigned number;

	if (by_me || !by_them || syscall_number(SYSCALLS_NATIVE, call, strlen(call), &number) != 0)
		return;
	if (lets_through(mine, number))
		syscalls_add(lifted, number);
}

static bool applies(const struct filter_rule *rule, const struct filter_spec *spec)
{
	unsigned number;

	return rule->error != FILTER_NOTIFY &&
	       syscall_number(SYSCALLS_NATIVE, rule->call, strlen(rule->call), &number) == 0 &&
	       filter_rule_applies(rule, spec, number);
}

static bool argument_applies(const struct filter_argument *row, const struct filter_spec *spec)
{
	unsigned number;

	return syscall_number(SYSCALLS_NATIVE, row->call, strlen(row->call), &number) == 0 &&
	       filter_argument_applies(row, spec, number);
}

static void find_lifted(
	const struct calls *mine, const struct calls *theirs, struct syscalls *lifted)
{
	for (size_t i = 0; i < n_filter_rules; i++)
		add_lifted(lifted, mine, filter_rules[i].call,
			applies(&filter_rules[i], &mine->spec),
			applies(&filter_rules[i], &theirs->spec));
	for (size_t i = 0; i < n_filter_arguments; i++)
		add_lifted(lifted, mine, filter_arguments[i].call,
			argument_applies(&filter_arguments[i], &mine->spec),
			argument_applies(&filter_arguments[i], &theirs->spec));
}

/* Denied as a whole by the base filter, so that a profile that has it grants nothing. */
static struct syscalls denied_by_base(const struct filter_spec *spec)
{
	struct syscalls denied = {0};

	for (size_t i = 0; i < n_filter_rules; i++) {
		const struct filter_rule *rule = &filter_rules[i];
		unsigned number;

		if (rule->tests[0].kind == FILTER_TEST_NONE && applies(rule, spec) &&
			syscall_number(SYSCALLS_NATIVE, rule->call, strlen(rule->call), &number) ==
				0)
			syscalls_add(&denied, number);
	}
	return denied;
}

static void find_let_through(
	const struct calls *mine, const struct calls *theirs, struct syscalls *ret)
{
	struct syscalls denied = denied_by_base(&mine->spec);

	for (unsigned number = 0; number < SYSCALLS_MAX; number++)
		if (lets_through(mine, number) && !lets_through(theirs, number) &&
			!syscalls_have(&denied, number))
			syscalls_add(ret, number);
}

static int add_calls(const struct syscalls *calls, struct comparison *ret)
{
	_cleanup_str_ struct str text = STR_INIT;
	_cleanup_free_ char *sentence = NULL;

	str_puts(&text, "system calls:");
	for (unsigned number = 0; number < SYSCALLS_MAX; number++) {
		_cleanup_free_ char *name = NULL;

		if (!syscalls_have(calls, number))
			continue;
		name = syscall_name(SYSCALLS_NATIVE, number);
		if (name)
			str_addf(&text, " %s", name);
		else
			str_addf(&text, " %u", number);
	}
	if (syscalls_count(calls) == 0)
		return 0;
	sentence = str_take(&text);
	if (!sentence)
		return -ENOMEM;
	return comparison_add(ret, NULL, NULL, false, sentence);
}

/* The program has no layer: sockets for echo requests exist when any rule asks for them. */
static int compare_sockets(
	const struct calls *mine, const struct calls *theirs, struct comparison *ret)
{
	if (!mine->spec.icmp || theirs->spec.icmp)
		return 0;
	return comparison_add(ret, NULL, NULL, false, "sockets for ICMP echo requests");
}

int comparison_calls(const struct policy_set *mine, const struct policy_set *theirs, unsigned abi,
	struct comparison *ret)
{
	struct calls my, their;
	struct syscalls lifted = {0};
	int r;

	find_calls(mine, abi, &my);
	find_calls(theirs, abi, &their);
	find_lifted(&my, &their, &lifted);
	find_let_through(&my, &their, &lifted);
	r = compare_sockets(&my, &their, ret);
	return r == 0 ? add_calls(&lifted, ret) : r;
}
