/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The control of the racing attacks: a supervisor as one must not write it. It looks at the
 * target's memory, decides, and lets the kernel look again (CONTINUE). What races win here and
 * lose against the real supervisor has been tried in earnest.
 *
 *	weak PLACE... -- COMMAND...	TCP places, UNIX paths (resolved) that are allowed
 */

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"

static char **allowed;
static int n_allowed;

static int listener_install(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_connect, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sendto, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sendmmsg, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sendmsg, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = ARRAY_SIZE(code), .filter = code};

	need(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no_new_privs");
	return (int)syscall(
		SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

/* The socket the target means, as far as one may say that before the call is made. */
static int option_of(const struct seccomp_notif *request, int option)
{
	int value = -1, pidfd, fd;
	socklen_t length = sizeof(value);

	pidfd = (int)syscall(SYS_pidfd_open, request->pid, 0200 /* PIDFD_THREAD */);
	fd = (int)syscall(SYS_pidfd_getfd, pidfd, (int)request->data.args[0], 0);
	if (fd >= 0)
		getsockopt(fd, SOL_SOCKET, option, &value, &length);
	close(fd);
	close(pidfd);
	return value;
}

static bool path_allowed(const char *path)
{
	char resolved[4096];

	if (!realpath(path, resolved))
		return false;
	for (int i = 0; i < n_allowed; i++)
		if (strcmp(allowed[i], resolved) == 0)
			return true;
	return false;
}

static bool address_allowed(const struct sockaddr_storage *address)
{
	if (address->ss_family == AF_UNIX)
		return path_allowed(((const struct sockaddr_un *)address)->sun_path);
	for (int i = 0; i < n_allowed; i++) {
		struct place place = place_parse(allowed[i]);
		if (memcmp(&place.address, address, place.length) == 0)
			return true;
	}
	return false;
}

static bool read_target(const struct seccomp_notif *request, uint64_t from, void *to, size_t size)
{
	struct iovec here = {to, size}, there = {(void *)(uintptr_t)from, size};

	return process_vm_readv((pid_t)request->pid, &here, 1, &there, 1, 0) == (ssize_t)size;
}

/* Where the address lies and how long it is; false where there is none to look at. */
static bool find_address(const struct seccomp_notif *request, uint64_t *ret, size_t *ret_length)
{
	const __u64 *args = request->data.args;
	struct msghdr header;

	switch (request->data.nr) {
	case SYS_connect:
		*ret = args[1];
		*ret_length = (size_t)args[2];
		return true;
	case SYS_sendto:
		*ret = args[4];
		*ret_length = (size_t)args[5];
		return args[4] != 0;
	default: /* of sendmmsg(2) only the first message, which begins with a header */
		if (!read_target(request, args[1], &header, sizeof(header)))
			return false;
		*ret = (uintptr_t)header.msg_name;
		*ret_length = header.msg_namelen;
		return header.msg_name != NULL;
	}
}

static bool decide(const struct seccomp_notif *request)
{
	struct sockaddr_storage address = {0};
	uint64_t from;
	size_t length;

	if (!find_address(request, &from, &length))
		return true;
	if (length > sizeof(address) || !read_target(request, from, &address, length))
		return false;
	/* "The kernel will refuse that anyway", and this sort of socket ignores an address. */
	if (option_of(request, SO_DOMAIN) == AF_UNIX && address.ss_family != AF_UNIX)
		return true;
	if (request->data.nr != SYS_connect && option_of(request, SO_TYPE) == SOCK_STREAM)
		return true;
	return address_allowed(&address);
}

static void serve(int listener)
{
	struct pollfd poll_listener = {.fd = listener, .events = POLLIN};

	while (poll(&poll_listener, 1, -1) > 0 && !(poll_listener.revents & POLLHUP)) {
		struct seccomp_notif request = {0};
		struct seccomp_notif_resp response = {0};

		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) < 0)
			continue;
		response.id = request.id;
		if (decide(&request))
			response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		else
			response.error = -ECONNREFUSED;
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
	}
}

static void become_target(int channel, char **command)
{
	int listener = listener_install();

	need(listener >= 0, "listener");
	need(write(channel, &listener, sizeof(listener)) == sizeof(listener), "write");
	need(read(channel, &listener, sizeof(listener)) == sizeof(listener), "read");
	close(listener);
	close(channel);
	execvp(command[0], command);
	need(false, command[0]);
}

static int listener_take(pid_t child, int channel)
{
	int number, listener, pidfd = (int)syscall(SYS_pidfd_open, child, 0);

	need(read(channel, &number, sizeof(number)) == sizeof(number), "hand-over");
	listener = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);
	need(listener >= 0, "pidfd_getfd");
	need(write(channel, &number, sizeof(number)) == sizeof(number), "ack");
	close(pidfd);
	close(channel);
	return listener;
}

int main(int argc, char **argv)
{
	int pair[2], status;
	pid_t child;

	allowed = argv + 1;
	while (1 + n_allowed < argc && strcmp(allowed[n_allowed], "--") != 0)
		n_allowed++;
	if (2 + n_allowed >= argc)
		return untried("usage: weak PLACE... -- COMMAND...");
	need(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0, "socketpair");
	child = fork();
	need(child >= 0, "fork");
	if (child == 0)
		become_target(pair[1], argv + 2 + n_allowed);
	close(pair[1]);
	serve(listener_take(child, pair[0]));
	need(waitpid(child, &status, 0) == child, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : UNTRIED;
}
