/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Files outside the grants, by every way round: /proc's magic links, descriptors from before,
 * O_PATH, hard links, renames across the border. The user may do all of it by the file's mode;
 * the driver looks at what has changed.
 *
 *	file TRICK PATH [PATH]
 */

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"

/* Prints what it reads: the driver knows the secret. */
static int leak(int fd, const char *how)
{
	char bytes[256];
	ssize_t n;

	if (fd < 0)
		return stopped_by(how);
	n = read(fd, bytes, sizeof(bytes) - 1);
	if (n < 0)
		return stopped_by("read");
	bytes[n] = '\0';
	bytes[strcspn(bytes, "\n")] = '\0';
	return succeeded("%s: %s", how, bytes);
}

static int leak_under(const char *prefix, const char *path)
{
	char whole[PATH_MAX];

	snprintf(whole, sizeof(whole), "%s%s", prefix, path);
	return leak(open(whole, O_RDONLY), whole);
}

static int by_read(char **args)
{
	return leak(open(args[0], O_RDONLY), "open");
}

static int by_openat2(char **args)
{
	unsigned long long how[3] = {O_RDONLY, 0, 0};

	return leak((int)syscall(SYS_openat2, AT_FDCWD, args[0], how, sizeof(how)), "openat2");
}

static int by_self_root(char **args)
{
	return leak_under("/proc/self/root", args[0]);
}

static int by_self_cwd(char **args)
{
	if (chdir("/") < 0)
		return stopped_by("chdir");
	return leak_under("/proc/self/cwd", args[0]);
}

static int by_thread_root(char **args)
{
	return leak_under("/proc/thread-self/root", args[0]);
}

/* args: PATH PID, a process of the same user that is not confined. */
static int by_pid_root(char **args)
{
	char prefix[64];

	snprintf(prefix, sizeof(prefix), "/proc/%s/root", args[1]);
	return leak_under(prefix, args[0]);
}

static int by_pid_cwd(char **args)
{
	char prefix[64];

	snprintf(prefix, sizeof(prefix), "/proc/%s/cwd/", args[1]);
	return leak_under(prefix, args[0]);
}

static int by_o_path(char **args)
{
	int fd = open(args[0], O_PATH);
	char link[64];

	if (fd < 0)
		return stopped_by("open O_PATH");
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	return leak(open(link, O_RDONLY), "reopened O_PATH");
}

static int by_dev_fd(char **args)
{
	int fd = open(args[0], O_PATH);
	char name[32];

	if (fd < 0)
		return stopped_by("open O_PATH");
	snprintf(name, sizeof(name), "/dev/fd/%d", fd);
	return leak(open(name, O_RDONLY), "reopened by /dev/fd");
}

/* Where one stands already: PATH is relative to the folder the session began in. */
static int by_cwd(char **args)
{
	return leak(open(args[0], O_RDONLY), "relative to the cwd");
}

/* PATH relative to descriptor 9, which the login program left open on the folder. */
static int by_folder_fd(char **args)
{
	return leak(openat(9, args[0], O_RDONLY), "openat on an inherited folder");
}

static int by_symlink(char **args)
{
	unlink(args[1]);
	if (symlink(args[0], args[1]) < 0)
		return stopped_by("symlink");
	return leak(open(args[1], O_RDONLY), "through a symlink");
}

static int by_link(char **args)
{
	unlink(args[1]);
	if (link(args[0], args[1]) < 0)
		return stopped_by("link");
	return leak(open(args[1], O_RDONLY), "through a hard link");
}

static int by_link_fd(char **args)
{
	char from[64];
	int fd = open(args[0], O_PATH);

	if (fd < 0)
		return stopped_by("open O_PATH");
	unlink(args[1]);
	snprintf(from, sizeof(from), "/proc/self/fd/%d", fd);
	if (linkat(AT_FDCWD, from, AT_FDCWD, args[1], AT_SYMLINK_FOLLOW) < 0)
		return stopped_by("linkat");
	return leak(open(args[1], O_RDONLY), "through a hard link");
}

static int by_rename(char **args)
{
	if (rename(args[0], args[1]) < 0)
		return stopped_by("rename");
	return succeeded("%s is %s now", args[0], args[1]);
}

static int by_exchange(char **args)
{
	if (renameat2(AT_FDCWD, args[0], AT_FDCWD, args[1], RENAME_EXCHANGE) < 0)
		return stopped_by("renameat2");
	return succeeded("%s and %s have changed places", args[0], args[1]);
}

static int by_write(char **args)
{
	int fd = open(args[0], O_WRONLY | O_APPEND);

	if (fd < 0)
		return stopped_by("open");
	if (write(fd, "mine\n", 5) != 5)
		return stopped_by("write");
	return succeeded("written");
}

static int by_truncate(char **args)
{
	if (truncate(args[0], 0) < 0)
		return stopped_by("truncate");
	return succeeded("truncated");
}

/* Open for reading: the kernel empties what may be written by its mode. */
static int by_open_truncate(char **args)
{
	if (open(args[0], O_RDONLY | O_TRUNC) < 0)
		return stopped_by("open O_TRUNC");
	return succeeded("truncated");
}

static int by_rewrite(char **args)
{
	if (open(args[0], O_WRONLY | O_TRUNC) < 0)
		return stopped_by("open O_TRUNC");
	return succeeded("truncated, to be written");
}

static int by_create(char **args)
{
	if (open(args[0], O_WRONLY | O_CREAT | O_EXCL, 0600) < 0)
		return stopped_by("open O_CREAT");
	return succeeded("created");
}

static int by_tmpfile(char **args)
{
	if (open(args[0], O_TMPFILE | O_RDWR, 0600) < 0)
		return stopped_by("open O_TMPFILE");
	return succeeded("a nameless file");
}

static int by_unlink(char **args)
{
	if (unlink(args[0]) < 0)
		return stopped_by("unlink");
	return succeeded("removed");
}

static int by_mkdir(char **args)
{
	if (mkdir(args[0], 0700) < 0)
		return stopped_by("mkdir");
	return succeeded("made");
}

static int by_mkfifo(char **args)
{
	if (mkfifo(args[0], 0600) < 0)
		return stopped_by("mkfifo");
	return succeeded("made");
}

static int by_bind(char **args)
{
	struct place place = place_parse(args[0]);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	need(fd >= 0, "socket");
	if (bind(fd, (struct sockaddr *)&place.address, place.length) < 0)
		return stopped_by("bind");
	return succeeded("a socket at %s", args[0]);
}

static int by_list(char **args)
{
	char entries[1024];
	int fd = open(args[0], O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return stopped_by("open");
	if (syscall(SYS_getdents64, fd, entries, sizeof(entries)) <= 0)
		return stopped_by("getdents64");
	return succeeded("listed");
}

static int by_execute(char **args)
{
	char *const command[] = {args[0], NULL};
	int status;
	pid_t child = fork();

	need(child >= 0, "fork");
	if (child == 0) {
		execv(args[0], command);
		_exit(126);
	}
	need(waitpid(child, &status, 0) == child, "waitpid");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 126)
		return stopped("exec failed");
	return succeeded("executed");
}

/* Opening for set-id: a file of the user's own that others would run with the user's rights. */
static int by_setuid_mode(char **args)
{
	struct stat st;
	int fd = open(args[0], O_RDWR | O_CREAT, 04755);

	if (fd < 0)
		return stopped_by("open");
	if (fchmod(fd, 04755) < 0 && fstat(fd, &st) == 0 && !(st.st_mode & 04000))
		return stopped_by("fchmod");
	if (fstat(fd, &st) < 0 || !(st.st_mode & 04000))
		return stopped("the bit is not there");
	return succeeded("a set-uid file");
}

static const struct trick tricks[] = {
	{"read", by_read, 1},
	{"openat2", by_openat2, 1},
	{"self-root", by_self_root, 1},
	{"self-cwd", by_self_cwd, 1},
	{"thread-root", by_thread_root, 1},
	{"pid-root", by_pid_root, 2},
	{"pid-cwd", by_pid_cwd, 2},
	{"o-path", by_o_path, 1},
	{"dev-fd", by_dev_fd, 1},
	{"cwd", by_cwd, 1},
	{"folder-fd", by_folder_fd, 1},
	{"symlink", by_symlink, 2},
	{"link", by_link, 2},
	{"link-fd", by_link_fd, 2},
	{"rename", by_rename, 2},
	{"exchange", by_exchange, 2},
	{"write", by_write, 1},
	{"truncate", by_truncate, 1},
	{"open-truncate", by_open_truncate, 1},
	{"rewrite", by_rewrite, 1},
	{"create", by_create, 1},
	{"tmpfile", by_tmpfile, 1},
	{"unlink", by_unlink, 1},
	{"mkdir", by_mkdir, 1},
	{"mkfifo", by_mkfifo, 1},
	{"bind", by_bind, 1},
	{"list", by_list, 1},
	{"execute", by_execute, 1},
	{"setuid-mode", by_setuid_mode, 1},
};

int main(int argc, char **argv)
{
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}
