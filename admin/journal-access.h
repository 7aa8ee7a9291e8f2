/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Whether the journal can be read at all. sd-journal(3) opens what it may and is silent about the
 * rest: "no sessions" would be a lie to somebody who is only not allowed to see them.
 */

#include <stdbool.h>

#include "command.h"

/* False when not; the reason has been reported. directory: NULL for this system's journal. */
bool journal_access(struct admin *admin, const char *directory);
