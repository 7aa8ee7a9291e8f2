/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* From root to the session's user: what the unprivileged processes of a supervisor begin with. */

#include <stdint.h>
#include <sys/types.h>

#include "policy.h"

/*
 * Becomes the user, with exactly the capabilities of the mask (1 << CAP_*, those below 32) and an
 * empty bounding set. 0 or -errno; the process is to be ended then.
 */
int credentials_drop(const struct identity *identity, uint32_t keep);

/*
 * Not dumpable, no new privileges, and gone when the monitor goes. After credentials_drop(), which
 * undoes the last. 0, or -errno: the monitor has gone already.
 */
int credentials_tie(pid_t monitor);
