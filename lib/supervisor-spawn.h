/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Starting the supervisor: from the inside of somebody else's login program, so without SIGCHLD,
 * without a child that wait(2) could find, without fork handlers, without leaking a descriptor.
 * Used by the module: libc only.
 */

/*
 * Starts `path` with an empty environment in a session of its own, its standard descriptors on
 * /dev/null and its end of a new channel at WIRE_SUPERVISOR_FD. *ret_channel is the other end:
 * close-on-exec and moved above the low numbers that login programs shuffle. 0 or -errno; an exec
 * that fails shows as the channel's end, errno is lost with the process.
 */
int supervisor_spawn(const char *path, int *ret_channel);
