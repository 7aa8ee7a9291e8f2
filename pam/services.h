/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is known of login programs: how each starts the process that becomes the session. */

#include <stdbool.h>

/*
 * Whether this PAM service is known to fork(3) the session's first process from the process that
 * opened the session. Programs that exec in place, or that clone behind libc's back, are not.
 */
bool services_forks(const char *service);
