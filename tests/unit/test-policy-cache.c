/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files judged one after the other with one cache: each as if it were the only one. */

#include "policy-root.h"

#include <fcntl.h>

#include "policy-cache.h"
#include "policy-judge.h"

static const char includes_it[] = "[policy]\ninclude = shared\n";

static void free_cache(struct policy_cache **cache)
{
	policy_cache_free(*cache);
}

static struct policy_dirs with(struct policy_cache *cache)
{
	struct policy_dirs here = dirs;

	assert_non_null(cache);
	here.cache = cache;
	return here;
}

/* What is said of CONFDIR/NAME: "FILE:LINE id (included from FILE:LINE)", a line each. */
static void expect_findings(const struct policy_dirs *here, const char *name, const char *expected)
{
	_cleanup_(diag_list_done) struct diag_list diags = DIAG_LIST_INIT;
	_cleanup_str_ struct str found = STR_INIT;
	_cleanup_free_ char *path = path_of(name), *confdir = path_of("");
	size_t n = strlen(confdir);

	assert_int_equal(policy_check_file(here, path, &diags), 0);
	for (size_t i = 0; i < diags.n_items; i++) {
		const struct diag *diag = &diags.items[i];

		assert_true(strncmp(diag->file, confdir, n) == 0);
		str_addf(&found, "%s:%u %s", diag->file + n, diag->line, diag->id);
		if (diag->included_from)
			str_addf(&found, " (included from %s)", diag->included_from + n);
		str_add_char(&found, '\n');
	}
	assert_string_equal(found.text ? found.text : "", expected);
}

static void put_two(const char *include)
{
	put("../passwd", "root:x:0:0::/root:/bin/sh\n");
	put("include/shared.ini", include);
	put("mandatory.d/a.ini", includes_it);
	put("mandatory.d/b.ini", "# One line further down.\n[policy]\ninclude = shared\n");
}

/* A warning about a line of the include says through which file it came. */
static void test_warnings(void **state)
{
	_cleanup_(free_cache) struct policy_cache *cache = policy_cache_new();
	const struct policy_dirs here = with(cache);

	(void)state;
	put_two("[network]\nconnect = any\n");
	for (unsigned round = 0; round < 2; round++) {
		expect_findings(&here, "mandatory.d/a.ini",
			"include/shared.ini:2 network-any (included from mandatory.d/a.ini:2)\n");
		expect_findings(&here, "mandatory.d/b.ini",
			"include/shared.ini:2 network-any (included from mandatory.d/b.ini:3)\n");
	}
}

static void test_errors(void **state)
{
	_cleanup_(free_cache) struct policy_cache *cache = policy_cache_new();
	const struct policy_dirs here = with(cache);

	(void)state;
	put_two("[ipc]\nsignal = any\nsignal = any\n");
	for (unsigned round = 0; round < 2; round++) {
		expect_findings(&here, "mandatory.d/a.ini",
			"include/shared.ini:3 duplicate-key (included from mandatory.d/a.ini:2)\n");
		expect_findings(&here, "mandatory.d/b.ini",
			"include/shared.ini:3 duplicate-key (included from mandatory.d/b.ini:3)\n");
	}
}

/* What happens to the include between two files is seen. */
static void test_changes(void **state)
{
	_cleanup_(free_cache) struct policy_cache *cache = policy_cache_new();
	_cleanup_free_ char *shared = path_of("include/shared.ini");
	const struct policy_dirs here = with(cache);

	(void)state;
	put_two("[ipc]\nsignal = any\n");
	expect_findings(&here, "mandatory.d/a.ini", "");
	put("include/shared.ini", "[ipc]\nsignal = nobody\n");
	expect_findings(&here, "mandatory.d/a.ini",
		"include/shared.ini:2 bad-choice (included from mandatory.d/a.ini:2)\n");
	put("include/shared.ini", "[ipc]\nsignal = any\n");
	expect_findings(&here, "mandatory.d/a.ini", "");
	assert_int_equal(unlink(shared), 0);
	expect_findings(&here, "mandatory.d/a.ini", "mandatory.d/a.ini:2 include-missing\n");
	put("../../usr/share/sandlock/include/shared.ini", "[ipc]\nsignal = any\n");
	expect_findings(&here, "mandatory.d/a.ini", "");
	/* The administrator's copy comes first. */
	put("include/shared.ini", "[ipc]\nsignal = nobody\n");
	expect_findings(&here, "mandatory.d/a.ini",
		"include/shared.ini:2 bad-choice (included from mandatory.d/a.ini:2)\n");
}

/* One of the same size, under the same name, with the old one's time. */
static void test_replaced(void **state)
{
	_cleanup_(free_cache) struct policy_cache *cache = policy_cache_new();
	_cleanup_free_ char *shared = path_of("include/shared.ini"), *other = path_of("other");
	const struct policy_dirs here = with(cache);
	struct timespec times[2];
	struct stat st;

	(void)state;
	put_two("[ipc]\nsignal = any\n");
	expect_findings(&here, "mandatory.d/a.ini", "");
	put("other", "[ipc]\nsignal = foo\n");
	assert_int_equal(stat(shared, &st), 0);
	times[0] = times[1] = st.st_mtim;
	assert_int_equal(utimensat(AT_FDCWD, other, times, 0), 0);
	assert_int_equal(rename(other, shared), 0);
	expect_findings(&here, "mandatory.d/a.ini",
		"include/shared.ini:2 bad-choice (included from mandatory.d/a.ini:2)\n");
}

/* Who may write it counts each time. */
static void test_trust(void **state)
{
	_cleanup_(free_cache) struct policy_cache *cache = policy_cache_new();
	_cleanup_free_ char *shared = path_of("include/shared.ini");
	const struct policy_dirs here = with(cache);

	(void)state;
	if (geteuid() != 0)
		skip();
	put_two("[ipc]\nsignal = any\n");
	expect_findings(&here, "mandatory.d/a.ini", "");
	assert_int_equal(chmod(shared, 0666), 0);
	expect_findings(&here, "mandatory.d/a.ini",
		"include/shared.ini:0 untrusted-mode (included from mandatory.d/a.ini:2)\n");
}

/* Includes of includes, and one that is reached in two ways. */
static void test_nested(void **state)
{
	_cleanup_(free_cache) struct policy_cache *cache = policy_cache_new();
	const struct policy_dirs here = with(cache);

	(void)state;
	put_two("[policy]\ninclude = deep\n");
	put("include/deep.ini", "[network]\nconnect = any\n");
	put("mandatory.d/c.ini", "[policy]\ninclude = deep shared\n");
	for (unsigned round = 0; round < 2; round++) {
		expect_findings(&here, "mandatory.d/a.ini",
			"include/deep.ini:2 network-any (included from include/shared.ini:2)\n");
		expect_findings(&here, "mandatory.d/c.ini",
			"include/deep.ini:2 network-any (included from mandatory.d/c.ini:2)\n");
	}
}

/* More paths than there is room for at first; each is answered as it was the first time. */
static void test_paths(void **state)
{
	_cleanup_(free_cache) struct policy_cache *cache = policy_cache_new();
	_cleanup_free_ char *confdir = path_of(""), *real = NULL;

	(void)state;
	assert_non_null(cache);
	put("x.ini", some);
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < 500; i++) {
			_cleanup_free_ char *path = str_format("%s/%u", confdir, i);

			assert_int_equal(policy_cache_access(cache, path), -ENOENT);
			assert_null(policy_cache_realpath(cache, path));
		}
		assert_int_equal(policy_cache_access(cache, confdir), 0);
	}
	real = policy_cache_realpath(cache, confdir);
	assert_non_null(real);
	for (unsigned round = 0; round < 2; round++) {
		_cleanup_free_ char *again = policy_cache_realpath(cache, confdir);
		_cleanup_free_ char *file = str_format("%sx.ini", confdir);
		_cleanup_free_ char *expected = str_format("%s/x.ini", real);
		_cleanup_free_ char *place = policy_cache_place(cache, file);

		assert_string_equal(again, real);
		assert_string_equal(place, expected);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_warnings, setup),
		cmocka_unit_test_setup(test_errors, setup),
		cmocka_unit_test_setup(test_changes, setup),
		cmocka_unit_test_setup(test_replaced, setup),
		cmocka_unit_test_setup(test_trust, setup),
		cmocka_unit_test_setup(test_nested, setup),
		cmocka_unit_test_setup(test_paths, setup),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
