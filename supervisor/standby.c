/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Starting and ending what serves the worker. */

#include "standby.h"

#include "cleanup.h"
#include "record.h"
#include "servant.h"

void standby_serve(struct standby *standby, const struct supervisor *supervisor)
{
	pid_t pid = servant_fork(supervisor, standby->duty, standby->sock);

	if (pid < 0)
		record_failed(supervisor, standby->starting, pid);
	else
		standby->pid = pid;
	standby->sock = fd_close(standby->sock);
}

void standby_end(struct standby *standby)
{
	servant_end(standby->pid);
	standby->pid = 0;
	standby->sock = fd_close(standby->sock);
}
