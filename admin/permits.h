/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the permissions of a file say, apart from any policy. */

#include "policy.h"

/*
 * Whether they let the user do what the rights (LANDLOCK_ACCESS_FS_*) are about; asked by becoming
 * the user, so for root. Also where it cannot be found out, or there is no such file.
 */
bool permits(const struct identity *identity, const char *path, uint64_t rights);
