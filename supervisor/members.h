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

/* Whether a socket, fetched from a process of the session, is the one in question. */
typedef bool members_socket_fn(int sock, const void *userdata);

/*
 * The first socket that a process of the session but this one has open and of which `ask` says yes:
 * a descriptor of the same open file, or -1.
 */
int members_find_socket(members_socket_fn *ask, const void *userdata);
