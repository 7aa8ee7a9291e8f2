/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What files mean by where they lie: who reads them, or that nobody will. */

#include "policy-judge.h"
#include "policy-place.h"

/*
 * Judges the place of one file: whether it can be trusted and will ever be read. `base` is confdir
 * or vendordir, `rest` the path beneath it. 0 or a negative errno; findings go to diags, and whom
 * the file is for to *place.
 */
int policy_live_check(const struct policy_dirs *dirs, const char *base, const char *rest,
	struct diag_list *diags, struct policy_place *place);

/* policy_check_text() for a text of which more is known. */
int policy_judge_text(const struct policy_dirs *dirs, const char *display_name, const void *bytes,
	size_t size, enum policy_kind kind, const struct policy_place *place,
	struct diag_list *diags);
