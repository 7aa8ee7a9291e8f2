/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Looks at processes through /proc and prctl(2). */

#include "process.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#include "cleanup.h"
#include "stage.h"

#define FD_MINIMUM 64

void process_fds(struct process_fds *ret)
{
	DIR *folder = opendir("/proc/self/fd");
	const struct dirent *entry;

	assert_non_null(folder);
	ret->n = 0;
	while ((entry = readdir(folder))) {
		char path[64];
		ssize_t n;

		if (entry->d_name[0] == '.' || atoi(entry->d_name) == dirfd(folder))
			continue;
		assert_in_range(ret->n, 0, PROCESS_FDS_MAX - 1);
		snprintf(path, sizeof(path), "/proc/self/fd/%.16s", entry->d_name);
		n = readlink(path, ret->fds[ret->n].target, sizeof(ret->fds[0].target) - 1);
		assert_true(n >= 0);
		ret->fds[ret->n].target[n] = '\0';
		ret->fds[ret->n++].number = atoi(entry->d_name);
	}
	closedir(folder);
}

static bool holds(const struct process_fds *fds, int number, const char *target)
{
	for (size_t i = 0; i < fds->n; i++)
		if (fds->fds[i].number == number && strcmp(fds->fds[i].target, target) == 0)
			return true;
	return false;
}

bool process_fds_equal(const struct process_fds *a, const struct process_fds *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (!holds(a, b->fds[i].number, b->fds[i].target)) {
			print_error("new: %d %s\n", b->fds[i].number, b->fds[i].target);
			return false;
		}
	if (a->n != b->n)
		print_error("%zu descriptors before, %zu after\n", a->n, b->n);
	return a->n == b->n;
}

bool process_fds_grew_well(
	const struct process_fds *before, const struct process_fds *after, size_t *ret_n)
{
	size_t n_new = 0;

	for (size_t i = 0; i < after->n; i++) {
		int number = after->fds[i].number;

		if (holds(before, number, after->fds[i].target))
			continue;
		if (number < FD_MINIMUM || !(fcntl(number, F_GETFD) & FD_CLOEXEC)) {
			print_error(
				"%d %s: low or not close-on-exec\n", number, after->fds[i].target);
			return false;
		}
		n_new++;
	}
	if (ret_n)
		*ret_n = n_new;
	return true;
}

static int open_error(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int error = fd < 0 ? errno : 0;

	fd_close(fd);
	return error;
}

void process_look(struct process_view *ret)
{
	ret->no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
	ret->seccomp = prctl(PR_GET_SECCOMP, 0, 0, 0, 0);
	ret->inside = open_error(STAGE_INSIDE "/file");
	ret->outside = open_error(STAGE_OUTSIDE "/file");
}

bool process_view_confined(const struct process_view *view)
{
	return view->no_new_privs == 1 && view->seccomp == SECCOMP_MODE_FILTER &&
	       view->inside == 0 && view->outside == EACCES;
}

bool process_view_free(const struct process_view *view)
{
	return view->no_new_privs == 0 && view->seccomp == SECCOMP_MODE_DISABLED &&
	       view->inside == 0 && view->outside == 0;
}

int process_fork(struct process_view *ret)
{
	struct process_view view;
	int pipe_fds[2], status;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		process_look(&view);
		n = write(pipe_fds[1], &view, sizeof(view));
		_exit(n == (ssize_t)sizeof(view) ? 0 : 1);
	}
	close(pipe_fds[1]);
	n = read(pipe_fds[0], &view, sizeof(view));
	close(pipe_fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 0) {
		assert_int_equal(n, sizeof(view));
		*ret = view;
	}
	return WEXITSTATUS(status);
}

static bool is_supervisor(const char *process, const struct stat *namespace)
{
	char path[64], comm[32] = "";
	_cleanup_close_ int fd = -1;
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%.16s/ns/mnt", process);
	if (stat(path, &st) < 0 || st.st_ino != namespace->st_ino)
		return false;
	snprintf(path, sizeof(path), "/proc/%.16s/comm", process);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, comm, sizeof(comm) - 1) < 0)
		return false;
	/* 15 bytes is what the kernel keeps of a name. */
	return strcmp(comm, "sandlock-superv\n") == 0 || strcmp(comm, "broken-supervis\n") == 0;
}

size_t process_supervisors(pid_t ret[PROCESS_SUPERVISORS_MAX])
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	struct stat namespace;
	size_t n = 0;

	assert_non_null(proc);
	assert_int_equal(stat("/proc/self/ns/mnt", &namespace), 0);
	while (n < PROCESS_SUPERVISORS_MAX && (entry = readdir(proc)))
		if (atoi(entry->d_name) > 0 && is_supervisor(entry->d_name, &namespace))
			ret[n++] = atoi(entry->d_name);
	closedir(proc);
	return n;
}

bool process_supervisors_end(void)
{
	const struct timespec pause = {.tv_nsec = 10000000};
	pid_t pids[PROCESS_SUPERVISORS_MAX];

	for (int i = 0; i < 1000; i++) {
		if (process_supervisors(pids) == 0)
			return true;
		nanosleep(&pause, NULL);
	}
	print_error("supervisor %d is still there\n", (int)pids[0]);
	return false;
}

bool process_is_roots(pid_t pid)
{
	static const char *const lines[] = {
		"\nUid:\t0\t0\t0\t0\n",
		"\nGid:\t0\t0\t0\t0\n",
		"\nGroups:\t \n",
	};
	char path[64], status[4096] = "";
	_cleanup_close_ int fd = -1;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0 && read(fd, status, sizeof(status) - 1) > 0);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		if (!strstr(status, lines[i])) {
			print_error("%s", status);
			return false;
		}
	return true;
}
