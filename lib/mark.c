/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Finds a session's processes through /proc. A process is pinned with a pidfd before it is looked
 * at a second time, so that a reused pid is never signalled.
 */

#include "mark.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "cleanup.h"

/* linux/nsfs.h of 6.18. */
#define GET_ID _IOR(0xb7, 13, uint64_t)

/*
 * Processes that fork and exit at once are gone when their turn comes: the newest are taken first,
 * round after round, and only a run of empty rounds means that there is nobody left.
 */
#define EMPTY_ROUNDS 10
#define KILL_SECONDS 10
#define PAUSE_NS     1000000L

#define PIDS_MAX 65536 /* looked at in a round */

static void name_of(pid_t pid, char path[64])
{
	if (pid == 0)
		snprintf(path, 64, "/proc/self/ns/uts");
	else
		snprintf(path, 64, "/proc/%d/ns/uts", (int)pid);
}

int mark_open(pid_t pid)
{
	char path[64];
	int fd;

	name_of(pid, path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int mark_of_fd(int fd, struct mark *ret)
{
	struct mark mark = {0};
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	mark.device = st.st_dev;
	mark.inode = st.st_ino;
	if (ioctl(fd, GET_ID, &mark.id) < 0)
		mark.id = 0;
	*ret = mark;
	return 0;
}

int mark_of(pid_t pid, struct mark *ret)
{
	char path[64];
	struct stat st;

	name_of(pid, path);
	if (stat(path, &st) < 0)
		return -errno;
	*ret = (struct mark){.device = st.st_dev, .inode = st.st_ino};
	return 0;
}

bool mark_is_on(const struct mark *mark, pid_t pid)
{
	struct mark its;

	return mark_of(pid, &its) == 0 && its.inode == mark->inode && its.device == mark->device;
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

/* What goes to whom. */
struct round {
	const struct mark *mark;
	const int *signals;
	size_t n_signals;
	mark_spare_fn *spare; /* or NULL */
	const void *userdata;
};

/*
 * Returns 1 when there was somebody whom the caller may signal: to a worker, which is the user, its
 * root monitor is a member like others, and one that would never be gone.
 */
static int signal_one(const struct round *round, pid_t pid)
{
	_cleanup_close_ int pidfd = -1;
	int told = 0;

	if (!mark_is_on(round->mark, pid))
		return 0;
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0 || !mark_is_on(round->mark, pid))
		return 0;
	if (round->spare && round->spare(pid, round->userdata))
		return 0;
	/* Signal 0 only asks. */
	if (round->n_signals == 0)
		return syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0) == 0;
	for (size_t i = 0; i < round->n_signals; i++)
		told |= syscall(SYS_pidfd_send_signal, pidfd, round->signals[i], NULL, 0) == 0;
	return told;
}

static int signal_round(const struct round *round, pid_t *pids)
{
	int n = list_pids(pids, PIDS_MAX), found = 0;

	for (int i = n; i-- > 0;)
		found += signal_one(round, pids[i]);
	return n < 0 ? n : found;
}

int mark_signal(const struct mark *mark, const int *signals, size_t n_signals, mark_spare_fn *spare,
	const void *userdata)
{
	const struct round round = {mark, signals, n_signals, spare, userdata};
	_cleanup_free_ pid_t *pids = malloc(PIDS_MAX * sizeof(*pids));

	return pids ? signal_round(&round, pids) : -ENOMEM;
}

static time_t now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static int kill_all(const struct round *round, pid_t *pids)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	time_t end = now_seconds() + KILL_SECONDS;

	for (int empty = 0; empty < EMPTY_ROUNDS;) {
		int r = signal_round(round, pids);

		if (r < 0)
			return r;
		if (now_seconds() > end)
			return -ETIMEDOUT;
		empty = r == 0 ? empty + 1 : 0;
		nanosleep(&pause, NULL);
	}
	return 0;
}

int mark_kill(const struct mark *mark, mark_spare_fn *spare, const void *userdata)
{
	static const int deadly[] = {SIGKILL};
	const struct round round = {mark, deadly, ARRAY_SIZE(deadly), spare, userdata};
	_cleanup_free_ pid_t *pids = malloc(PIDS_MAX * sizeof(*pids));

	return pids ? kill_all(&round, pids) : -ENOMEM;
}
