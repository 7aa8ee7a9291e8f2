/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The door to the process behind a notification: its memory and its descriptors. Everything is
 * copied or fetched once, and the notification is validated around it, so that what was fetched
 * belongs to the thread that is waiting and not to a successor with the same number.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

struct job;

/*
 * Fetches a copy of the target's descriptor: the same open file. The copy is close-on-exec.
 * The descriptor, -EBADF where the target has none, -ENOENT when the target is gone, -EOPNOTSUPP
 * where a kernel before 6.9 cannot reach it, or another -errno.
 */
int target_fetch_fd(const struct job *job, int number);

/* Copies exactly `size` bytes of the target's memory. 0, -EFAULT, -ENOENT target gone, -errno. */
int target_read(const struct job *job, uint64_t address, void *buffer, size_t size);

/* The same from a vector in the target to one stretch of ours; `size` is the vector's sum. */
int target_read_vector(
	const struct job *job, const struct iovec *remote, size_t n, void *buffer, size_t size);

/* The process that the target thread belongs to, as long as it still waits; else -ENOENT. */
pid_t target_thread_group(const struct job *job);

/*
 * Whether a signal waits for the target that it neither blocks nor ignores. While a notification is
 * being handled only a deadly one gets through to it (SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV).
 */
bool target_has_signal(const struct job *job);

/* O_PATH descriptors of the target's root and working directory. -errno. */
int target_open_root(const struct job *job);
int target_open_cwd(const struct job *job);

/* What the target is called and runs; cut to size, empty where it cannot be had. */
void target_describe(
	const struct job *job, char *comm, size_t comm_size, char *exe, size_t exe_size);
