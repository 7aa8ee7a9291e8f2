/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* System calls, by the tables of which both filters are made. */

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

#include "answer.h"
#include "filter-rules.h"
#include "rule-list.h"

static bool is_call(const char *call, unsigned number)
{
	unsigned its;

	return syscall_number(SYSCALLS_NATIVE, call, strlen(call), &its) == 0 && its == number;
}

/* What the base filter does with a call: all of it, or with some of its arguments. */
struct base {
	const struct filter_rule *denied;
	const char *asked, *limited; /* why */
};

static void add_rule(struct base *base, const struct filter_rule *rule)
{
	if (rule->error == FILTER_NOTIFY)
		base->asked = rule->why;
	else if (rule->tests[0].kind == FILTER_TEST_NONE)
		base->denied = rule;
	else
		base->limited = rule->why;
}

static struct base base_of(const struct filter_spec *spec, unsigned number)
{
	struct base base = {NULL};

	for (size_t i = 0; i < n_filter_rules; i++)
		if (is_call(filter_rules[i].call, number) &&
			filter_rule_applies(&filter_rules[i], spec, number))
			add_rule(&base, &filter_rules[i]);
	for (size_t i = 0; i < n_filter_arguments; i++)
		if (is_call(filter_arguments[i].call, number) &&
			filter_argument_applies(&filter_arguments[i], spec, number))
			base.limited = filter_arguments[i].why;
	if (is_call("socket", number) || is_call("socketpair", number))
		base.limited = "other kinds of sockets than TCP, UDP and UNIX";
	return base;
}

static bool gives(const struct policy *layer, uint32_t action)
{
	int error = layer->syscalls.error;

	if (error == SYSCALLS_KILL)
		return action == SECCOMP_RET_KILL_PROCESS;
	if (error == SYSCALLS_LOG)
		return action == SECCOMP_RET_LOG;
	return action == (SECCOMP_RET_ERRNO | (uint32_t)error);
}

static const struct rule *rule_naming(const struct syscall_rule *rules, size_t n, unsigned number)
{
	for (size_t i = 0; i < n; i++)
		if (syscalls_have(&rules[i].calls, number))
			return &rules[i].rule;
	return NULL;
}

static const struct rule *profile_rule(const struct policy *layer)
{
	return layer->syscalls.profile_rule.id ? &layer->syscalls.profile_rule : NULL;
}

/* The rule that answers so, of the first layer that does. */
static const struct rule *denying_rule(
	const struct policy_set *set, unsigned number, uint32_t action)
{
	for (size_t i = 0; i < set->n_layers; i++) {
		const struct policy *layer = set->layers[i];
		struct syscalls allowed = filter_profile_allowed(layer, SYSCALLS_NATIVE);
		const struct rule *rule;

		if (syscalls_have(&allowed, number) || !gives(layer, action))
			continue;
		rule = rule_naming(
			layer->syscalls.deny_rules, layer->syscalls.n_deny_rules, number);
		return rule ? rule : profile_rule(layer);
	}
	return NULL;
}

static const struct rule *allowing_rule(const struct policy_set *set, unsigned number)
{
	for (size_t i = 0; i < set->n_layers; i++) {
		const struct policy *layer = set->layers[i];
		const struct rule *rule = rule_naming(
			layer->syscalls.allow_rules, layer->syscalls.n_allow_rules, number);

		if (!rule)
			rule = profile_rule(layer);
		if (rule)
			return rule;
	}
	return NULL;
}

static const char *what_lifts(const struct filter_rule *rule)
{
	if (rule->class == FILTER_OPTIONAL)
		return "; [syscalls] allow lifts it";
	return filter_rule_is_sysv(rule) ? "; [ipc] sysv = yes lifts it" : "";
}

static void deny_by_base(const struct filter_rule *rule, struct answer *ret)
{
	*ret = (struct answer){.error = rule->error, .enforcer = ENFORCER_FILTER};
	answer_because(ret, "base filter: %s%s", rule->why, what_lifts(rule));
}

/* base: that denies it as well, or NULL. */
static void deny_by_second(const struct question *question, unsigned number, uint32_t action,
	const struct filter_rule *base, struct answer *ret)
{
	bool kills = action == SECCOMP_RET_KILL_PROCESS;

	*ret = (struct answer){.enforcer = ENFORCER_FILTER};
	ret->rule = denying_rule(question->subject->set, number, action);
	if (!kills)
		ret->error = (int)(action & SECCOMP_RET_DATA);
	if (base)
		answer_because(ret, "%sdenied by the base filter, too: %s%s",
			kills ? "the process is killed; " : "", base->why, what_lifts(base));
	else if (kills)
		answer_because(ret, "the process is killed");
}

void answer_call(const struct question *question, unsigned number, struct answer *ret)
{
	const struct filters *filters = &question->filters;
	struct base base = base_of(&filters->spec, number);
	uint32_t action = filters->second >= 0 ? filters->profile.actions[number]
					       : SECCOMP_RET_ALLOW;

	/* Of two filters the sterner answer holds; of two errors that of the newer, seccomp(2). */
	if (base.denied && (action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG)) {
		deny_by_base(base.denied, ret);
		return;
	}
	if (action != SECCOMP_RET_ALLOW && action != SECCOMP_RET_LOG) {
		deny_by_second(question, number, action, base.denied, ret);
		return;
	}
	*ret = (struct answer){.allowed = true, .enforcer = ENFORCER_FILTER};
	ret->rule = allowing_rule(question->subject->set, number);
	if (action == SECCOMP_RET_LOG) {
		ret->rule = denying_rule(question->subject->set, number, action);
		answer_because(ret, "and the kernel's audit has it");
	} else if (base.asked) {
		answer_because(ret, "%s", base.asked);
	} else if (base.limited) {
		answer_because(ret, "but not: %s", base.limited);
	} else if (!ret->rule) {
		answer_because(ret, "not restricted");
	}
}

bool answer_syscall(struct question *question, const char *object, struct answer *ret)
{
	struct admin *admin = question->admin;
	char buffer[SYSCALL_NAME_MAX];
	unsigned number;

	switch (syscall_number(SYSCALLS_NATIVE, object, strlen(object), &number)) {
	case 0:
		answer_call(question, number, ret);
		return true;
	case SYSCALLS_E_ABSENT:
		*ret = (struct answer){.error = ENOSYS, .enforcer = ENFORCER_FILTER};
		answer_because(ret, "a call of other architectures");
		return true;
	default:
		admin_missing(admin, "system call", object,
			syscall_nearest(object, strlen(object), buffer));
		return false;
	}
}
