/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Login programs differ: several sessions, threads, processes in between, other user ids. */

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "cleanup.h"
#include "login.h"
#include "process.h"
#include "stage.h"

#define NOBODY 65534
#define FORKS  20

static const char *module;

static bool child_is_confined(void)
{
	struct process_view view;

	return process_fork(&view) == 0 && process_view_confined(&view);
}

static bool child_is_free(void)
{
	struct process_view view;

	return process_fork(&view) == 0 && process_view_free(&view);
}

static void test_session_ids(void **state)
{
	char first[64];
	struct login login;

	login_prepare(&login, module, STAGE_SUPERVISED);
	assert_int_equal(login_open(&login, 0), PAM_SUCCESS);
	assert_int_equal(strlen(login_session(&login)), 32);
	assert_int_equal(strspn(login_session(&login), "0123456789abcdef"), 32);
	snprintf(first, sizeof(first), "%s", login_session(&login));
	login_leave(&login);

	login_prepare(&login, module, STAGE_SUPERVISED);
	assert_int_equal(login_open(&login, 0), PAM_SUCCESS);
	assert_string_not_equal(login_session(&login), first);
	login_leave(&login);
}

static void test_the_same_handle_again(void **state)
{
	struct login login;

	login_prepare(&login, module, STAGE_SUPERVISED);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(login_open(&login, 0), PAM_SUCCESS);
		assert_true(child_is_confined());
		assert_int_equal(login_close(&login), PAM_SUCCESS);
		assert_true(child_is_free());
	}
	login_end(&login);
	assert_true(process_supervisors_end());
}

/* su-l includes su: with the line in both, the second call finds the work done. */
static void test_the_same_handle_twice(void **state)
{
	char id[64];
	struct login login;

	login_prepare(&login, module, STAGE_SUPERVISED);
	assert_int_equal(login_open(&login, 0), PAM_SUCCESS);
	snprintf(id, sizeof(id), "%s", login_session(&login));
	assert_int_equal(login_open(&login, 0), PAM_SUCCESS);
	assert_string_equal(login_session(&login), id);
	assert_true(child_is_confined());
	login_leave(&login);
	assert_true(child_is_free());
}

static void test_the_same_handle_for_somebody_else(void **state)
{
	struct login login;

	login_prepare(&login, module, STAGE_SUPERVISED);
	assert_int_equal(login_open(&login, 0), PAM_SUCCESS);
	assert_int_equal(pam_set_item(login.pamh, PAM_USER, "daemon"), PAM_SUCCESS);
	assert_int_equal(login_open(&login, 0), PAM_ABORT);
	assert_true(login_was_told(&login));
	assert_true(child_is_confined());
	login_close(&login); /* libpam remembers the failure and says so again */
	assert_true(child_is_free());
	login_end(&login);
	assert_true(process_supervisors_end());
}

/*
 * A process can have one session at a time: the second is refused, however often it asks, and the
 * first goes on.
 */
static void test_a_second_handle(void **state)
{
	struct process_fds before, after;
	struct login first, second;

	login_prepare(&first, module, STAGE_SUPERVISED);
	assert_int_equal(login_open(&first, 0), PAM_SUCCESS);
	process_fds(&before);
	login_prepare(&second, module, STAGE_SUPERVISED);
	assert_int_equal(login_open(&second, 0), PAM_ABORT);
	assert_true(login_was_told(&second));
	assert_int_equal(login_open(&second, 0), PAM_ABORT);
	assert_true(child_is_confined());
	process_fds(&after);
	assert_true(process_fds_equal(&before, &after));
	login_end(&second);
	assert_true(child_is_confined());
	login_leave(&first);
	assert_true(child_is_free());
}

/* cron: the daemon forks, the middle process opens the session and forks the job. */
static void test_a_process_in_between(void **state)
{
	struct login login;
	pid_t pid;
	int status;

	login_prepare(&login, module, STAGE_SUPERVISED);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		bool good = login_open(&login, 0) == PAM_SUCCESS && child_is_confined() &&
			    child_is_confined() && login_close(&login) == PAM_SUCCESS &&
			    child_is_free();

		_exit(good ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_true(child_is_free());
	login_end(&login);
	assert_true(process_supervisors_end());
}

/* su and sudo: root in effect, but with the real ids of whoever called them. */
static void test_a_setuid_program(void **state)
{
	pid_t pids[PROCESS_SUPERVISORS_MAX];
	struct login login;

	login_prepare(&login, module, STAGE_SUPERVISED);
	assert_int_equal(setresgid(NOBODY, 0, 0), 0);
	assert_int_equal(setresuid(NOBODY, 0, 0), 0);
	assert_int_equal(login_open(&login, 0), PAM_SUCCESS);
	assert_true(process_supervisors(pids) > 0); /* the monitor has the lowest number */
	assert_true(process_is_roots(pids[0]));
	assert_true(child_is_confined());
	assert_int_equal(getuid(), NOBODY);
	assert_int_equal(setresuid(0, 0, 0), 0);
	assert_int_equal(setresgid(0, 0, 0), 0);
	login_leave(&login);
}

/* atd: root, but with the effective ids of daemon when it forks. */
static void test_a_caller_with_other_effective_ids(void **state)
{
	struct login login;

	login_prepare(&login, module, STAGE_SUPERVISED);
	assert_int_equal(login_open(&login, 0), PAM_SUCCESS);
	assert_int_equal(setresgid(-1, NOBODY, -1), 0);
	assert_int_equal(setresuid(-1, NOBODY, -1), 0);
	assert_true(child_is_confined());
	assert_int_equal(geteuid(), NOBODY);
	assert_int_equal(setresuid(-1, 0, -1), 0);
	assert_int_equal(setresgid(-1, 0, -1), 0);
	login_leave(&login);
}

static atomic_bool busy;

/* Holds the allocator's locks as often as can be: a handler that allocated would hang. */
static void *allocate(void *userdata)
{
	while (atomic_load(&busy)) {
		void *small = malloc(100);
		void *large = malloc(1 << 20);

		free(small);
		free(large);
	}
	return NULL;
}

struct thread_result {
	struct login login;
	int opened, closed, n_confined;
};

/* Opens, forks and closes on a thread that is not the first. */
static void *run_session(void *userdata)
{
	struct thread_result *result = userdata;

	result->opened = login_open(&result->login, 0);
	for (int i = 0; result->opened == PAM_SUCCESS && i < FORKS; i++)
		result->n_confined += child_is_confined();
	result->closed = login_close(&result->login);
	return NULL;
}

static void test_threads(void **state)
{
	struct thread_result result = {0};
	pthread_t allocator, session;

	login_prepare(&result.login, module, STAGE_SUPERVISED);
	atomic_store(&busy, true);
	assert_int_equal(pthread_create(&allocator, NULL, allocate, NULL), 0);
	assert_int_equal(pthread_create(&session, NULL, run_session, &result), 0);
	assert_int_equal(pthread_join(session, NULL), 0);
	atomic_store(&busy, false);
	assert_int_equal(pthread_join(allocator, NULL), 0);
	assert_int_equal(result.opened, PAM_SUCCESS);
	assert_int_equal(result.n_confined, FORKS);
	assert_int_equal(result.closed, PAM_SUCCESS);
	assert_true(child_is_free());
	login_end(&result.login);
	assert_true(process_supervisors_end());
}

/* sshd for root forks a child per channel: several hand over at the same time. */
static void *fork_some(void *userdata)
{
	int *n_confined = userdata;

	for (int i = 0; i < FORKS; i++)
		*n_confined += child_is_confined();
	return NULL;
}

static void test_forks_at_the_same_time(void **state)
{
	pthread_t threads[4];
	int n_confined[4] = {0};
	struct login login;

	login_prepare(&login, module, STAGE_SUPERVISED);
	assert_int_equal(login_open(&login, 0), PAM_SUCCESS);
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, fork_some, &n_confined[i]), 0);
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(n_confined[i], FORKS);
	}
	login_leave(&login);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_session_ids, stage_setup),
		cmocka_unit_test_setup(test_the_same_handle_again, stage_setup),
		cmocka_unit_test_setup(test_the_same_handle_twice, stage_setup),
		cmocka_unit_test_setup(test_the_same_handle_for_somebody_else, stage_setup),
		cmocka_unit_test_setup(test_a_second_handle, stage_setup),
		cmocka_unit_test_setup(test_a_process_in_between, stage_setup),
		cmocka_unit_test_setup(test_a_setuid_program, stage_setup),
		cmocka_unit_test_setup(test_a_caller_with_other_effective_ids, stage_setup),
		cmocka_unit_test_setup(test_threads, stage_setup),
		cmocka_unit_test_setup(test_forks_at_the_same_time, stage_setup),
	};
	int r = stage_enter();

	module = getenv("SANDLOCK_TEST_MODULE_BUILT");
	if (r != 0 || !module)
		return r != 0 ? r : 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
