/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The example policies: which kernels can enforce them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>

#include "cleanup.h"
#include "fd.h"
#include "filter.h"
#include "policy-judge.h"
#include "policy-lookup.h"
#include "ruleset.h"
#include "str.h"

#define ABI_MIN 2 /* Debian 12 */
#define ABI_MAX 11

static char user[] = "alice", home[] = "/home/alice", shell[] = "/bin/sh";
static const struct identity alice = {
	.user = user, .uid = 1000, .gid = 1000, .home = home, .shell = shell};

static char *etc;

static int setup(void **state)
{
	const char *data = getenv("SANDLOCK_TEST_DATA");

	etc = data ? str_format("%s/../../etc", data) : NULL;
	return etc ? 0 : -1;
}

static int teardown(void **state)
{
	free(etc);
	return 0;
}

static struct policy_set *load(const char *name)
{
	const struct policy_dirs dirs = {
		.root = "", .confdir = etc, .vendordir = etc, .any_owner = true};
	_cleanup_free_ char *path = str_format("%s/examples/%s", etc, name), *bytes = NULL;
	_cleanup_close_ int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	struct diag_list diags = DIAG_LIST_INIT;
	struct policy_set *set = NULL;
	size_t size;

	assert_int_equal(fd_read_all(fd, POLICY_FILE_MAX, &bytes, &size), 0);
	assert_int_equal(policy_load_bytes(&dirs, &alice, name, bytes, size, &diags, &set), 0);
	diag_list_done(&diags);
	return set;
}

static void test_gaps(void **state)
{
	static const char *const names[] = {"jump.ini", "sftp-only.ini", "students.ini"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct policy_set *set = load(names[i]);
		struct ruleset_gap gaps[RULESET_GAPS_MAX];

		for (unsigned abi = ABI_MIN; abi <= ABI_MAX; abi++)
			if (ruleset_gaps(set->layers[0], abi, gaps) > 0)
				fail_msg("%s at ABI %u: %s needs %s", names[i], abi, gaps[0].key,
					gaps[0].needs);
		/* Without Landlock the files, at least, are a gap. */
		assert_true(ruleset_gaps(set->layers[0], 0, gaps) > 0);
		assert_string_equal(gaps[0].key, "filesystem");
		policy_set_free(set);
	}
}

/* What is shipped warns of nothing that it does not accept, with a reason. */
static void test_warnings(void **state)
{
	static const char *const files[] = {"examples/jump.ini", "examples/sftp-only.ini",
		"examples/students.ini", "include/base.ini", "sandlock.conf"};
	const struct policy_dirs dirs = {
		.root = "", .confdir = "/nonexistent", .vendordir = etc, .any_owner = true};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		_cleanup_free_ char *path = str_format("%s/%s", etc, files[i]);
		struct diag_list diags = DIAG_LIST_INIT;

		assert_int_equal(policy_check_file(&dirs, path, &diags), 0);
		assert_int_equal(diags.n_errors, 0);
		for (size_t j = 0; j < diags.n_items; j++)
			if (!diags.items[j].accepted)
				fail_msg("%s:%u: %s [%s]", files[i], diags.items[j].line,
					diags.items[j].text, diags.items[j].id);
		diag_list_done(&diags);
	}
}

/* Each reason is about something: without it there would be a warning. */
static void test_reasons(void **state)
{
	static const char *const files[] = {"jump.ini", "sftp-only.ini", "students.ini"};
	const struct policy_dirs dirs = {
		.root = "", .confdir = "/nonexistent", .vendordir = etc, .any_owner = true};
	static const size_t reasons[] = {1, 2, 2};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		_cleanup_free_ char *path = str_format("%s/examples/%s", etc, files[i]);
		struct diag_list diags = DIAG_LIST_INIT;

		assert_int_equal(policy_check_file(&dirs, path, &diags), 0);
		assert_int_equal(diags.n_items, reasons[i]);
		diag_list_done(&diags);
	}
}

static void test_truncation_is_guarded(void **state)
{
	struct policy_set *set = load("students.ini");

	for (unsigned abi = 0; abi <= ABI_MAX; abi++)
		assert_int_equal(filter_spec(set, abi).guard_truncate, abi == 1 || abi == 2);
	policy_set_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_warnings),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_truncation_is_guarded),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
