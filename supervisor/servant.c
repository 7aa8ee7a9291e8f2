/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Starting and ending what serves the worker. */

#include "servant.h"

#include "cleanup.h"
#include "record.h"
#include "worker.h"

void servant_serve(struct servant *servant, const struct supervisor *supervisor)
{
	pid_t pid = servant->start(supervisor, servant->sock);

	if (pid < 0)
		record_failed(supervisor, servant->starting, pid);
	else
		servant->pid = pid;
	servant->sock = fd_close(servant->sock);
}

void servant_end(struct servant *servant)
{
	worker_reap(servant->pid, NULL, 0);
	servant->pid = 0;
	servant->sock = fd_close(servant->sock);
}
