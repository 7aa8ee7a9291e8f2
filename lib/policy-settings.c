/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The handlers of sandlock.conf's keys. */

#include "policy-apply.h"

void apply_no_policy(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	size_t index;

	if (check_choice(check, key, draft->words, &index))
		check->settings->deny_without_policy = index == 1;
}

void apply_exempt_groups(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	struct settings *settings = check->settings;

	(void)key;
	for (size_t i = 0; i < draft->n_words; i++) {
		char **groups = check_grow(
			check, settings->exempt_groups, settings->n_exempt_groups, sizeof(*groups));
		char *name = groups ? check_unescape(check, &draft->words[i]) : NULL;

		settings->exempt_groups = groups ? groups : settings->exempt_groups;
		if (!name)
			return;
		groups[settings->n_exempt_groups++] = name;
	}
}

void apply_min_uid(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	uint64_t uid;

	if (check_number(check, key, draft->words, &uid))
		check->settings->min_uid = (uid_t)uid;
}

void apply_on_old_kernel(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	size_t index;

	if (check_choice(check, key, draft->words, &index))
		check->settings->degrade_on_old_kernel = index == 1;
}

void apply_lookup_timeout(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	uint64_t seconds;

	if (check_duration(check, key, draft->words, &seconds))
		check->settings->lookup_timeout = (unsigned)seconds;
}
