/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The warnings of the check by their ids, which never change: a policy accepts one by its id, and
 * with a reason. One table; a new warning is a new row.
 */

#include <stddef.h>

#include "diag.h"
#include "policy.h"

struct lint {
	const char *id;
	const char *help; /* what it means, one line, no full stop */
};

extern const struct lint lints[];
extern const size_t n_lints;

/* NULL where there is none. The id need not be NUL-terminated. */
const struct lint *lint_find(const char *id, size_t length);

/* The known id that was probably meant, or NULL. */
const char *lint_nearest(const char *id, size_t length);

/*
 * Marks the warnings that the policy accepts: those of its own file and of what it includes, where
 * it says so itself; where an included file says so, those that are in that file.
 */
void lints_accept(const struct policy *policy, struct diag_list *diags);
