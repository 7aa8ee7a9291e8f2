/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A process of the same user outside the session: its signals, its memory, its files. PID belongs
 * to a victim that the driver started; the driver looks whether it still lives.
 *
 *	process TRICK PID
 */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"

static int by_kill(char **args)
{
	if (kill(atoi(args[0]), SIGTERM) < 0)
		return stopped_by("kill");
	return succeeded("killed");
}

static int by_tgkill(char **args)
{
	int pid = atoi(args[0]);

	if (syscall(SYS_tgkill, pid, pid, SIGTERM) < 0)
		return stopped_by("tgkill");
	return succeeded("killed");
}

static int by_pidfd(char **args)
{
	int pidfd = (int)syscall(SYS_pidfd_open, atoi(args[0]), 0);

	need(pidfd >= 0, "pidfd_open");
	if (syscall(SYS_pidfd_send_signal, pidfd, SIGTERM, NULL, 0) < 0)
		return stopped_by("pidfd_send_signal");
	return succeeded("killed");
}

static int by_queue(char **args)
{
	if (sigqueue(atoi(args[0]), SIGTERM, (union sigval){0}) < 0)
		return stopped_by("sigqueue");
	return succeeded("killed");
}

/* The kernel sends the signal, on behalf of whoever called F_SETOWN. */
static int by_owner(char **args)
{
	int pipes[2];

	need(pipe(pipes) == 0, "pipe");
	if (fcntl(pipes[0], F_SETOWN, atoi(args[0])) < 0)
		return stopped_by("F_SETOWN");
	if (fcntl(pipes[0], F_SETSIG, SIGTERM) < 0 ||
		fcntl(pipes[0], F_SETFL, O_ASYNC | O_NONBLOCK) < 0)
		return stopped_by("O_ASYNC");
	if (write(pipes[1], "x", 1) != 1)
		return stopped_by("write");
	usleep(200 * 1000);
	if (kill(atoi(args[0]), 0) == 0 || errno != ESRCH)
		return stopped("the victim lives");
	return succeeded("killed by SIGIO's sister");
}

static int by_attach(char **args)
{
	int pid = atoi(args[0]);

	if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) < 0)
		return stopped_by("ptrace");
	waitpid(pid, NULL, 0);
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	return succeeded("attached");
}

static int by_seize(char **args)
{
	if (ptrace(PTRACE_SEIZE, atoi(args[0]), NULL, NULL) < 0)
		return stopped_by("ptrace");
	return succeeded("seized");
}

static int opened(const char *pid, const char *name, int flags)
{
	char path[64], byte;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	fd = open(path, flags);
	if (fd < 0)
		return stopped_by(path);
	if (flags == O_RDONLY && read(fd, &byte, 1) < 1)
		return stopped("%s: nothing to read", path);
	return succeeded("%s", path);
}

static int by_mem(char **args)
{
	return opened(args[0], "mem", O_RDWR);
}

static int by_environ(char **args)
{
	return opened(args[0], "environ", O_RDONLY);
}

static int by_maps(char **args)
{
	return opened(args[0], "maps", O_RDONLY);
}

/* Its descriptor 9 is open on the secret. */
static int by_fd(char **args)
{
	return opened(args[0], "fd/9", O_RDONLY);
}

/* Without /proc/PID/maps the address is guessed: position independent or not, the vDSO or stack
 * addresses of a fork of ours are the victim's only if it is our relative; so only the right to
 * read is tried, at an address that is not there: EFAULT says yes. */
static int by_readv(char **args)
{
	char bytes[8];
	struct iovec here = {bytes, sizeof(bytes)}, there = {(void *)4096, sizeof(bytes)};

	if (process_vm_readv(atoi(args[0]), &here, 1, &there, 1, 0) < 0 && errno != EFAULT)
		return stopped_by("process_vm_readv");
	return succeeded("its memory may be read");
}

static int by_writev(char **args)
{
	char bytes[8] = {0};
	struct iovec here = {bytes, sizeof(bytes)}, there = {(void *)4096, sizeof(bytes)};

	if (process_vm_writev(atoi(args[0]), &here, 1, &there, 1, 0) < 0 && errno != EFAULT)
		return stopped_by("process_vm_writev");
	return succeeded("its memory may be written");
}

static int by_getfd(char **args)
{
	int pidfd = (int)syscall(SYS_pidfd_open, atoi(args[0]), 0);

	need(pidfd >= 0, "pidfd_open");
	if (syscall(SYS_pidfd_getfd, pidfd, 9, 0) < 0)
		return stopped_by("pidfd_getfd");
	return succeeded("its descriptor is ours");
}

static int by_prlimit(char **args)
{
	struct rlimit none = {0, 0};

	if (prlimit(atoi(args[0]), RLIMIT_NOFILE, &none, NULL) < 0)
		return stopped_by("prlimit");
	return succeeded("it may open no more files");
}

/* A limit that has been passed already is a signal: SIGXCPU, then SIGKILL. */
static int by_cpu_limit(char **args)
{
	struct rlimit least = {1, 1};

	if (prlimit(atoi(args[0]), RLIMIT_CPU, &least, NULL) < 0)
		return stopped_by("prlimit");
	return succeeded("it dies when it has used a second");
}

static int by_priority(char **args)
{
	if (setpriority(PRIO_PROCESS, (id_t)atoi(args[0]), 19) < 0)
		return stopped_by("setpriority");
	return succeeded("it has to wait now");
}

static const struct trick tricks[] = {
	{"kill", by_kill, 1},
	{"tgkill", by_tgkill, 1},
	{"pidfd", by_pidfd, 1},
	{"queue", by_queue, 1},
	{"owner", by_owner, 1},
	{"attach", by_attach, 1},
	{"seize", by_seize, 1},
	{"mem", by_mem, 1},
	{"environ", by_environ, 1},
	{"maps", by_maps, 1},
	{"fd", by_fd, 1},
	{"readv", by_readv, 1},
	{"writev", by_writev, 1},
	{"getfd", by_getfd, 1},
	{"prlimit", by_prlimit, 1},
	{"cpu-limit", by_cpu_limit, 1},
	{"priority", by_priority, 1},
};

int main(int argc, char **argv)
{
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}
