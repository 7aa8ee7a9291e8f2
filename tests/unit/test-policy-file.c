/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which files are believed: kinds, links, owners and modes, theirs and those of their folders. */

#include "policy-root.h"

/* Kinds of files that are not read, whoever they belong to. */
static void test_kinds(void **state)
{
	_cleanup_free_ char *path = path_of("users/alice.ini");

	(void)state;
	put("users/bob.ini", some);
	assert_int_equal(symlink("bob.ini", path), 0);
	expect("sshd", "4 untrusted-symlink");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("nowhere", path), 0);
	expect("sshd", "4 untrusted-symlink");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0644), 0);
	expect("sshd", "4 untrusted-kind");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0755), 0);
	expect("sshd", "4 untrusted-kind");
	assert_int_equal(rmdir(path), 0);
	put("users/alice.ini", some);
	assert_int_equal(truncate(path, POLICY_FILE_MAX + 1), 0);
	expect("sshd", "4 file-too-big");
}

static void test_linked_folder(void **state)
{
	_cleanup_free_ char *users = path_of("users"), *elsewhere = path_of("elsewhere");

	(void)state;
	put("elsewhere/alice.ini", some);
	assert_int_equal(symlink("elsewhere", users), 0);
	expect("sshd", "4 untrusted-folder");
	assert_int_equal(unlink(users), 0);
	assert_int_equal(rename(elsewhere, users), 0);
	expect("sshd", "0 user/alice");
}

static void change(const char *file, uid_t uid, mode_t mode)
{
	_cleanup_free_ char *path = path_of(file);

	assert_int_equal(chown(path, uid, 0), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void test_owners(void **state)
{
	static const struct {
		const char *file;
		mode_t good;
	} rows[] = {
		{"users/alice.ini", 0644},
		{"users", 0755},
		{"", 0755},
		{"..", 0755},
		{"../..", 0755},
		{"sandlock.conf", 0644},
		{"include/base.ini", 0600},
		{"include", 0711},
	};

	(void)state;
	if (geteuid() != 0)
		skip();
	put("users/alice.ini", "[policy]\ninclude = base\n");
	put("include/base.ini", some);
	put("sandlock.conf", "");
	expect("sshd", "0 user/alice");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		change(rows[i].file, 1000, rows[i].good);
		expect("sshd", "4 untrusted-owner");
		change(rows[i].file, 0, rows[i].good | 020);
		expect("sshd", "4 untrusted-mode");
		change(rows[i].file, 0, rows[i].good | 002);
		expect("sshd", "4 untrusted-mode");
		change(rows[i].file, 0, rows[i].good | 01002);
		expect("sshd", "4 untrusted-mode");
		change(rows[i].file, 0, rows[i].good);
		expect("sshd", "0 user/alice");
	}
}

static void test_hard_link(void **state)
{
	_cleanup_free_ char *path = path_of("users/alice.ini"), *second = path_of("second");

	(void)state;
	if (geteuid() != 0)
		skip();
	put("users/alice.ini", some);
	assert_int_equal(link(path, second), 0);
	expect("sshd", "4 untrusted-links");
}

/* An untrusted folder refuses everybody but root. */
static void test_untrusted_root(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	put("users/root.ini", some);
	change("users", 1000, 0755);
	expect("sshd", "4 untrusted-owner");
	alice.uid = 0;
	alice.user = superuser;
	expect("sshd", "2");
}

/* An include of the configuration that cannot be believed is no reason to take the vendor's. */
static void test_include_trust(void **state)
{
	_cleanup_free_ char *conf = path_of("include/base.ini");

	(void)state;
	put("../../usr/share/sandlock/include/base.ini", some);
	put("users/alice.ini", "[policy]\ninclude = base\n");
	expect("sshd", "0 user/alice");
	put("include/other.ini", some);
	assert_int_equal(symlink("other.ini", conf), 0);
	expect("sshd", "4 untrusted-symlink");
	assert_int_equal(unlink(conf), 0);
	expect("sshd", "0 user/alice");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_kinds, setup),
		cmocka_unit_test_setup(test_linked_folder, setup),
		cmocka_unit_test_setup(test_owners, setup),
		cmocka_unit_test_setup(test_hard_link, setup),
		cmocka_unit_test_setup(test_untrusted_root, setup),
		cmocka_unit_test_setup(test_include_trust, setup),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
