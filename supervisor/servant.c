/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From a copy of the monitor to a process that can do one thing. */

#include "servant.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "credentials.h"
#include "sock.h"
#include "supervisor.h"

/* What has been an ordinary user from the start has no capability that it could keep. */
static int drop(const struct supervisor *supervisor, uint32_t capabilities)
{
	if (supervisor->privileged)
		return credentials_drop(&supervisor->identity, capabilities);
	return capabilities == 0 ? 0 : -EPERM;
}

static int close_others(const struct servant_duty *duty, int sock)
{
	_cleanup_free_ int *keep = calloc(duty->n_fds + 1, sizeof(*keep));

	if (!keep)
		return -ENOMEM;
	if (duty->n_fds > 0)
		memcpy(keep, duty->fds, duty->n_fds * sizeof(*keep));
	keep[duty->n_fds] = sock;
	return credentials_close_all_but(keep, duty->n_fds + 1);
}

/*
 * The ids first: to change them undoes the next two, prctl(2). The filter last: it forbids the
 * rest.
 */
static int prepare(const struct servant *servant, const struct servant_duty *duty)
{
	int r = drop(servant->supervisor, duty->capabilities);

	if (r == 0)
		r = credentials_close_doors();
	if (r == 0)
		r = credentials_tie(servant->monitor);
	if (r == 0)
		r = close_others(duty, servant->sock);
	if (r == 0 && duty->folder && chdir(duty->folder) < 0)
		r = -errno;
	if (r == 0 && duty->filter != WORKER_FILTER_NONE)
		r = worker_filter_load(duty->filter);
	return r;
}

static int servant_main(const struct servant *servant, const struct servant_duty *duty)
{
	int r = prepare(servant, duty);

	return r == 0 ? duty->serve(servant) : r;
}

pid_t servant_fork(const struct supervisor *supervisor, const struct servant_duty *duty, int sock)
{
	const struct servant servant = {supervisor, sock, getpid(), duty->userdata};
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (pid == 0)
		_exit(-servant_main(&servant, duty));
	return pid;
}

pid_t servant_start(
	const struct supervisor *supervisor, const struct servant_duty *duty, int *ret_sock)
{
	pid_t pid;
	int pair[2], r = sock_pair(pair);

	if (r < 0)
		return r;
	pid = servant_fork(supervisor, duty, pair[1]);
	fd_close(pair[1]);
	if (pid < 0)
		fd_close(pair[0]);
	else
		*ret_sock = pair[0];
	return pid;
}

void servant_end(pid_t pid)
{
	if (pid == 0)
		return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}
