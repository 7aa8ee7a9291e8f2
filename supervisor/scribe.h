/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Writing a result into a target's memory: sendmmsg(2) tells the length of each message there. The
 * worker, which has CAP_SYS_PTRACE, may not write to any process; the scribe, which has no
 * capability, may, and so only to what the user could write to anyway. It is started by the monitor
 * when the worker asks for it the first time, and most sessions never do.
 */

#include <stdint.h>
#include <sys/types.h>

struct servant_duty;

/* For servant.h. */
extern const struct servant_duty scribe_duty;

/*
 * The worker's side: writes one 32-bit value. 0, -EFAULT, -ETIMEDOUT, or -errno; a scribe that did
 * not answer in time is not asked again (its answers would be to older questions): -EPIPE.
 */
int scribe_write(int sock, pid_t target, uint64_t address, uint32_t value);
