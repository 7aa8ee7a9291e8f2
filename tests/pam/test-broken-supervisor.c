/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Whatever a supervisor does wrong, the module refuses the session in time, says so once, and has
 * nothing left open. The control is the same answer unspoilt, which is accepted.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "cleanup.h"
#include "login.h"
#include "process.h"
#include "stage.h"

#define EXIT_UNCONFINED 126

static const char *module;

static void start(struct login *login, const char *defect)
{
	login_start(login, "sshd", "nobody", module, STAGE_OPTIONS);
	assert_int_equal(pam_set_item(login->pamh, PAM_RHOST, defect), PAM_SUCCESS);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Fails the test unless `defect` is refused in every respect. Returns how long that took. */
static double refuse(const char *defect)
{
	struct process_fds before, after;
	struct login login;
	double began, took;

	print_message("    a supervisor that is %s\n", defect);
	start(&login, defect);
	process_fds(&before);
	began = seconds();
	assert_int_equal(login_open(&login, 0), PAM_ABORT);
	took = seconds() - began;
	process_fds(&after);
	assert_true(process_fds_equal(&before, &after));
	assert_true(login_was_told(&login));
	assert_null(login_session(&login));
	login_end(&login);
	assert_true(process_supervisors_end());
	return took;
}

static void test_the_whole_answer_is_accepted(void **state)
{
	struct process_view view;
	struct login login;

	start(&login, "whole");
	assert_int_equal(login_open(&login, 0), PAM_SUCCESS);
	assert_int_equal(login.n_messages, 0);
	assert_non_null(login_session(&login));
	assert_int_equal(login_close(&login), PAM_SUCCESS);
	assert_int_equal(process_fork(&view), 0);
	assert_true(process_view_free(&view));
	login_end(&login);
	assert_true(process_supervisors_end());
}

static void test_spoilt_answers(void **state)
{
	static const char *const defects[] = {
		"gone",
		"short",
		"long",
		"another-version",
		"another-type",
		"endless-text",
		"no-fds",
		"one-more-fd",
		"nine-fds",
		"no-namespace",
		"no-ruleset",
		"no-world-of-rulesets",
		"no-instructions",
		"too-few-instructions",
		"overflowing-instructions",
		"unsealed",
		"writable",
		"device",
		"let-go-with-fds",
		"refuse-with-fds",
	};

	for (size_t i = 0; i < ARRAY_SIZE(defects); i++)
		assert_true(refuse(defects[i]) < 4);
}

static void test_no_answer(void **state)
{
	double took = refuse("silent");

	assert_true(took > 4.5 && took < 8);
}

static void test_silent_keeps_silent(void **state)
{
	struct login login;

	start(&login, "gone");
	assert_int_equal(login_open(&login, PAM_SILENT), PAM_ABORT);
	assert_int_equal(login.n_messages, 0);
	login_end(&login);
}

/* Accepts the session, then never takes the child in: the child must not run unconfined. */
static void child_ends(const char *defect, double least, double most)
{
	struct process_view view;
	struct login login;
	double began;

	start(&login, defect);
	assert_int_equal(login_open(&login, 0), PAM_SUCCESS);
	if (least == 0)
		assert_true(process_supervisors_end());
	began = seconds();
	assert_int_equal(process_fork(&view), EXIT_UNCONFINED);
	assert_true(seconds() - began >= least && seconds() - began < most);
	assert_int_equal(login_close(&login), PAM_SUCCESS);
	login_end(&login);
	assert_true(process_supervisors_end());
}

static void test_no_ack(void **state)
{
	child_ends("whole", 4.5, 8);
}

static void test_gone_before_the_fork(void **state)
{
	child_ends("gone-afterwards", 0, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_the_whole_answer_is_accepted, stage_setup),
		cmocka_unit_test_setup(test_spoilt_answers, stage_setup),
		cmocka_unit_test_setup(test_no_answer, stage_setup),
		cmocka_unit_test_setup(test_silent_keeps_silent, stage_setup),
		cmocka_unit_test_setup(test_no_ack, stage_setup),
		cmocka_unit_test_setup(test_gone_before_the_fork, stage_setup),
	};
	int r = stage_enter();

	module = getenv("SANDLOCK_TEST_MODULE_BROKEN");
	if (r != 0 || !module)
		return r != 0 ? r : 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
