/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A session that opens: who is confined, who is not, and what the login program notices of it. */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "cleanup.h"
#include "login.h"
#include "process.h"
#include "stage.h"

#define EXIT_UNCONFINED 126

static const char *module;

static void assert_child_confined(void)
{
	struct process_view view;

	assert_int_equal(process_fork(&view), 0);
	assert_true(process_view_confined(&view));
}

static void assert_child_free(void)
{
	struct process_view view;

	assert_int_equal(process_fork(&view), 0);
	assert_true(process_view_free(&view));
}

static void assert_self_free(void)
{
	struct process_view view;

	process_look(&view);
	assert_true(process_view_free(&view));
}

/* Before, during, after: the same two looks, at the caller and at a child of it. */
static void confine_children_only(const char *policy)
{
	struct login login;

	login_prepare(&login, module, policy);
	assert_child_free();
	assert_int_equal(login_open(&login, 0), PAM_SUCCESS);
	assert_self_free();
	assert_child_confined();
	assert_child_confined();
	assert_self_free();
	assert_int_equal(login_close(&login), PAM_SUCCESS);
	assert_child_free();
	login_end(&login);
	assert_child_free();
	assert_true(process_supervisors_end());
}

static void test_files_only(void **state)
{
	confine_children_only(STAGE_FILES);
}

static void test_supervised(void **state)
{
	confine_children_only(STAGE_SUPERVISED);
}

static void test_all_parts_run(void **state)
{
	pid_t pids[PROCESS_SUPERVISORS_MAX];
	struct login login;

	login_enter(&login, module, STAGE_SUPERVISED);
	assert_child_confined();
	assert_int_equal(process_supervisors(pids), 3); /* keeper, monitor, worker */
	login_leave(&login);
	login_enter(&login, module, STAGE_FILES);
	assert_child_confined();
	assert_int_equal(process_supervisors(pids), 2);
	login_leave(&login);
}

/* Runs `check` in a forked child; its result is the child's exit status. */
static int in_child(int (*check)(struct login *login), struct login *login)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(check(login));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int grandchild_is_confined(struct login *login)
{
	struct process_view view;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		process_look(&view);
		_exit(process_view_confined(&view) ? 0 : 1);
	}
	return waitpid(pid, &status, 0) == pid && status == 0 ? 0 : 1;
}

static void test_grandchildren(void **state)
{
	struct login login;

	login_enter(&login, module, STAGE_SUPERVISED);
	assert_int_equal(in_child(grandchild_is_confined, &login), 0);
	login_leave(&login);
}

static int end_handle(struct login *login)
{
	return pam_end(login->pamh, PAM_SUCCESS) == PAM_SUCCESS ? 0 : 1;
}

/* cron and sshd end the handle in the child, which must not disarm the parent. */
static void test_pam_end_in_the_child(void **state)
{
	struct login login;

	login_enter(&login, module, STAGE_FILES);
	assert_int_equal(in_child(end_handle, &login), 0);
	assert_child_confined();
	login_leave(&login);
}

static void test_pam_end_without_close(void **state)
{
	struct process_fds before, after;
	struct login login;

	login_prepare(&login, module, STAGE_FILES);
	process_fds(&before);
	assert_int_equal(login_open(&login, 0), PAM_SUCCESS);
	login_end(&login);
	process_fds(&after);
	assert_true(process_fds_equal(&before, &after));
	assert_child_free();
	assert_true(process_supervisors_end());
}

/* Descriptors: few, high, close-on-exec while the session is open; none afterwards. */
static void test_descriptors(void **state)
{
	struct process_fds before, during, after;
	struct login login;
	size_t n;

	login_prepare(&login, module, STAGE_SUPERVISED);
	process_fds(&before);
	assert_int_equal(login_open(&login, 0), PAM_SUCCESS);
	process_fds(&during);
	assert_true(process_fds_grew_well(&before, &during, &n));
	assert_int_equal(n, 3); /* channel, mark, one ruleset */
	assert_child_confined();
	assert_int_equal(login_close(&login), PAM_SUCCESS);
	process_fds(&after);
	assert_true(process_fds_equal(&before, &after));
	login_end(&login);
	assert_true(process_supervisors_end());
}

static struct process_fds caller_fds;

static int child_has_the_same_fds(struct login *login)
{
	struct process_fds fds;

	process_fds(&fds);
	return process_fds_equal(&caller_fds, &fds) ? 0 : 1;
}

/* What the handler uses is closed in the child before anything else runs. */
static void test_descriptors_of_the_child(void **state)
{
	static const char *const policies[] = {STAGE_FILES, STAGE_SUPERVISED};

	for (size_t i = 0; i < ARRAY_SIZE(policies); i++) {
		struct login login;

		login_prepare(&login, module, policies[i]);
		process_fds(&caller_fds);
		assert_int_equal(login_open(&login, 0), PAM_SUCCESS);
		assert_int_equal(in_child(child_has_the_same_fds, &login), 0);
		login_leave(&login);
	}
}

static volatile sig_atomic_t n_child_signals;

static void count_signal(int sig)
{
	n_child_signals++;
}

/* cron and login wait for any child: the supervisor must be none of theirs. */
static void test_nothing_to_wait_for(void **state)
{
	const struct sigaction count = {.sa_handler = count_signal};
	struct sigaction saved;
	struct login login;

	n_child_signals = 0;
	assert_int_equal(sigaction(SIGCHLD, &count, &saved), 0);
	login_prepare(&login, module, STAGE_SUPERVISED);
	assert_int_equal(login_open(&login, 0), PAM_SUCCESS);
	assert_int_equal(waitpid(-1, NULL, WNOHANG | __WALL), -1);
	assert_int_equal(errno, ECHILD);
	login_leave(&login);
	assert_int_equal(waitpid(-1, NULL, WNOHANG | __WALL), -1);
	assert_int_equal(errno, ECHILD);
	assert_int_equal(n_child_signals, 0);
	assert_child_free();
	assert_int_equal(n_child_signals, 1); /* the count works */
	assert_int_equal(sigaction(SIGCHLD, &saved, NULL), 0);
}

/* A caller that ignores SIGCHLD has its children reaped by the kernel: ours is awaited anyway. */
static void test_caller_ignores_children(void **state)
{
	void (*saved)(int) = signal(SIGCHLD, SIG_IGN);
	struct login login;

	login_enter(&login, module, STAGE_FILES);
	login_leave(&login);
	signal(SIGCHLD, saved);
}

struct surroundings {
	sigset_t blocked;
	mode_t mask;
	char folder[64];
	pid_t group, session;
};

static void look_round(struct surroundings *ret)
{
	memset(ret, 0, sizeof(*ret)); /* compared as bytes */
	ret->group = getpgrp();
	ret->session = getsid(0);
	assert_int_equal(sigprocmask(SIG_SETMASK, NULL, &ret->blocked), 0);
	ret->mask = umask(0);
	umask(ret->mask);
	assert_non_null(getcwd(ret->folder, sizeof(ret->folder)));
}

static struct surroundings caller;

static int child_has_the_same_surroundings(struct login *login)
{
	struct surroundings mine;

	look_round(&mine);
	return memcmp(&mine, &caller, sizeof(mine)) == 0 ? 0 : 1;
}

static void test_surroundings_stay(void **state)
{
	struct surroundings during;
	struct login login;
	sigset_t some, saved;

	sigemptyset(&some);
	sigaddset(&some, SIGUSR1);
	assert_int_equal(sigprocmask(SIG_SETMASK, &some, &saved), 0);
	assert_int_equal(chdir("/run"), 0);
	login_prepare(&login, module, STAGE_SUPERVISED);
	look_round(&caller);
	assert_int_equal(login_open(&login, 0), PAM_SUCCESS);
	look_round(&during);
	assert_memory_equal(&during, &caller, sizeof(during));
	assert_int_equal(in_child(child_has_the_same_surroundings, &login), 0);
	login_leave(&login);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(sigprocmask(SIG_SETMASK, &saved, NULL), 0);
}

static void kill_supervisors(void)
{
	pid_t pids[PROCESS_SUPERVISORS_MAX];
	size_t n = process_supervisors(pids);

	assert_true(n > 0);
	/* Some may be gone by the others' doing. */
	for (size_t i = 0; i < n; i++)
		assert_true(kill(pids[i], SIGKILL) == 0 || errno == ESRCH);
	assert_true(process_supervisors_end());
}

/* Between open and fork, or between two forks: no child may run without what was promised. */
static void test_killed_supervisor(void **state)
{
	static const char *const policies[] = {STAGE_FILES, STAGE_SUPERVISED};

	for (size_t i = 0; i < ARRAY_SIZE(policies); i++) {
		struct process_view view;
		struct login login;

		login_enter(&login, module, policies[i]);
		if (i > 0)
			assert_child_confined();
		kill_supervisors();
		assert_int_equal(process_fork(&view), EXIT_UNCONFINED);
		assert_int_equal(process_fork(&view), EXIT_UNCONFINED);
		assert_self_free();
		assert_int_equal(login_close(&login), PAM_SUCCESS);
		assert_child_free();
		login_end(&login);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_files_only, stage_setup),
		cmocka_unit_test_setup(test_supervised, stage_setup),
		cmocka_unit_test_setup(test_all_parts_run, stage_setup),
		cmocka_unit_test_setup(test_grandchildren, stage_setup),
		cmocka_unit_test_setup(test_pam_end_in_the_child, stage_setup),
		cmocka_unit_test_setup(test_pam_end_without_close, stage_setup),
		cmocka_unit_test_setup(test_descriptors, stage_setup),
		cmocka_unit_test_setup(test_descriptors_of_the_child, stage_setup),
		cmocka_unit_test_setup(test_nothing_to_wait_for, stage_setup),
		cmocka_unit_test_setup(test_caller_ignores_children, stage_setup),
		cmocka_unit_test_setup(test_surroundings_stay, stage_setup),
		cmocka_unit_test_setup(test_killed_supervisor, stage_setup),
	};
	int r = stage_enter();

	module = getenv("SANDLOCK_TEST_MODULE_BUILT");
	if (r != 0 || !module)
		return r != 0 ? r : 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
