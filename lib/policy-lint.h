/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What is legal but probably not meant: warnings, only where check->options->lint asks for them.
 * Nothing here changes the policy.
 */

#include "policy-include.h"

/* A path that this machine does not have, of a rule that does not say it may be missing. */
void lint_missing_path(
	struct policy_check *check, const struct draft_span *word, const struct path_rule *rule);

/* The policy as a whole, once all its files are applied. */
void lint_policy(struct policy_check *check, const struct include_list *files);
