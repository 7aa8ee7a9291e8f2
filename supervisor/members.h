/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* The processes of a session, told by the UTS namespace that they share with the monitor. */

/*
 * Kills every process of the session but this one, again and again until none is left. 0,
 * -ETIMEDOUT when some outlived that, or -errno.
 */
int members_kill(void);

/* Whether a process, or thread, is of the session. No where that cannot be seen. */
bool members_include(pid_t pid);

/* Whether a process of the session has this socket open, by the inode in its descriptor's link. */
bool members_hold_socket(unsigned long inode);
