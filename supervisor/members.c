/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Finds processes through /proc. A process is pinned with a pidfd before it is looked at a second
 * time, so that a reused pid is never killed.
 */

#include "members.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "cleanup.h"

#define ROUNDS   200 /* a fork bomb loses ground in every round */
#define PAUSE_NS 5000000L

static int namespace_of(const char *process, struct stat *ret)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%.32s/ns/uts", process);
	return stat(path, ret) < 0 ? -errno : 0;
}

static bool is_member(const char *process, const struct stat *mark)
{
	struct stat st;

	return namespace_of(process, &st) == 0 && st.st_ino == mark->st_ino &&
	       st.st_dev == mark->st_dev;
}

/* Returns 1 when there was something to kill. */
static int kill_member(const char *process, const struct stat *mark)
{
	_cleanup_close_ int pidfd = -1;

	if (!is_member(process, mark))
		return 0;
	pidfd = (int)syscall(SYS_pidfd_open, atoi(process), 0);
	if (pidfd < 0 || !is_member(process, mark))
		return 0;
	syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
	return 1;
}

static int kill_round(const struct stat *mark)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	int n = 0;

	if (!proc)
		return -errno;
	while ((entry = readdir(proc))) {
		pid_t pid = atoi(entry->d_name);

		if (pid > 0 && pid != getpid())
			n += kill_member(entry->d_name, mark);
	}
	closedir(proc);
	return n;
}

int members_kill(void)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	struct stat mark;
	int r = namespace_of("self", &mark);

	if (r < 0)
		return r;
	for (int round = 0; round < ROUNDS; round++) {
		r = kill_round(&mark);
		if (r <= 0)
			return r;
		nanosleep(&pause, NULL);
	}
	return -ETIMEDOUT;
}

static bool holds_socket(const char *process, const char *wanted)
{
	char path[64], link[64];
	const struct dirent *entry;
	bool found = false;
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%.32s/fd", process);
	fds = opendir(path);
	while (fds && !found && (entry = readdir(fds))) {
		ssize_t n = readlinkat(dirfd(fds), entry->d_name, link, sizeof(link) - 1);

		link[n < 0 ? 0 : n] = '\0';
		found = strcmp(link, wanted) == 0;
	}
	if (fds)
		closedir(fds);
	return found;
}

bool members_hold_socket(unsigned long inode)
{
	const struct dirent *entry;
	bool found = false;
	struct stat mark;
	char wanted[64];
	DIR *proc;

	if (namespace_of("self", &mark) < 0)
		return false;
	snprintf(wanted, sizeof(wanted), "socket:[%lu]", inode);
	proc = opendir("/proc");
	while (proc && !found && (entry = readdir(proc)))
		found = atoi(entry->d_name) > 0 && is_member(entry->d_name, &mark) &&
			holds_socket(entry->d_name, wanted);
	if (proc)
		closedir(proc);
	return found;
}

bool members_include(pid_t pid)
{
	struct stat mark;
	char process[16];

	snprintf(process, sizeof(process), "%d", (int)pid);
	return namespace_of("self", &mark) == 0 && is_member(process, &mark);
}
