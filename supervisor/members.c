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
	struct mark mark;
	DIR *proc;

	if (mark_of(0, &mark) < 0)
		return false;
	snprintf(search.link, sizeof(search.link), "socket:[%lu]", inode);
	proc = opendir("/proc");
	while (proc && !found && (entry = readdir(proc)))
		found = atoi(entry->d_name) > 0 && mark_is_on(&mark, atoi(entry->d_name)) &&
			holds_socket(entry->d_name, &search);
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
