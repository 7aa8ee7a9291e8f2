/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A listener on trial. seccomp(2) says EBUSY for a filter that it would take otherwise only. */

#include "listener.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5) /* Linux 5.19 */
#endif

/* A descriptor or -errno. */
static int install(uint32_t flags)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = {.len = 1, .filter = &allow};
	long r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		SECCOMP_FILTER_FLAG_NEW_LISTENER | flags, &program);

	return r < 0 ? -errno : (int)r;
}

int listener_try(uint32_t *ret_flags)
{
	_cleanup_close_ int listener = -1;
	uint32_t flags = SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;

	/* Without CAP_SYS_ADMIN: a session that an ordinary user starts. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	listener = install(flags);
	if (listener == -EINVAL) {
		flags = 0;
		listener = install(flags);
	}
	if (listener < 0)
		return listener;
	*ret_flags = flags;
	return 0;
}
