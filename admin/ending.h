/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Ends one session: all of its processes, and no other. */

#include "session-list.h"

#define ENDING_E_GONE    1 /* nothing that is provably of it runs any more */
#define ENDING_E_FOREIGN 2 /* its record names a supervisor that has no session of its own */

/*
 * Asks its processes to end, and kills what is left after a grace. The record of its end is the
 * supervisor's; where there is none left to write it, it is written here. As root. 0, an
 * ENDING_E_*, -ETIMEDOUT when something outlived that, or another negative errno.
 */
int ending_run(const struct session *session);
