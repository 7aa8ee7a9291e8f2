/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The mark of a session: the UTS namespace that its processes share with its supervisor, and with
 * nobody else. Nothing in the session can leave it or enter another one.
 */

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Tells the monitor that root is ending the session: it confines nobody any more and says so in its
 * last record. Ends a supervisor that does not know it, and with it the session.
 */
#define MARK_SIGNAL_ENDING SIGUSR2

/*
 * Asks the monitor to record what it has counted so far. Nothing to a supervisor that does not know
 * it: the default action is none.
 */
#define MARK_SIGNAL_STATUS SIGWINCH

struct mark {
	dev_t device;
	ino_t inode; /* given to another namespace once this one is gone */
	uint64_t id; /* given once; 0 before Linux 6.18 */
};

/* Of an open /proc/PID/ns/uts, which keeps the namespace as long as it is open. 0 or -errno. */
int mark_of_fd(int fd, struct mark *ret);

/* Opens that of a process; 0 is the caller. Close-on-exec. The descriptor or -errno. */
int mark_open(pid_t pid);

/* That of a process, without its id; 0 is the caller. One stat(2), no more. 0 or -errno. */
int mark_of(pid_t pid, struct mark *ret);

/* Whether a process, or thread, bears it. No where that cannot be seen. */
bool mark_is_on(const struct mark *mark, pid_t pid);

/* Whether a process that bears the mark is to be left alone. */
typedef bool mark_spare_fn(pid_t pid, const void *userdata);

/*
 * Sends signals to every process that bears the mark, but to the caller and the spared. How many
 * there were, or -errno. Without signals it only counts.
 */
int mark_signal(const struct mark *mark, const int *signals, size_t n_signals, mark_spare_fn *spare,
	const void *userdata);

/*
 * Kills them all, again and again until none is left: one that forks is not outrun in one round.
 * 0, -ETIMEDOUT when some outlived that, or -errno.
 */
int mark_kill(const struct mark *mark, mark_spare_fn *spare, const void *userdata);
