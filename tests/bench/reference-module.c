/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The reference's PAM module: pam_reference.so SUPERVISOR PATHS, see reference-supervisor.c. */

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <security/pam_modules.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reference.h"

#define STACK_SIZE 65536

static struct {
	int channel, ruleset;
	struct sock_fprog program;
} armed = {.channel = -1};

struct start {
	const char *path, *list;
	int channel;
	char *stack;
};

static int become_supervisor(void *userdata)
{
	const struct start *start = userdata;
	char *const argv[] = {(char *)start->path, (char *)start->list, NULL}, *const envp[] = {
										       NULL};

	setsid();
	dup2(start->channel, REFERENCE_CHANNEL);
	syscall(SYS_close_range, REFERENCE_CHANNEL + 1, ~0U, 0);
	execve(start->path, argv, envp);
	_exit(126);
}

/* The one in between is invisible to wait(2) and makes the supervisor a child of init. */
static int vanish(void *userdata)
{
	struct start *start = userdata;

	clone(become_supervisor, start->stack + STACK_SIZE, CLONE_VM | CLONE_VFORK | SIGCHLD,
		start);
	_exit(0);
}

static int spawn(const char *path, const char *list)
{
	struct start start = {.path = path, .list = list};
	int pair[2];
	char *stacks;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	stacks = mmap(
		NULL, 2 * STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	start.channel = pair[1];
	start.stack = stacks;
	waitpid(clone(vanish, stacks + 2 * STACK_SIZE, CLONE_VM | CLONE_VFORK, &start), NULL,
		__WCLONE);
	munmap(stacks, 2 * STACK_SIZE);
	close(pair[1]);
	return pair[0];
}

/* One byte comes along with [ruleset, program]. */
static int receive_ready(int channel, int fds[2])
{
	char byte, control[CMSG_SPACE(2 * sizeof(int))];
	struct iovec iov = {&byte, 1};
	struct msghdr message = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control)};

	if (recvmsg(channel, &message, MSG_CMSG_CLOEXEC) != 1)
		return -1;
	fds[0] = ((int *)CMSG_DATA(CMSG_FIRSTHDR(&message)))[0];
	fds[1] = ((int *)CMSG_DATA(CMSG_FIRSTHDR(&message)))[1];
	return 0;
}

static void confine(void)
{
	struct reference_listener listener = {.pid = getpid()};
	char ack;

	if (armed.channel < 0)
		return;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (syscall(SYS_landlock_restrict_self, armed.ruleset, 0) < 0)
		_exit(126);
	listener.number = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		SECCOMP_FILTER_FLAG_NEW_LISTENER, &armed.program);
	if (listener.number < 0 || write(armed.channel, &listener, sizeof(listener)) < 0 ||
		read(armed.channel, &ack, 1) != 1)
		_exit(126);
	close(listener.number);
	close(armed.channel);
	armed.channel = -1;
}

static int arm(int channel, int fds[2])
{
	static int registered;
	struct stat st;

	if (fstat(fds[1], &st) < 0)
		return -1;
	armed.program.len = (unsigned short)((size_t)st.st_size / sizeof(struct sock_filter));
	armed.program.filter = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fds[1], 0);
	close(fds[1]);
	if (!registered && pthread_atfork(NULL, NULL, confine) != 0)
		return -1;
	registered = 1;
	armed.channel = channel;
	armed.ruleset = fds[0];
	return 0;
}

int pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	int fds[2], channel = argc == 2 ? spawn(argv[0], argv[1]) : -1;

	if (channel < 0 || receive_ready(channel, fds) < 0 || arm(channel, fds) < 0)
		return PAM_ABORT;
	return PAM_SUCCESS;
}

int pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	munmap(armed.program.filter, armed.program.len * sizeof(struct sock_filter));
	close(armed.ruleset);
	close(armed.channel);
	armed.channel = -1;
	return PAM_SUCCESS;
}
