/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is known of login programs: how each starts the process that becomes the session. */

/*
 * How many forks lie between the process that opens the session and the one that becomes the user's
 * shell: 1, or 2 for sshd, where the user's own sshd process comes in between. 0 for a service that
 * is not known to fork(3) at all: it may exec in place, or clone behind libc's back.
 */
unsigned services_depth(const char *service);
