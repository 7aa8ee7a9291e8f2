/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Trying in a child what cannot be undone; included after cmocka. */

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * The number that try(userdata) returns in a child. It is a failure of the test when the child does
 * not get as far.
 */
static inline int child_answer(int (*try)(void *), void *userdata)
{
	int pipes[2], status = 0, answer = -1;
	pid_t pid;

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		answer = try(userdata);
		_exit(write(pipes[1], &answer, sizeof(answer)) != sizeof(answer));
	}
	close(pipes[1]);
	assert_int_equal(read(pipes[0], &answer, sizeof(answer)), sizeof(answer));
	close(pipes[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	return answer;
}
