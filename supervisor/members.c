/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Asks /proc for processes that bear the mark of this session, and so of this process. */

#include "members.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "mark.h"

int members_kill(void)
{
	struct mark mark;
	int r = mark_of(0, &mark);

	return r < 0 ? r : mark_kill(&mark, NULL, NULL);
}

struct search {
	struct mark mark;
	members_socket_fn *ask;
	const void *userdata;
};

/* The link only says where to look: the descriptor tells. */
static int fetch_if_wanted(int pidfd, int number, const struct search *search)
{
	_cleanup_close_ int sock = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);

	return sock >= 0 && search->ask(sock, search->userdata) ? take_fd(&sock) : -1;
}

static int find_among(DIR *fds, int pidfd, const struct search *search)
{
	static const char kind[] = "socket:";
	const struct dirent *entry;
	char link[sizeof(kind)];
	int found = -1;

	while (found < 0 && (entry = readdir(fds)))
		if (readlinkat(dirfd(fds), entry->d_name, link, sizeof(link)) > 0 &&
			memcmp(link, kind, sizeof(kind) - 1) == 0)
			found = fetch_if_wanted(pidfd, atoi(entry->d_name), search);
	return found;
}

/*
 * The mark is looked at behind pidfd_open(2): where a descriptor can still be fetched after that,
 * the pid was this process's all the while.
 */
static int find_in(pid_t pid, const struct search *search)
{
	_cleanup_close_ int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	char path[64];
	int found;
	DIR *fds;

	if (pidfd < 0 || !mark_is_on(&search->mark, pid))
		return -1;
	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	fds = opendir(path);
	if (!fds)
		return -1;
	found = find_among(fds, pidfd, search);
	closedir(fds);
	return found;
}

int members_find_socket(members_socket_fn *ask, const void *userdata)
{
	struct search search = {.ask = ask, .userdata = userdata};
	const struct dirent *entry;
	int found = -1;
	DIR *proc;

	if (mark_of(0, &search.mark) < 0)
		return -1;
	proc = opendir("/proc");
	while (proc && found < 0 && (entry = readdir(proc))) {
		pid_t pid = atoi(entry->d_name);

		if (pid > 0 && pid != getpid() && mark_is_on(&search.mark, pid))
			found = find_in(pid, &search);
	}
	if (proc)
		closedir(proc);
	return found;
}

bool members_include(pid_t pid)
{
	struct mark mark;

	/* To mark.h 0 is the caller. */
	return pid > 0 && mark_of(0, &mark) == 0 && mark_is_on(&mark, pid);
}
