/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which call is whose; and what is said of calls that nobody acts on because nothing is denied. */

#include "act.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "syscalls.h"

static const struct {
	long nr;
	int (*act)(struct job *job, struct outcome *ret);
} acts[] = {
	{SYS_connect, act_connect},
	{SYS_listen, act_listen},
	{SYS_sendmmsg, act_sendmmsg},
	{SYS_sendmsg, act_sendmsg},
	{SYS_sendto, act_sendto},
};

/* The filter of a session that enforces has an errno here, not a notification. */
static int act_watched(const struct job *job, struct outcome *ret)
{
	_cleanup_free_ char *name = syscall_name(SYSCALLS_NATIVE, (unsigned)job->nr);

	ret->action = WIRE_ACTION_SYSCALL;
	outcome_complain(ret, name ? name : "?", EPERM, 0);
	return 0;
}

int act_on(struct job *job, struct outcome *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(acts); i++)
		if (acts[i].nr == job->nr)
			return acts[i].act(job, ret);
	return job->watched ? act_watched(job, ret) : -ENOSYS;
}
