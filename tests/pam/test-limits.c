/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A supervisor, and the login program, that run out of descriptors or memory. */

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cleanup.h"
#include "login.h"
#include "process.h"
#include "stage.h"

#define EXIT_UNCONFINED 126

static const char *module;

/* A forked child's way to live: until its parent ends. */
static _Noreturn void stay(int pipe)
{
	struct process_view view;
	char good;

	process_look(&view);
	good = process_view_confined(&view);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (write(pipe, &good, 1) == 1)
		pause();
	_exit(1);
}

/* Forks one that stays. 1: confined; 0: it ended before it ran; -1: neither. */
static int fork_one(void)
{
	int pair[2], status;
	char good = 0;
	ssize_t n;
	pid_t pid;

	if (pipe(pair) < 0)
		return -1;
	pid = fork();
	if (pid == 0)
		stay(pair[1]);
	close(pair[1]);
	n = read(pair[0], &good, 1);
	close(pair[0]);
	if (n == 1)
		return good ? 1 : -1;
	if (pid < 0)
		return 0;
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	/* It gave up itself, or the session has ended, with all that is in it. */
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGKILL ? 0 : -1;
	return WEXITSTATUS(status) == EXIT_UNCONFINED ? 0 : -1;
}

/* In a process of its own: limits do not come back. */
static int run_limited(int (*play)(struct login *login, rlim_t limit), rlim_t limit)
{
	struct login login;
	int status;
	pid_t pid;

	stage_policy("users/nobody.ini", STAGE_SUPERVISED);
	login_start(&login, "sshd", "nobody", module, STAGE_OPTIONS);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(play(&login, limit));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	login_end(&login);
	assert_true(process_supervisors_end());
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

#define FILES_MAX 80

/* Every child costs each half a descriptor: some are confined, then they run out of them. */
static int play_descriptors(struct login *login, rlim_t limit)
{
	const struct rlimit files = {limit, limit};
	int n_confined = 0;

	if (setrlimit(RLIMIT_NOFILE, &files) < 0 || login_open(login, 0) != PAM_SUCCESS)
		return 1;
	for (int i = 0; i < 2 * FILES_MAX; i++) {
		int r = fork_one();

		if (r < 0)
			return 2;
		n_confined += r;
	}
	return n_confined > 0 && n_confined < FILES_MAX ? 0 : 3;
}

static void test_no_descriptors(void **state)
{
	assert_int_equal(run_limited(play_descriptors, FILES_MAX), 0);
}

#if !defined(__SANITIZE_ADDRESS__)
/* 10: refused, 11: confined. */
static int play_memory(struct login *login, rlim_t limit)
{
	const struct rlimit memory = {limit, limit};
	int r;

	if (setrlimit(RLIMIT_AS, &memory) < 0)
		return 1;
	r = login_open(login, 0);
	if (r == PAM_SUCCESS)
		r = fork_one();
	else
		r = 0;
	return r < 0 ? 2 : 10 + r;
}

/* However little memory there is, a session is confined or not there. */
static void test_no_memory(void **state)
{
	int n[2] = {0};

	for (rlim_t limit = 1 << 20; limit <= 64 << 20; limit += 1 << 20) {
		int r = run_limited(play_memory, limit);

		assert_in_range(r, 10, 11);
		n[r - 10]++;
	}
	print_message("    %d refused, %d confined\n", n[0], n[1]);
	assert_true(n[0] > 0 && n[1] > 0);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_no_descriptors, stage_setup),
#if !defined(__SANITIZE_ADDRESS__)
		/* A sanitizer's shadow memory does not fit into any limit. */
		cmocka_unit_test_setup(test_no_memory, stage_setup),
#endif
	};
	int r = stage_enter();

	module = getenv("SANDLOCK_TEST_MODULE_BUILT");
	if (r != 0 || !module)
		return r != 0 ? r : 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
