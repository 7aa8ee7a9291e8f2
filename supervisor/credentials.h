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
 * Lets what the kernel counts by user, namespaces and fanotify groups, be charged to this one: who
 * hoards them has used up what is his, not root's. The effective uid alone, and with it
 * CAP_SYS_ADMIN alone; one thread. 0 or -errno.
 */
int credentials_charge(uid_t uid);

/* Root again. A process that cannot do it is to be ended. 0 or -errno. */
int credentials_charge_end(void);

/* Not dumpable, no new privileges. After credentials_drop(). 0 or -errno. */
int credentials_close_doors(void);

/* Gone when the monitor goes. Also after credentials_drop(). -ESRCH: the monitor has gone already.
 */
int credentials_tie(pid_t monitor);

/*
 * Closes every descriptor but the standard three and `keep`: all else that the monitor holds is
 * none of its children's business, least of all its ends of sockets. 0 or -errno.
 */
int credentials_close_others(int keep);

/* The same for several; sorts them. */
int credentials_close_all_but(int *keep, size_t n);
