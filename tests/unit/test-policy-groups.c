/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Groups by a name service that fails (nss-module.c): no policy is passed over for that. */

#include "policy-root.h"

#include <nss.h>

#include "policy-place.h"

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

/* Looks up the policies of one whose groups nobody has asked for; whether they are known then. */
static void expect_pending(const char *expected, bool pending)
{
	assert_int_equal(setenv("SANDLOCK_TEST_NSS", "up", 1), 0);
	assert_int_equal(identity_lookup_user("nobody", &alice), 0);
	assert_true(alice.groups_pending);
	assert_int_equal(alice.n_groups, 1);
	assert_int_equal(alice.groups[0], alice.gid);
	expect("sshd", expected);
	assert_int_equal(alice.groups_pending, pending);
	identity_done(&alice);
}

/* The groups are asked for where they matter, and only there. */
static void test_pending(void **state)
{
	(void)state;
	expect_pending("1", true);
	put("groups/course.ini.bak", some);
	put("default.ini", some);
	expect_pending("0 default", true);
	put("groups/other.ini", some);
	expect_pending("0 default", false);
	put("groups/course.ini", some);
	expect_pending("0 group/course", false);
	put("users/nobody.ini", some);
	expect_pending("0 user/nobody", true);
	put("sandlock.conf", "[sandlock]\nexempt-groups = course\n");
	expect_pending("2", false);
	put("sandlock.conf", "[sandlock]\nexempt-groups = other\n");
	expect_pending("0 user/nobody", false);
}

/* What is known is not asked for again. */
static void test_halves(void **state)
{
	(void)state;
	assert_int_equal(setenv("SANDLOCK_TEST_NSS", "up", 1), 0);
	assert_int_equal(identity_lookup_user("nobody", &alice), 0);
	assert_int_equal(identity_lookup_groups(&alice), 0);
	assert_false(alice.groups_pending);
	assert_true(alice.n_groups > 1);
	assert_int_equal(setenv("SANDLOCK_TEST_NSS", "no-lists", 1), 0);
	assert_int_equal(identity_lookup_groups(&alice), 0);
	assert_true(alice.n_groups > 1);
	identity_done(&alice);
}

/* "Nobody will ever read this" is said of a group that is known not to be there. */
static void test_exists(void **state)
{
	const struct policy_dirs here = {.root = ""};

	(void)state;
	assert_int_equal(setenv("SANDLOCK_TEST_NSS", "up", 1), 0);
	assert_true(place_group_exists(&here, "course"));
	assert_false(place_group_exists(&here, "curse"));
	assert_true(place_user_exists(&here, "nobody"));
	assert_false(place_user_exists(&here, "nobody-of-this-name"));
	assert_int_equal(setenv("SANDLOCK_TEST_NSS", "110", 1), 0);
	assert_true(place_group_exists(&here, "curse"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_lists, setup),
		cmocka_unit_test_setup(test_up, setup),
		cmocka_unit_test_setup(test_other_side, setup),
		cmocka_unit_test_setup(test_down, setup),
		cmocka_unit_test_setup(test_pending, setup),
		cmocka_unit_test_setup(test_halves, setup),
		cmocka_unit_test_setup(test_exists, setup),
	};

	if (__nss_configure_lookup("group", "files sandlocktest") != 0) {
		perror("__nss_configure_lookup");
		return 1;
	}
	return cmocka_run_group_tests(tests, begin, end);
}
