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

/*
 * Processes that fork and exit at once are gone when their turn comes: the newest are taken first,
 * round after round, and only a run of empty rounds means that there is nobody left.
 */
#define EMPTY_ROUNDS 10
#define KILL_SECONDS 10
#define PAUSE_NS     1000000L

#define PIDS_MAX 65536 /* looked at in a round */

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

/* All pids but ours, in ascending order. Their number, or -errno. */
static int list_pids(pid_t *pids, size_t max)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	size_t n = 0;

	if (!proc)
		return -errno;
	while (n < max && (entry = readdir(proc))) {
		pid_t pid = atoi(entry->d_name);

		if (pid > 0 && pid != getpid())
			pids[n++] = pid;
	}
	closedir(proc);
	return (int)n;
}

/* How many there were to kill, or -errno. */
static int kill_round(const struct stat *mark, pid_t *pids)
{
	int n = list_pids(pids, PIDS_MAX), killed = 0;

	if (n < 0)
		return n;
	for (int i = n; i-- > 0;) {
		char process[16];

		snprintf(process, sizeof(process), "%d", (int)pids[i]);
		killed += kill_member(process, mark);
	}
	return killed;
}

static time_t now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static int kill_all(const struct stat *mark, pid_t *pids)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	time_t end = now_seconds() + KILL_SECONDS;

	for (int empty = 0; empty < EMPTY_ROUNDS;) {
		int r = kill_round(mark, pids);

		if (r < 0)
			return r;
		if (now_seconds() > end)
			return -ETIMEDOUT;
		empty = r == 0 ? empty + 1 : 0;
		nanosleep(&pause, NULL);
	}
	return 0;
}

int members_kill(void)
{
	_cleanup_free_ pid_t *pids = malloc(PIDS_MAX * sizeof(*pids));
	struct stat mark;
	int r = namespace_of("self", &mark);

	if (!pids)
		return -ENOMEM;
	return r < 0 ? r : kill_all(&mark, pids);
}

struct search {
	char link[64]; /* "socket:[12345]" */
	members_socket_fn *ask;
	const void *userdata;
};

/* The link only says where to look: inode numbers come round again. The descriptor tells. */
static bool is_wanted(int pidfd, int number, const struct search *search)
{
	_cleanup_close_ int sock = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);

	return sock >= 0 && search->ask(sock, search->userdata);
}

static bool holds_socket(const char *process, const struct search *search)
{
	_cleanup_close_ int pidfd = (int)syscall(SYS_pidfd_open, atoi(process), 0);
	char path[64], link[64];
	const struct dirent *entry;
	bool found = false;
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%.32s/fd", process);
	fds = opendir(path);
	while (fds && !found && (entry = readdir(fds))) {
		ssize_t n = readlinkat(dirfd(fds), entry->d_name, link, sizeof(link) - 1);

		link[n < 0 ? 0 : n] = '\0';
		found = strcmp(link, search->link) == 0 &&
			is_wanted(pidfd, atoi(entry->d_name), search);
	}
	if (fds)
		closedir(fds);
	return found;
}

bool members_hold_socket(unsigned long inode, members_socket_fn *ask, const void *userdata)
{
	struct search search = {.ask = ask, .userdata = userdata};
	const struct dirent *entry;
	bool found = false;
	struct stat mark;
	DIR *proc;

	if (namespace_of("self", &mark) < 0)
		return false;
	snprintf(search.link, sizeof(search.link), "socket:[%lu]", inode);
	proc = opendir("/proc");
	while (proc && !found && (entry = readdir(proc)))
		found = atoi(entry->d_name) > 0 && is_member(entry->d_name, &mark) &&
			holds_socket(entry->d_name, &search);
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
