/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Calls to make under the filter, and what this kernel answers then. */

#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

struct attempt {
	const char *name;
	int (*try)(void);     /* returns an errno, 0: it worked; NULL: the call is all there is */
	int bare, supervised; /* under a filter without listener, and with all supervised calls */
	long call[5];         /* number and arguments */
};

extern const struct attempt attempts[];
extern const size_t n_attempts;

extern const struct attempt socket_attempts[];
extern const size_t n_socket_attempts;

/* An errno, 0: it worked. */
int attempt_make(const struct attempt *attempt);

static inline int errno_of(long r)
{
	return r < 0 ? errno : 0;
}

static inline int raw(long nr, long a, long b, long c, long d)
{
	return errno_of(syscall(nr, a, b, c, d, 0L, 0L));
}
