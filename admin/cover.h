/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which rule of a layer covers a place in the file system. */

#include "policy.h"

/*
 * The nearest one up from the object that grants the right (LANDLOCK_ACCESS_FS_*), or NULL. place:
 * absolute, without symlinks.
 */
const struct rule *cover_rule(const struct policy *layer, const char *place, uint64_t right);
