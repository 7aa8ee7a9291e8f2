/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Makes the worker and takes everything away from it that it does not need. What fails here ends
 * the worker; the monitor then ends the session.
 */

#include "worker.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "act.h"
#include "cleanup.h"
#include "loop.h"
#include "notify.h"
#include "sock.h"
#include "worker-filter.h"

#define WORKER_FILES 256 /* listeners, fetched sockets and pinned paths of 64 acts in flight */

static int set_limits(void)
{
	const struct rlimit files = {WORKER_FILES, WORKER_FILES};
	const struct rlimit nothing = {0, 0};
	struct rlimit processes;

	if (setrlimit(RLIMIT_NOFILE, &files) < 0 || setrlimit(RLIMIT_FSIZE, &nothing) < 0)
		return -errno;
	/* The user's processes count against our threads: as far up as it goes. */
	if (getrlimit(RLIMIT_NPROC, &processes) < 0)
		return -errno;
	processes.rlim_cur = processes.rlim_max;
	if (setrlimit(RLIMIT_NPROC, &processes) < 0)
		return -errno;
	return 0;
}

/* Nothing but CAP_SYS_PTRACE: for pidfd_getfd(2) and process_vm_readv(2) on sshd's own child. */
static int keep_one_capability(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {0};

	data[CAP_TO_INDEX(CAP_SYS_PTRACE)].permitted = CAP_TO_MASK(CAP_SYS_PTRACE);
	data[CAP_TO_INDEX(CAP_SYS_PTRACE)].effective = CAP_TO_MASK(CAP_SYS_PTRACE);
	return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

static int drop_bounding_set(void)
{
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			return -errno;
	return 0;
}

static int become_user(const struct identity *identity)
{
	int r = drop_bounding_set();

	if (r < 0)
		return r;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return -errno;
	if (setgroups(identity->n_groups, identity->groups) < 0 ||
		setresgid(identity->gid, identity->gid, identity->gid) < 0 ||
		setresuid(identity->uid, identity->uid, identity->uid) < 0)
		return -errno;
	if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0)
		return -errno;
	return keep_one_capability();
}

/* Changing ids clears the death signal, so that comes last. The monitor may be gone by then. */
static int tie_to_monitor(pid_t monitor)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return -errno;
	return getppid() == monitor ? 0 : -ESRCH;
}

/* Returns only when there is nothing to serve any more. */
static int worker_main(const struct supervisor *supervisor, int sock, pid_t monitor)
{
	int r;

	/* One arena: a thread that waits for a connect must not cost a megabyte. */
	mallopt(M_ARENA_MAX, 1);
	r = set_limits();
	if (r == 0 && supervisor->privileged)
		r = become_user(&supervisor->identity);
	if (r == 0)
		r = tie_to_monitor(monitor);
	if (r == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		r = -errno;
	if (r == 0)
		r = notify_check_sizes();
	if (r == 0)
		r = worker_filter_load();
	if (r == 0)
		r = loop_run(supervisor, sock);
	return r;
}

int worker_start(const struct supervisor *supervisor, int *ret_sock, pid_t *ret_pid)
{
	pid_t monitor = getpid(), pid;
	int pair[2], r;

	r = act_unix_prepare(supervisor->set);
	if (r < 0)
		return r;
	r = sock_pair(pair);
	if (r < 0)
		return r;
	pid = fork();
	if (pid < 0) {
		r = -errno;
		fd_close(pair[0]);
		fd_close(pair[1]);
		return r;
	}
	if (pid == 0) {
		fd_close(pair[0]);
		fd_close(supervisor->channel);
		/* The status is the errno; the monitor's record shows it. */
		_exit(-worker_main(supervisor, pair[1], monitor));
	}
	fd_close(pair[1]);
	*ret_sock = pair[0];
	*ret_pid = pid;
	return 0;
}
