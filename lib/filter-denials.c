/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The tables of the filter, read the other way round: from calls to what becomes of them. Pure. */

#include "filter-denials.h"

#include <errno.h>
#include <string.h>

#include "filter-rules.h"

static void add(struct syscalls *calls, uint32_t arch, const char *call)
{
	unsigned number;

	if (syscall_number(arch, call, strlen(call), &number) == 0)
		syscalls_add(calls, number);
}

/* Which of the sets a rule belongs to; NULL where it does not apply. */
static struct syscalls *set_of(const struct filter_rule *rule, const struct filter_spec *spec,
	struct filter_denials *denials)
{
	/* What a policy may change about it decides, not whether it was changed. */
	if (filter_rule_is_sysv(rule))
		return &denials->sysv;
	if (rule->applies && !rule->applies(spec))
		return NULL;
	if (rule->error == FILTER_NOTIFY)
		return &denials->notified;
	if (rule->tests[0].kind != FILTER_TEST_NONE)
		return &denials->limited;
	return rule->class == FILTER_OPTIONAL ? &denials->optional : &denials->closed;
}

void filter_denials(const struct filter_spec *spec, struct filter_denials *ret)
{
	struct filter_denials denials = {0};

	for (size_t i = 0; i < n_filter_rules; i++) {
		const struct filter_rule *rule = &filter_rules[i];
		struct syscalls *set = set_of(rule, spec, &denials);

		if (set && rule->class != FILTER_FALLBACK)
			add(set, spec->arch, rule->call);
		if (set && rule->error == ENOSYS)
			add(&denials.missing, spec->arch, rule->call);
	}
	for (size_t i = 0; i < n_filter_arguments; i++)
		add(filter_arguments[i].class == FILTER_OPTIONAL ? &denials.optional
								 : &denials.limited,
			spec->arch, filter_arguments[i].call);
	add(&denials.limited, spec->arch, "socket");
	add(&denials.limited, spec->arch, "socketpair");
	*ret = denials;
}

static bool is_call(uint32_t arch, const char *call, unsigned number)
{
	unsigned its;

	return syscall_number(arch, call, strlen(call), &its) == 0 && its == number;
}

const char *filter_denial_why(uint32_t arch, unsigned number)
{
	for (size_t i = 0; i < n_filter_rules; i++)
		if (is_call(arch, filter_rules[i].call, number))
			return filter_rules[i].why;
	for (size_t i = 0; i < n_filter_arguments; i++)
		if (is_call(arch, filter_arguments[i].call, number))
			return filter_arguments[i].why;
	return NULL;
}
