/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Makes the worker and takes everything away from it that it does not need. What fails here ends
 * the worker; the monitor then ends the session.
 */

#include "worker.h"

#include <linux/capability.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "credentials.h"
#include "grants.h"
#include "loop.h"
#include "members.h"
#include "notify.h"
#include "sock.h"
#include "worker-filter.h"

static int set_limits(void)
{
	const struct rlimit nothing = {0, 0};
	struct rlimit processes;

	if (setrlimit(RLIMIT_FSIZE, &nothing) < 0)
		return -errno;
	/* The user's processes count against our threads: as far up as it goes. */
	if (getrlimit(RLIMIT_NPROC, &processes) < 0)
		return -errno;
	processes.rlim_cur = processes.rlim_max;
	if (setrlimit(RLIMIT_NPROC, &processes) < 0)
		return -errno;
	return 0;
}

/*
 * The monitor closes its end when nobody is left under a listener. If it was killed, the session is
 * still there, and ends now: as the user we can, its processes are the user's. The status is the
 * errno; a monitor that lives records it.
 */
static void end_session(const struct supervisor *supervisor, int error)
{
	int r = supervisor->privileged ? members_kill() : 0;

	_exit(r < 0 ? -r : -error);
}

/* Returns only when it could not begin. */
static int worker_main(const struct supervisor *supervisor, const struct worker_socks *socks)
{
	const struct loop_setup setup = {
		supervisor, socks->monitor, socks->scribe, socks->herald, end_session};
	int r;

	/* One arena: a thread that waits for a connect must not cost a megabyte. */
	mallopt(M_ARENA_MAX, 1);
	r = set_limits();
	/* The one capability: pidfd_getfd(2) and process_vm_readv(2) on sshd's own child. */
	if (r == 0 && supervisor->privileged)
		r = credentials_drop(&supervisor->identity, CAP_TO_MASK(CAP_SYS_PTRACE));
	if (r == 0)
		r = credentials_close_doors();
	if (r == 0 && chdir(WORKER_FOLDER) < 0)
		r = -errno;
	if (r == 0)
		r = notify_check_sizes();
	if (r == 0)
		r = worker_filter_load(WORKER_FILTER_WORKER);
	if (r == 0)
		r = loop_run(&setup);
	return r;
}

/* A pair of sockets for each of worker_socks; those that are -1 are closed already. */
struct pairs {
	struct worker_socks ours, theirs;
};

#define SOCKS_NONE ((struct worker_socks){-1, -1, -1})

static void close_socks(const struct worker_socks *socks)
{
	fd_close(socks->monitor);
	fd_close(socks->scribe);
	fd_close(socks->herald);
}

static int open_pair(int *ret_ours, int *ret_theirs)
{
	int pair[2], r = sock_pair(pair);

	if (r < 0)
		return r;
	*ret_ours = pair[0];
	*ret_theirs = pair[1];
	return 0;
}

static int open_pairs(struct pairs *pairs)
{
	int r = open_pair(&pairs->ours.monitor, &pairs->theirs.monitor);

	if (r == 0)
		r = open_pair(&pairs->ours.scribe, &pairs->theirs.scribe);
	if (r == 0)
		r = open_pair(&pairs->ours.herald, &pairs->theirs.herald);
	return r;
}

static int start(const struct supervisor *supervisor, const struct pairs *pairs)
{
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (pid == 0) {
		close_socks(&pairs->ours);
		fd_close(supervisor->channel);
		/* The status is the errno; the monitor's record shows it. */
		_exit(-worker_main(supervisor, &pairs->theirs));
	}
	return pid;
}

int worker_start(const struct supervisor *supervisor, struct worker_socks *ret, pid_t *ret_pid)
{
	struct pairs pairs = {SOCKS_NONE, SOCKS_NONE};
	int r = grants_prepare(supervisor->set);

	if (r == 0)
		r = open_pairs(&pairs);
	if (r == 0)
		r = start(supervisor, &pairs);
	close_socks(&pairs.theirs);
	if (r < 0) {
		close_socks(&pairs.ours);
		return r;
	}
	*ret = pairs.ours;
	*ret_pid = r;
	return 0;
}

bool worker_is_stopped(pid_t pid)
{
	siginfo_t info = {0};

	return pid > 0 && waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG) == 0 &&
	       info.si_pid == pid;
}

void worker_reap(pid_t pid, char *how, size_t size)
{
	int status = 0;

	if (pid == 0)
		return;
	kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) < 0)
		snprintf(how, size, "lost");
	else if (WIFSIGNALED(status))
		snprintf(how, size, "killed by signal %d", WTERMSIG(status));
	else
		snprintf(how, size, "exit status %d", WEXITSTATUS(status));
}
