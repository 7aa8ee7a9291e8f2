/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The module as a shared object, and as it is installed: what it shows, and root's exemption. */

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cleanup.h"
#include "login.h"
#include "process.h"
#include "stage.h"

static const char *module;

static const char *const exported[] = {"pam_sm_open_session", "pam_sm_close_session"};

/* What it is made of, and what PAM would call if the module did more than sessions. */
static const char *const hidden[] = {
	"pam_sm_authenticate",
	"pam_sm_setcred",
	"pam_sm_acct_mgmt",
	"pam_sm_chauthtok",
	"arm_confine",
	"arm_prepare",
	"client_open",
	"confine_arm",
	"sock_send",
	"supervisor_spawn",
	"module_options_parse",
	"report_refusal",
};

static void test_exports(void **state)
{
	void *handle = dlopen(module, RTLD_NOW | RTLD_LOCAL);

	if (!handle)
		fail_msg("%s", dlerror());
	for (size_t i = 0; i < ARRAY_SIZE(exported); i++)
		assert_non_null(dlsym(handle, exported[i]));
	for (size_t i = 0; i < ARRAY_SIZE(hidden); i++)
		if (dlsym(handle, hidden[i]))
			fail_msg("%s is exported", hidden[i]);
	assert_int_equal(dlclose(handle), 0);
}

/* The fork handler lives in the module: it must still be there when libpam lets the module go. */
static void test_stays_loaded(void **state)
{
	void *handle = dlopen(module, RTLD_NOW | RTLD_LOCAL);

	assert_non_null(handle);
	assert_int_equal(dlclose(handle), 0);
	handle = dlopen(module, RTLD_NOW | RTLD_NOLOAD);
	assert_non_null(handle);
	dlclose(handle);
}

static void test_close_without_open_is_ignored(void **state)
{
	struct login login;

	login_start(&login, "sshd", "nobody", module, STAGE_OPTIONS);
	assert_int_equal(login_close(&login), PAM_SUCCESS); /* pam_permit's */
	assert_int_equal(login.n_messages, 0);
	login_end(&login);
}

static void test_root_passes(void **state)
{
	struct process_fds before, after;
	struct process_view view;
	struct login login;

	login_start(&login, "sshd", "root", module, STAGE_OPTIONS);
	process_fds(&before);
	assert_int_equal(login_open(&login, 0), PAM_SUCCESS);
	process_fds(&after);
	assert_true(process_fds_equal(&before, &after));
	assert_null(login_session(&login));
	assert_int_equal(process_fork(&view), 0);
	assert_true(process_view_free(&view));
	assert_int_equal(login_close(&login), PAM_SUCCESS);
	login_end(&login);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exports),
		cmocka_unit_test(test_stays_loaded),
		cmocka_unit_test_setup(test_close_without_open_is_ignored, stage_setup),
		cmocka_unit_test_setup(test_root_passes, stage_setup),
	};
	int r = stage_enter();

	module = getenv("SANDLOCK_TEST_MODULE");
	if (r != 0 || !module)
		return r != 0 ? r : 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
