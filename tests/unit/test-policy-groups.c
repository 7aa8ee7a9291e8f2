/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Groups by a name service that fails (nss-module.c): no policy is passed over for that. */

#include "policy-root.h"

#include <nss.h>

/* Looks nobody up while the service is in the first state, and the policies in the second. */
static void expect_in(const char *then, const char *now, const char *expected)
{
	assert_int_equal(setenv("SANDLOCK_TEST_NSS", then, 1), 0);
	assert_int_equal(identity_lookup("nobody", &alice), 0);
	assert_int_equal(setenv("SANDLOCK_TEST_NSS", now, 1), 0);
	expect("sshd", expected);
	identity_done(&alice);
}

static bool knows_course(const char *state)
{
	bool known = false;

	assert_int_equal(setenv("SANDLOCK_TEST_NSS", state, 1), 0);
	assert_int_equal(identity_lookup("nobody", &alice), 0);
	for (size_t i = 0; i < alice.n_groups; i++)
		known = known ||
			(alice.group_names[i] && strcmp(alice.group_names[i], "course") == 0);
	identity_done(&alice);
	return known;
}

/* What all this is about: the list is shorter, and nothing says so. */
static void test_lists(void **state)
{
	(void)state;
	assert_true(knows_course("up"));
	assert_false(knows_course("no-lists"));
	assert_false(knows_course("110"));
}

static void test_up(void **state)
{
	(void)state;
	put("default.ini", some);
	expect_in("up", "up", "0 default");
	put("groups/other.ini", broken);
	put("groups/.course.ini", broken);
	put("groups/course.ini.bak", broken);
	expect_in("up", "up", "0 default");
	put("groups/course.ini", some);
	expect_in("up", "up", "0 group/course");
}

/* The group names the user, though no list of the user's names the group. */
static void test_other_side(void **state)
{
	(void)state;
	put("default.ini", some);
	put("groups/course.ini", some);
	expect_in("no-lists", "no-lists", "0 group/course");
	expect_in("110", "up", "0 group/course");
	put("groups/course.ini", broken);
	expect_in("no-lists", "no-lists", "4 bad-choice");
}

static void test_down(void **state)
{
	static const int errors[] = {ETIMEDOUT, ECONNREFUSED, ENOENT, EAGAIN, EIO, ERANGE};

	(void)state;
	put("default.ini", some);
	expect_in("110", "110", "0 default"); /* no group has a policy */
	put("groups/course.ini", some);
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		_cleanup_free_ char *down = str_format("%d", errors[i]);

		expect_in(down, down, "4 group-lookup");
	}
	expect_in("up", "110", "0 group/course"); /* known already */
	put("users/nobody.ini", some);
	expect_in("110", "110", "0 user/nobody"); /* groups do not matter */
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_lists, setup),
		cmocka_unit_test_setup(test_up, setup),
		cmocka_unit_test_setup(test_other_side, setup),
		cmocka_unit_test_setup(test_down, setup),
	};

	if (__nss_configure_lookup("group", "files sandlocktest") != 0) {
		perror("__nss_configure_lookup");
		return 1;
	}
	return cmocka_run_group_tests(tests, begin, end);
}
