/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Starts the supervisor as a grandchild. The process in between is cloned with exit signal 0:
 * wait(2) without __WCLONE does not see it and nobody gets a SIGCHLD, clone(2). The supervisor is
 * then a child of init. Both share the caller's memory until exec, vfork-style: no page tables are
 * copied and no fork handler runs, so they use raw system calls wherever glibc would tell other
 * threads (set*id) or change what the caller sees.
 */

#include "supervisor-spawn.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "fd.h"
#include "sock.h"
#include "wire.h"

#define STACK_SIZE (64 * 1024) /* for each of the two */

/* Login programs shuffle and close the descriptors below; sudo and sshd were seen to. */
#define CHANNEL_MINIMUM 64

struct start {
	const char *path;
	int channel; /* the supervisor's end, >= CHANNEL_MINIMUM */
	char *stack; /* of the grandchild */
};

/*
 * su and sudo come here with the user's real uid and gid; the supervisor must be nobody's but
 * root's. An ordinary user (sandlock-admin run) has nothing to become.
 */
static int become_root(void)
{
	if (syscall(SYS_setresuid, 0, 0, 0) < 0)
		return geteuid() == 0 ? -1 : 0;
	if (syscall(SYS_setresgid, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(SYS_setgroups, 0, NULL);
}

static int exec_supervisor(void *userdata)
{
	const struct start *start = userdata;
	char *const argv[] = {(char *)"sandlock-supervisor", NULL};
	char *const envp[] = {NULL};
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || setsid() < 0 || chdir("/") < 0 || become_root() < 0)
		_exit(126);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (null != fd && dup2(null, fd) < 0)
			_exit(126);
	if (dup2(start->channel, WIRE_SUPERVISOR_FD) < 0)
		_exit(126);
	/* 5.9; without it whatever the caller left open without CLOEXEC would stay open. */
	if (syscall(SYS_close_range, WIRE_SUPERVISOR_FD + 1, ~0U, 0) < 0)
		_exit(126);
	execve(start->path, argv, envp);
	_exit(126);
}

static int clone_grandchild(void *userdata)
{
	struct start *start = userdata;
	pid_t pid = clone(exec_supervisor, start->stack + STACK_SIZE,
		CLONE_VM | CLONE_VFORK | SIGCHLD, start);

	_exit(pid < 0 ? 1 : 0);
}

static int start_and_reap(struct start *start, char *stacks)
{
	int status;
	pid_t pid = clone(clone_grandchild, stacks + STACK_SIZE, CLONE_VM | CLONE_VFORK, start);

	if (pid < 0)
		return -errno;
	while (waitpid(pid, &status, __WCLONE) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EAGAIN;
}

/* Signals stay blocked while memory is shared: no handler of the caller may run in a child. */
static int start_blocked(struct start *start, char *stacks)
{
	sigset_t all, saved;
	int r;

	sigfillset(&all);
	r = pthread_sigmask(SIG_SETMASK, &all, &saved);
	if (r != 0)
		return -r;
	r = start_and_reap(start, stacks);
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	return r;
}

int supervisor_spawn(const char *path, int *ret_channel)
{
	int pair[2], r;
	_cleanup_close_ int ours = -1;
	_cleanup_close_ int theirs = -1;
	struct start start = {.path = path};
	char *stacks;

	r = sock_pair(pair);
	if (r < 0)
		return r;
	ours = pair[0];
	theirs = pair[1];
	r = fd_move_above(ours, CHANNEL_MINIMUM);
	if (r < 0)
		return r;
	ours = r;
	r = fd_move_above(theirs, CHANNEL_MINIMUM);
	if (r < 0)
		return r;
	theirs = r;

	stacks = mmap(NULL, 2 * STACK_SIZE, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (stacks == MAP_FAILED)
		return -errno;
	start.channel = theirs;
	start.stack = stacks + STACK_SIZE;
	r = start_blocked(&start, stacks);
	munmap(stacks, 2 * STACK_SIZE);
	if (r < 0)
		return r;
	*ret_channel = take_fd(&ours);
	return 0;
}
