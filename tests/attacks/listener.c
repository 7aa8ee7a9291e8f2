/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A supervisor of the attacker's own: a filter with a listener, whose answers let the kernel do
 * what the real supervisor would refuse. The kernel allows one listener at a time, so it works as
 * soon as the real one is gone.
 *
 *	listener plain|junk PLACE [FILE]	waits until FILE exists before it begins
 */

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"

static int listener_install(unsigned long long junk)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_connect, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = ARRAY_SIZE(code), .filter = code};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER | junk,
		SECCOMP_FILTER_FLAG_NEW_LISTENER | junk, &program);
}

/* How often the target is looked after, and how often at most. */
#define PATIENCE_MS 100
#define PATIENCE    200

static void wave_through(int listener)
{
	struct seccomp_notif request = {0};
	struct seccomp_notif_resp response = {0};

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) < 0)
		return;
	response.id = request.id;
	response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

/* Answers every call with "go on" until the target has ended; its status. */
static int wave_all_through(int listener, pid_t target)
{
	struct pollfd wait = {.fd = listener, .events = POLLIN};
	int status;

	for (int i = 0; i < PATIENCE; i++) {
		pid_t ended = waitpid(target, &status, WNOHANG);

		need(ended >= 0, "waitpid");
		if (ended == target)
			return status;
		if (poll(&wait, 1, PATIENCE_MS) > 0)
			wave_through(listener);
	}
	kill(target, SIGKILL);
	need(waitpid(target, &status, 0) == target, "waitpid");
	return status;
}

static int attack(const char *where, unsigned long long junk)
{
	struct place place = place_parse(where);
	int listener = listener_install(junk), status;
	pid_t child;

	if (listener < 0)
		return stopped_by("seccomp");
	child = fork();
	need(child >= 0, "fork");
	if (child == 0) {
		close(listener);
		_exit(place_connect(&place, SOCK_STREAM) == 0 ? 0 : 1);
	}
	status = wave_all_through(listener, child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return succeeded("own listener, connected");
	return stopped("own listener, but not connected");
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return untried("usage: listener plain|junk PLACE [FILE]");
	if (argc > 3)
		wait_for_file(argv[3]);
	return attack(argv[2], strcmp(argv[1], "junk") == 0 ? JUNK : 0);
}
