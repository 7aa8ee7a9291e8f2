/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A signal is a request that needs no socket, no name and no other permission than the kernel's:
 * only root can send one to the monitor. What it asks for is done by who sends it.
 */

#include "request.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "mark.h"

static sigset_t requests(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, MARK_SIGNAL_ENDING);
	sigaddset(&set, MARK_SIGNAL_STATUS);
	sigaddset(&set, SIGCHLD);
	return set;
}

int request_prepare(void)
{
	const sigset_t set = requests();

	return sigprocmask(SIG_SETMASK, &set, NULL) < 0 ? -errno : 0;
}

int request_open(void)
{
	const sigset_t set = requests();
	int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);

	return fd < 0 ? -errno : fd;
}

enum request request_take(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return REQUEST_NONE;
	if (info.ssi_signo == SIGCHLD)
		return REQUEST_CHILD;
	return info.ssi_signo == MARK_SIGNAL_STATUS ? REQUEST_STATUS : REQUEST_ENDING;
}
