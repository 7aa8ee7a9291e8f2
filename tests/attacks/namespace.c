/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Namespaces: the user's way to capabilities of their own, to other networks and to mounts; and,
 * for a confined root, the mount calls themselves.
 *
 *	namespace unshare|clone|clone-junk|clone3 FLAG	user mnt net pid uts ipc cgroup
 *	namespace setns PID		the network namespace of that process
 *	namespace mount|bind|remount|fsopen|open-tree|umount|pivot FOLDER
 */

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

static const struct {
	const char *name;
	unsigned long flag;
} flags[] = {
	{"user", CLONE_NEWUSER},
	/* The others need capabilities: a user gets those of a user namespace in the same call. */
	{"mnt", CLONE_NEWUSER | CLONE_NEWNS},
	{"net", CLONE_NEWUSER | CLONE_NEWNET},
	{"pid", CLONE_NEWUSER | CLONE_NEWPID},
	{"uts", CLONE_NEWUSER | CLONE_NEWUTS},
	{"ipc", CLONE_NEWUSER | CLONE_NEWIPC},
	{"cgroup", CLONE_NEWUSER | CLONE_NEWCGROUP},
	{"mnt-alone", CLONE_NEWNS},
	{"net-alone", CLONE_NEWNET},
	{"time-alone", CLONE_NEWTIME},
};

static unsigned long flag_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (strcmp(flags[i].name, name) == 0)
			return flags[i].flag;
	exit(untried("%s: no such namespace", name));
}

static int by_unshare(char **args)
{
	if (unshare((int)flag_of(args[0])) < 0)
		return stopped_by("unshare");
	return succeeded("unshared %s", args[0]);
}

/* In the child of a clone: nothing but an end. */
static int reaped(long pid, const char *call)
{
	if (pid == 0)
		_exit(0);
	if (pid < 0)
		return stopped_by(call);
	waitpid((pid_t)pid, NULL, 0);
	return succeeded("%s", call);
}

static int by_clone(char **args)
{
	return reaped(syscall(SYS_clone, flag_of(args[0]) | SIGCHLD, 0, 0, 0, 0), "clone");
}

/* The kernel takes the low half of clone(2)'s flags and never looks at the other. */
static int by_clone_junk(char **args)
{
	return reaped(syscall(SYS_clone, flag_of(args[0]) | SIGCHLD | JUNK, 0, 0, 0, 0), "clone");
}

static int by_clone3(char **args)
{
	struct clone_args clone = {.flags = flag_of(args[0]), .exit_signal = SIGCHLD};

	return reaped(syscall(SYS_clone3, &clone, sizeof(clone)), "clone3");
}

static int by_setns(char **args)
{
	int pidfd = (int)syscall(SYS_pidfd_open, atoi(args[0]), 0);

	need(pidfd >= 0, "pidfd_open");
	if (setns(pidfd, CLONE_NEWNET) < 0)
		return stopped_by("setns");
	return succeeded("joined the network of %s", args[0]);
}

static int by_mount(char **args)
{
	if (mount("tmpfs", args[0], "tmpfs", 0, NULL) < 0)
		return stopped_by("mount");
	umount2(args[0], MNT_DETACH);
	return succeeded("mounted on %s", args[0]);
}

static int by_bind(char **args)
{
	if (mount("/", args[0], NULL, MS_BIND | MS_REC, NULL) < 0)
		return stopped_by("mount");
	umount2(args[0], MNT_DETACH);
	return succeeded("/ bound to %s", args[0]);
}

static int by_remount(char **args)
{
	if (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL) < 0)
		return stopped_by("mount");
	return succeeded("/ remounted");
}

static int by_fsopen(char **args)
{
	long fd = syscall(SYS_fsopen, "tmpfs", 0);

	if (fd < 0)
		return stopped_by("fsopen");
	return succeeded("a file system context");
}

static int by_open_tree(char **args)
{
	long fd = syscall(SYS_open_tree, AT_FDCWD, "/", 1 /* OPEN_TREE_CLONE */);

	if (fd < 0)
		return stopped_by("open_tree");
	return succeeded("a detached copy of /");
}

static int by_umount(char **args)
{
	if (umount2(args[0], MNT_DETACH) < 0)
		return stopped_by("umount2");
	return succeeded("%s unmounted", args[0]);
}

static int by_pivot(char **args)
{
	if (syscall(SYS_pivot_root, args[0], args[0]) < 0)
		return stopped_by("pivot_root");
	return succeeded("/ is %s now", args[0]);
}

static const struct trick tricks[] = {
	{"unshare", by_unshare, 1},
	{"clone", by_clone, 1},
	{"clone-junk", by_clone_junk, 1},
	{"clone3", by_clone3, 1},
	{"setns", by_setns, 1},
	{"mount", by_mount, 1},
	{"bind", by_bind, 1},
	{"remount", by_remount, 1},
	{"fsopen", by_fsopen, 1},
	{"open-tree", by_open_tree, 1},
	{"umount", by_umount, 1},
	{"pivot", by_pivot, 1},
};

int main(int argc, char **argv)
{
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}
