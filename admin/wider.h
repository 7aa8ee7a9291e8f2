/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The one warning of `check` that takes more than a text: a user's file replaces those of the
 * user's groups, and may allow what they do not.
 */

#include <stdbool.h>

#include "policy-lookup.h"

/* Whether `path` is the live file of a user, with group files that it could replace. */
bool wider_is_about(const struct policy_dirs *dirs, const char *path);

/* Adds the warning to those of such a file, which is valid. 0 or -errno. */
int wider_check(const struct policy_dirs *dirs, const char *path, struct diag_list *diags);
