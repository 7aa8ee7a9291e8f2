/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Trying things under a compiled ruleset; included after cmocka. */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "ruleset.h"

/* The errno of `op` in a child under the policy's ruleset; 0 when it works. */
static inline int confined(
	const struct policy *policy, unsigned abi, int (*op)(const char *), const char *object)
{
	_cleanup_close_ int ruleset = -1;
	int status = 0, pipes[2], answer = -1;
	pid_t pid;

	assert_int_equal(ruleset_compile(policy, abi, NULL, NULL, &ruleset), 0);
	assert_int_equal(fcntl(ruleset, F_GETFD), FD_CLOEXEC);
	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
			syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
			_exit(1);
		answer = op(object);
		_exit(write(pipes[1], &answer, sizeof(answer)) != sizeof(answer));
	}
	close(pipes[1]);
	assert_int_equal(read(pipes[0], &answer, sizeof(answer)), sizeof(answer));
	close(pipes[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	return answer;
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
