/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What files mean by where they lie: who reads them, or that nobody will. */

#include "policy-lookup.h"

/*
 * Judges the place of one file: whether it can be trusted and will ever be read. `base` is confdir
 * or vendordir, `rest` the path beneath it. 0 or a negative errno; findings go to diags.
 */
int policy_live_check(const struct policy_dirs *dirs, const char *base, const char *rest,
	struct diag_list *diags);
