/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What `check` says of files where they lie: those that nobody will read, and the rest. */

#include "policy-root.h"

#include "policy-judge.h"

static void add_ids(struct str *str, const char *path, const struct diag_list *diags)
{
	assert_true(strncmp(path, root, strlen(root)) == 0);
	str_puts(str, path + strlen(root));
	for (size_t i = 0; i < diags->n_items; i++)
		str_addf(str, " %s:%u:%s",
			diags->items[i].severity == DIAG_ERROR ? "error" : "warning",
			diags->items[i].line, diags->items[i].id);
	str_add_char(str, '\n');
}

static int collect(void *userdata, const char *path, struct diag_list *diags)
{
	add_ids(userdata, path, diags);
	return 0;
}

static void expect_all(const char *expected)
{
	_cleanup_str_ struct str found = STR_INIT;

	assert_int_equal(policy_check_all(&dirs, collect, &found), 0);
	assert_string_equal(found.text ? found.text : "", expected);
}

static void put_everything(void)
{
	put("../passwd", "root:x:0:0::/root:/bin/sh\nalice:x:1000:100::/home/alice:/bin/sh\n");
	put("../group", "root:x:0:\nlab:x:100:alice\n");
	put("sandlock.conf", "[sandlock]\nmin-uid = 500\n");
	put("default.ini", some);
	put("users/alice.ini", "[policy]\ninclude = base extra\n");
	put("users/bob.ini", some);
	put("users/alice.ini.bak", "no policy at all");
	put("users/.alice.ini.swp", "\x01");
	put("groups/lab.ini", "[ipc]\nsignal = nobody\n");
	put("groups/lob.ini", some);
	put("mandatory.d/10-site.ini", "");
	put("include/extra.ini", "[policy]\ninclude = deeper\n");
	put("include/deeper.ini", some);
	put("include/unused.ini", some);
	put("include/Upper.ini", some);
	put("alice.ini", some);
	put("README", "text");
	put("../../usr/share/sandlock/include/base.ini", some);
	put("../../usr/share/sandlock/include/spare.ini", some);
	put("../../usr/share/sandlock/examples/x.ini", "not looked at");
}

static void test_all(void **state)
{
	(void)state;
	put_everything();
	expect_all("/etc/sandlock/README warning:0:never-read\n"
		   "/etc/sandlock/alice.ini warning:0:never-read\n"
		   "/etc/sandlock/default.ini\n"
		   "/etc/sandlock/sandlock.conf\n"
		   "/etc/sandlock/users/.alice.ini.swp warning:0:never-read\n"
		   "/etc/sandlock/users/alice.ini\n"
		   "/etc/sandlock/users/alice.ini.bak warning:0:never-read\n"
		   "/etc/sandlock/users/bob.ini warning:0:never-read\n"
		   "/etc/sandlock/groups/lab.ini error:2:bad-choice\n"
		   "/etc/sandlock/groups/lob.ini warning:0:never-read\n"
		   "/etc/sandlock/mandatory.d/10-site.ini warning:0:empty-policy\n"
		   "/etc/sandlock/include/Upper.ini warning:0:never-read\n"
		   "/etc/sandlock/include/deeper.ini\n"
		   "/etc/sandlock/include/extra.ini\n"
		   "/etc/sandlock/include/unused.ini warning:0:never-read\n"
		   "/usr/share/sandlock/include/base.ini\n"
		   "/usr/share/sandlock/include/spare.ini\n");
}

static void test_nothing(void **state)
{
	(void)state;
	expect_all("");
}

/* A file that nobody reads is still a text: what is wrong with it is said as well. */
static void test_never_read_text(void **state)
{
	(void)state;
	put("../passwd", "root:x:0:0::/root:/bin/sh\n");
	put("users/alcie.ini", "[ipc]\nsignal = nobody\n");
	expect_all("/etc/sandlock/users/alcie.ini warning:0:never-read error:2:bad-choice\n");
}

static int stop(void *userdata, const char *path, struct diag_list *diags)
{
	(void)path;
	(void)diags;
	*(unsigned *)userdata += 1;
	return -EPIPE;
}

static void test_stop(void **state)
{
	unsigned n = 0;

	(void)state;
	put_everything();
	assert_int_equal(policy_check_all(&dirs, stop, &n), -EPIPE);
	assert_int_equal(n, 1);
}

static void test_untrusted(void **state)
{
	_cleanup_free_ char *users = path_of("users");
	_cleanup_free_ char *conf = path_of("sandlock.conf");

	(void)state;
	if (geteuid() != 0)
		skip();
	put("sandlock.conf", "");
	put("users/alice.ini", some);
	assert_int_equal(chmod(users, 0775), 0);
	assert_int_equal(chown(conf, 1000, 0), 0);
	expect_all("/etc/sandlock/sandlock.conf error:0:untrusted-owner\n"
		   "/etc/sandlock/users error:0:untrusted-mode\n");
}

/* One file by its path: judged by its text, and by its place where that is a live one. */
static void expect_file(const char *file, int error, const char *expected)
{
	struct diag_list diags = DIAG_LIST_INIT;
	_cleanup_str_ struct str found = STR_INIT;
	_cleanup_free_ char *path = str_format("%s%s", root, file);

	assert_int_equal(policy_check_file(&dirs, path, &diags), error);
	add_ids(&found, path, &diags);
	found.text[found.length - 1] = '\0';
	assert_string_equal(found.text + strlen(file), expected);
	diag_list_done(&diags);
}

static void test_file(void **state)
{
	_cleanup_free_ char *bob = path_of("users/bob.ini"), *link = path_of("users/root.ini");

	(void)state;
	put_everything();
	put("../../home/alice/x.ini", "[ipc]\nsignal = any\nsignal = any\n");
	put("../../home/alice/sandlock.conf", "[sandlock]\nmin-uid = 1\n");
	expect_file("/home/alice/x.ini", 0, " error:3:duplicate-key");
	expect_file("/home/alice/sandlock.conf", 0, "");
	expect_file("/etc/sandlock/users/alice.ini", 0, "");
	expect_file("/etc/sandlock/users/../users/bob.ini", 0, " warning:0:never-read");
	assert_int_equal(symlink("bob.ini", link), 0);
	expect_file("/etc/sandlock/users/root.ini", 0, " error:0:untrusted-symlink");
	expect_file("/etc/sandlock/alice.ini", 0, " warning:0:never-read");
	expect_file("/usr/share/sandlock/include/spare.ini", 0, "");
	expect_file("/usr/share/sandlock/examples/x.ini", 0, " error:1:syntax");
	expect_file("/etc/sandlock/users", -EISDIR, "");
	expect_file("/nowhere.ini", -ENOENT, "");
	if (geteuid() == 0) {
		assert_int_equal(chmod(bob, 0666), 0);
		expect_file("/etc/sandlock/users/bob.ini", 0,
			" warning:0:never-read error:0:untrusted-mode");
	}
}

static void test_missing_paths(void **state)
{
	struct diag_list diags = DIAG_LIST_INIT;
	static const char text[] = "[filesystem]\n"
				   "read = /etc /nonexistent/a \\\n"
				   "  -/nonexistent/b %h/nonexistent /etc/passwd/x\n";
	struct policy_dirs here = dirs;

	(void)state;
	here.root = "";
	assert_int_equal(
		policy_check_text(&here, "x", text, strlen(text), POLICY_KIND_POLICY, &diags), 0);
	/* The first one: no shell could start. */
	assert_int_equal(diags.n_items, 3);
	assert_int_equal(diags.n_errors, 0);
	assert_string_equal(diags.items[1].id, "missing-path");
	assert_int_equal(diags.items[1].line, 2);
	assert_int_equal(diags.items[1].column, 13);
	assert_int_equal(diags.items[2].line, 3);
	assert_string_equal(
		diags.items[2].source_line, "  -/nonexistent/b %h/nonexistent /etc/passwd/x");
	diag_list_done(&diags);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_all, setup),
		cmocka_unit_test_setup(test_nothing, setup),
		cmocka_unit_test_setup(test_never_read_text, setup),
		cmocka_unit_test_setup(test_stop, setup),
		cmocka_unit_test_setup(test_untrusted, setup),
		cmocka_unit_test_setup(test_file, setup),
		cmocka_unit_test(test_missing_paths),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
