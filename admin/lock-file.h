/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Makes and removes locks (lib/lock.h), so that a login sees an old one, a new one or none. */

#include "command.h"
#include "lock.h"

/* False after it was reported. As root; makes the folder where it is missing. */
bool lock_file_write(struct admin *admin, const char *user, const struct lock *lock);

/*
 * *ret_held: there was one that held, or one that nobody could tell. Removes it in any case. False
 * after it was reported.
 */
bool lock_file_remove(struct admin *admin, const char *user, bool *ret_held);
