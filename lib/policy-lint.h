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

/* The parts of lint_policy(): what grants on files lead to, and whether a shell could start. */
void lint_files(struct policy_check *check, const struct include_list *files);
void lint_shell(struct policy_check *check);

/* Whether `inner` is `outer` or lies beneath it, by their words. */
bool lint_covers(const char *outer, const char *inner);

/* The home: of the user, or "%h" where none is known; and whether a grant on `path` covers it. */
const char *lint_home(const struct policy_check *check);
bool lint_covers_home(const struct policy_check *check, const char *path);

/* The policy as a whole, once all its files are applied. */
void lint_policy(struct policy_check *check, const struct include_list *files);
