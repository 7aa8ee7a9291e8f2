/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Whether the session's filter will get its listener. The kernel gives one to a process and all
 * that are above it: a login program that was started in a sandbox with a listener cannot have
 * another, and neither can we, who come from it.
 */

#include <stdint.h>

/*
 * Makes the calling thread a trial: installs a listener on it and closes it. The thread keeps a
 * filter that allows everything, so it should be one that ends soon. 0 and what seccomp(2) here
 * knows of the flags that a listener wants; -EBUSY where there is one already; another -errno.
 */
int listener_try(uint32_t *ret_flags);
