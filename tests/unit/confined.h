/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Trying things under a compiled ruleset; included after cmocka. */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "child.h"
#include "cleanup.h"
#include "ruleset.h"

struct confined {
	int ruleset;
	int (*op)(const char *);
	const char *object;
};

static inline int confined_try(void *userdata)
{
	const struct confined *confined = userdata;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		syscall(SYS_landlock_restrict_self, confined->ruleset, 0) < 0)
		_exit(1);
	return confined->op(confined->object);
}

/* The errno of `op` in a child under the policy's ruleset; 0 when it works. */
static inline int confined(
	const struct policy *policy, unsigned abi, int (*op)(const char *), const char *object)
{
	_cleanup_close_ int ruleset = -1;
	struct confined confined = {.op = op, .object = object};

	assert_int_equal(ruleset_compile(policy, abi, NULL, NULL, &ruleset), 0);
	assert_int_equal(fcntl(ruleset, F_GETFD), FD_CLOEXEC);
	confined.ruleset = ruleset;
	return child_answer(confined_try, &confined);
}

static inline unsigned abi_or_skip(void)
{
	int abi = ruleset_abi();

	assert_true(abi >= 0);
	if (abi == 0) {
		print_message("needs Landlock\n");
		skip();
	}
	return (unsigned)abi;
}
