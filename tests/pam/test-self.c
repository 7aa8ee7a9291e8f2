/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * mode=self: the process that opens the session is the session. Each test is played in a child,
 * because there is no way back.
 */

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cleanup.h"
#include "landlock-uapi.h"
#include "login.h"
#include "process.h"
#include "ruleset.h"
#include "stage.h"

#define ABI_WITH_THREADS 8

static const char *module;
static const char *policy;

/* A failed assertion in the child ends it with another status. */
static void in_child(void (*play)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		play();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_true(process_supervisors_end());
}

#define require(what)                                                                              \
	do {                                                                                       \
		if (!(what)) {                                                                     \
			print_error("line %d: %s\n", __LINE__, #what);                             \
			_exit(1);                                                                  \
		}                                                                                  \
	} while (0)

static void start(struct login *login)
{
	login_start(login, "systemd-service", "nobody", module, STAGE_OPTIONS " mode=self");
}

static void with_policy(const char *text)
{
	policy = text;
	stage_policy("users/nobody.ini", policy);
}

static bool self_is_free(void)
{
	struct process_view view;

	process_look(&view);
	return process_view_free(&view);
}

static bool self_is_confined(void)
{
	struct process_view view;

	process_look(&view);
	return process_view_confined(&view);
}

/* The session ends by the process's end: closing it changes nothing any more. */
static void play_caller(void)
{
	struct process_fds before, after;
	struct process_view view;
	struct login login;

	start(&login);
	process_fds(&before);
	require(self_is_free());
	require(login_open(&login, 0) == PAM_SUCCESS);
	require(login.n_messages == 0);
	require(login_session(&login));
	require(self_is_confined());
	process_fds(&after);
	require(process_fds_equal(&before, &after));
	require(process_fork(&view) == 0 && process_view_confined(&view));
	require(login_open(&login, 0) == PAM_SUCCESS);
	require(login_close(&login) == PAM_SUCCESS);
	require(self_is_confined());
	login_end(&login);
	require(process_fork(&view) == 0 && process_view_confined(&view));
}

static void test_files_only(void **state)
{
	with_policy(STAGE_FILES);
	in_child(play_caller);
}

static void test_supervised(void **state)
{
	with_policy(STAGE_SUPERVISED);
	in_child(play_caller);
}

static void play_refusal(void)
{
	struct login login;

	start(&login);
	require(login_open(&login, 0) == PAM_ABORT);
	require(login_was_told(&login));
	require(self_is_free());
}

/* A profile is for the shell: there is no moment at which it could be put on. */
static void test_profile(void **state)
{
	with_policy(STAGE_FILES "[syscalls]\nprofile = compute\n");
	in_child(play_refusal);
}

/* As systemd does: a child of the caller closes the session when the caller has ended. */
static void play_closing_child(void)
{
	struct login login;
	int status;
	pid_t pid;

	start(&login);
	require(login_open(&login, 0) == PAM_SUCCESS);
	pid = fork();
	require(pid >= 0);
	if (pid == 0) {
		require(self_is_confined());
		require(login_close(&login) == PAM_SUCCESS);
		require(pam_end(login.pamh, PAM_SUCCESS | PAM_DATA_SILENT) == PAM_SUCCESS);
		_exit(0);
	}
	require(waitpid(pid, &status, 0) == pid && status == 0);
	require(self_is_confined());
}

static void test_closing_child(void **state)
{
	with_policy(STAGE_SUPERVISED);
	in_child(play_closing_child);
}

static void play_exec(void)
{
	const char *const argv[] = {"sh", "-c",
		"read x <" STAGE_INSIDE "/file && ! (read x <" STAGE_OUTSIDE "/file)", NULL};
	struct login login;

	start(&login);
	require(login_open(&login, 0) == PAM_SUCCESS);
	execv("/bin/sh", (char *const *)argv);
	_exit(2);
}

static void test_exec(void **state)
{
	with_policy(STAGE_SUPERVISED);
	in_child(play_exec);
}

/* Another thread: asked to look twice, before and after. */
struct other {
	pthread_barrier_t barrier;
	bool free_before, confined_after, free_after;
};

static void *look_twice(void *userdata)
{
	struct other *other = userdata;

	other->free_before = self_is_free();
	pthread_barrier_wait(&other->barrier);
	pthread_barrier_wait(&other->barrier);
	other->confined_after = self_is_confined();
	other->free_after = self_is_free();
	return NULL;
}

static int open_with_thread(struct login *login, struct other *other)
{
	pthread_t thread;
	int r;

	start(login);
	require(pthread_barrier_init(&other->barrier, NULL, 2) == 0);
	require(pthread_create(&thread, NULL, look_twice, other) == 0);
	pthread_barrier_wait(&other->barrier);
	r = login_open(login, 0);
	pthread_barrier_wait(&other->barrier);
	require(pthread_join(thread, NULL) == 0);
	require(other->free_before);
	return r;
}

/* Both confined where the kernel can do that, and neither where it cannot: nothing in between. */
static void play_threads(void)
{
	struct other other;
	struct login login;
	int r = open_with_thread(&login, &other);

	if (ruleset_abi() >= ABI_WITH_THREADS) {
		require(r == PAM_SUCCESS);
		require(self_is_confined() && other.confined_after);
	} else {
		require(r == PAM_ABORT);
		require(login_was_told(&login));
		require(self_is_free() && other.free_after);
	}
}

static void test_threads(void **state)
{
	static const char *const policies[] = {STAGE_FILES, STAGE_SUPERVISED};

	for (size_t i = 0; i < ARRAY_SIZE(policies); i++) {
		with_policy(policies[i]);
		in_child(play_threads);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_files_only, stage_setup),
		cmocka_unit_test_setup(test_supervised, stage_setup),
		cmocka_unit_test_setup(test_profile, stage_setup),
		cmocka_unit_test_setup(test_closing_child, stage_setup),
		cmocka_unit_test_setup(test_exec, stage_setup),
		cmocka_unit_test_setup(test_threads, stage_setup),
	};
	int r = stage_enter();

	module = getenv("SANDLOCK_TEST_MODULE_BUILT");
	if (r != 0 || !module)
		return r != 0 ? r : 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
