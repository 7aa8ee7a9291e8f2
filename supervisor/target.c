/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reading a target. The only file with process_vm_readv(2) and pidfd_getfd(2) on a target. */

#include "target.h"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "cleanup.h"
#include "notify.h"

#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL /* Linux 6.9 */
#endif

static FILE *open_status(pid_t tid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	return fopen(path, "re");
}

static pid_t thread_group(pid_t tid)
{
	_cleanup_file_ FILE *status = open_status(tid);
	char line[128];
	int tgid;

	while (status && fgets(line, sizeof(line), status))
		if (sscanf(line, "Tgid: %d", &tgid) == 1)
			return tgid;
	return -ENOENT;
}

bool target_has_signal(const struct job *job)
{
	_cleanup_file_ FILE *status = open_status(job->tid);
	unsigned long long mask, pending = 0, held = 0;
	char line[128];

	while (status && fgets(line, sizeof(line), status)) {
		if (sscanf(line, "SigPnd: %llx", &mask) == 1 ||
			sscanf(line, "ShdPnd: %llx", &mask) == 1)
			pending |= mask;
		if (sscanf(line, "SigBlk: %llx", &mask) == 1 ||
			sscanf(line, "SigIgn: %llx", &mask) == 1)
			held |= mask;
	}
	return (pending & ~held) != 0;
}

/*
 * Before 6.9 only whole processes have pidfds. The leader's descriptors are the thread's where both
 * share one table; where they do not, or the leader has ended, the thread's are out of reach.
 */
static int open_leader(pid_t tid)
{
	int fd = (int)syscall(SYS_pidfd_open, tid, 0);
	pid_t tgid;

	if (fd >= 0 || errno != EINVAL) /* it is the leader */
		return fd < 0 ? -errno : fd;
	tgid = thread_group(tid);
	if (tgid < 0)
		return tgid;
	if (syscall(SYS_kcmp, tid, tgid, KCMP_FILES, 0, 0) != 0)
		return -EOPNOTSUPP;
	fd = (int)syscall(SYS_pidfd_open, tgid, 0);
	return fd < 0 ? -errno : fd;
}

static int open_pidfd(pid_t tid)
{
	int fd = (int)syscall(SYS_pidfd_open, tid, PIDFD_THREAD);

	if (fd < 0 && errno == EINVAL)
		return open_leader(tid);
	return fd < 0 ? -errno : fd;
}

int target_fetch_fd(const struct job *job, int number)
{
	_cleanup_close_ int pidfd = open_pidfd(job->tid);
	_cleanup_close_ int fd = -1;
	int r;

	if (pidfd < 0)
		return pidfd == -ESRCH ? -ENOENT : pidfd;
	r = notify_valid(job);
	if (r < 0)
		return r;
	fd = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);
	if (fd < 0)
		return errno == ESRCH ? -ENOENT : -errno;
	return take_fd(&fd);
}

int target_read_vector(
	const struct job *job, const struct iovec *remote, size_t n, void *buffer, size_t size)
{
	struct iovec local = {buffer, size};
	ssize_t got = process_vm_readv(job->tid, &local, 1, remote, n, 0);
	int error = errno;

	/* Only now is it sure whose memory that was. */
	if (notify_valid(job) < 0)
		return -ENOENT;
	if (got < 0)
		return error == ESRCH ? -ENOENT : -error;
	return (size_t)got == size ? 0 : -EFAULT;
}

int target_read(const struct job *job, uint64_t address, void *buffer, size_t size)
{
	const struct iovec remote = {(void *)(uintptr_t)address, size};

	return target_read_vector(job, &remote, 1, buffer, size);
}

pid_t target_thread_group(const struct job *job)
{
	pid_t process = thread_group(job->tid);

	/* Only now is it sure whose that was. */
	return notify_valid(job) < 0 ? -ENOENT : process;
}

static int open_link(const struct job *job, const char *link)
{
	_cleanup_close_ int fd = -1;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)job->tid, link);
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (notify_valid(job) < 0)
		return -ENOENT;
	return take_fd(&fd);
}

int target_open_root(const struct job *job)
{
	return open_link(job, "root");
}

int target_open_cwd(const struct job *job)
{
	return open_link(job, "cwd");
}

void target_describe(
	const struct job *job, char *comm, size_t comm_size, char *exe, size_t exe_size)
{
	char path[64];
	_cleanup_close_ int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)job->tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, comm, comm_size - 1);
	comm[n < 0 ? 0 : n] = '\0';
	comm[strcspn(comm, "\n")] = '\0';
	snprintf(path, sizeof(path), "/proc/%d/exe", (int)job->tid);
	n = readlink(path, exe, exe_size - 1);
	exe[n < 0 ? 0 : n] = '\0';
}
