/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Which files apply, and which are not believed: against real files in a folder of our own, which
 * stands for the root of the file system. Owners can only be tried by root; the rest needs nobody.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

#include "policy-lookup.h"
#include "str.h"

static char root[] = "/tmp/sandlock-test-XXXXXX";
static struct policy_dirs dirs = {
	.root = root, .confdir = "/etc/sandlock", .vendordir = "/usr/share/sandlock"};

static char user[] = "alice", superuser[] = "root", toor[] = "toor", home[] = "/home/alice",
	    shell[] = "/bin/sh";
static char lab[] = "lab", students[] = "students", odd[] = "a/b";
static gid_t gids[] = {100, 101, 102};
static char *names[] = {students, NULL, lab};
static struct identity alice;

static char *path_of(const char *file)
{
	char *path;

	assert_true(asprintf(&path, "%s/etc/sandlock/%s", root, file) > 0);
	return path;
}

static void make_folders(const char *path)
{
	_cleanup_free_ char *copy = strdup(path);

	for (char *p = copy + strlen(root); (p = strchr(p + 1, '/'));) {
		*p = '\0';
		assert_true(mkdir(copy, 0755) == 0 || errno == EEXIST);
		*p = '/';
	}
}

static void put(const char *file, const char *text)
{
	_cleanup_free_ char *path = path_of(file);
	FILE *out;

	make_folders(path);
	out = fopen(path, "we");
	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	return ftw->level == 0 ? 0 : remove(path);
}

/* Each test begins with an empty root, and with alice of the groups students and lab. */
static int setup(void **state)
{
	(void)state;
	alice = (struct identity){.user = user,
		.uid = 1000,
		.gid = 100,
		.home = home,
		.shell = shell,
		.groups = gids,
		.n_groups = 3,
		.group_names = names};
	dirs.any_owner = geteuid() != 0;
	return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Looks up and writes the result as text: "r: layer layer", with the first error's id. */
static void expect(const char *service, const char *expected)
{
	struct diag_list diags = DIAG_LIST_INIT;
	_cleanup_str_ struct str text = STR_INIT;
	struct policy_set *set = NULL;
	int r = policy_lookup(&dirs, &alice, service, &diags, &set);
	const struct diag *first = diag_first_error(&diags);

	str_addf(&text, "%d", r);
	for (size_t i = 0; set && i < set->n_layers; i++)
		str_addf(&text, " %s", set->layers[i]->name);
	if (r == POLICY_E_INVALID)
		str_addf(&text, " %s", first ? first->id : "(no error)");
	assert_string_equal(text.text, expected);
	policy_set_free(set);
	diag_list_done(&diags);
}

static const char some[] = "[ipc]\nsignal = session\n";
static const char broken[] = "[ipc]\nsignal = nobody\n";
static const char for_login[] = "[policy]\nservices = login\n[ipc]\nsignal = session\n";
static const char broken_for_login[] = "[policy]\nservices = login\n[ipc]\nsignal = nobody\n";

static void test_precedence(void **state)
{
	(void)state;
	expect("sshd", "1");
	put("default.ini", some);
	expect("sshd", "0 default");
	put("groups/students.ini", some);
	expect("sshd", "0 group/students");
	put("groups/lab.ini", some);
	put("groups/wheel.ini", some);
	expect("sshd", "0 group/lab group/students");
	put("users/bob.ini", some);
	expect("sshd", "0 group/lab group/students");
	put("users/alice.ini", some);
	expect("sshd", "0 user/alice");
	put("mandatory.d/20-b.ini", some);
	put("mandatory.d/10-a.ini", some);
	put("mandatory.d/30-c.ini.bak", broken);
	put("mandatory.d/.40-d.ini", broken);
	expect("sshd", "0 user/alice mandatory/10-a mandatory/20-b");
}

static void test_nothing_applies(void **state)
{
	(void)state;
	put("sandlock.conf", "[sandlock]\nno-policy = deny\n");
	expect("sshd", "3");
	put("mandatory.d/10-a.ini", some);
	expect("sshd", "0 mandatory/10-a");
	put("sandlock.conf", "");
	expect("sshd", "0 mandatory/10-a");
}

/* A file that does not name the service is as good as absent. */
static void test_services(void **state)
{
	(void)state;
	put("users/alice.ini", for_login);
	put("groups/lab.ini", for_login);
	put("default.ini", some);
	put("mandatory.d/10-a.ini", for_login);
	expect("sshd", "0 default");
	expect("login", "0 user/alice mandatory/10-a");
	expect(NULL, "0 user/alice mandatory/10-a");
	put("users/alice.ini", broken_for_login);
	expect("sshd", "0 default");
	expect("login", "4 bad-choice");
	put("users/alice.ini", "[policy]\nservices = LOGIN\n");
	expect("sshd", "4 bad-name");
	put("users/alice.ini", "[policy]\nservices = login\nservices = login\n");
	expect("sshd", "4 duplicate-key");
}

/* A broken file refuses those it applies to, and nobody else. */
static void test_broken(void **state)
{
	(void)state;
	put("users/bob.ini", broken);
	put("groups/wheel.ini", broken);
	put("default.ini", broken);
	put("groups/lab.ini", some);
	expect("sshd", "0 group/lab");
	put("groups/students.ini", broken);
	expect("sshd", "4 bad-choice");
	put("users/alice.ini", some);
	expect("sshd", "0 user/alice");
	put("mandatory.d/10-a.ini", broken);
	expect("sshd", "4 bad-choice");
	put("mandatory.d/10-a.ini", some);
	put("users/alice.ini", "[policy]\ninclude = nowhere\n");
	expect("sshd", "4 include-missing");
	put("include/nowhere.ini", broken);
	expect("sshd", "4 bad-choice");
	put("include/nowhere.ini", some);
	expect("sshd", "0 user/alice mandatory/10-a");
	put("sandlock.conf", "[sandlock]\nmin-uid = many\n");
	expect("sshd", "4 bad-number");
}

static void test_layers(void **state)
{
	(void)state;
	put("groups/lab.ini", some);
	put("groups/students.ini", some);
	for (unsigned i = 1; i <= 4; i++) {
		char file[] = "mandatory.d/0.ini";

		file[12] = (char)('0' + i);
		put(file, some);
	}
	expect("sshd",
		"0 group/lab group/students mandatory/1 mandatory/2 mandatory/3 mandatory/4");
	put("mandatory.d/5.ini", some);
	expect("sshd", "4 too-many-layers");
}

static void test_exempt(void **state)
{
	(void)state;
	put("users/alice.ini", some);
	put("mandatory.d/10-a.ini", some);
	put("sandlock.conf", "[sandlock]\nexempt-groups = wheel\n");
	expect("sshd", "0 user/alice mandatory/10-a");
	put("sandlock.conf", "[sandlock]\nexempt-groups = wheel lab\n");
	expect("sshd", "2");
	put("sandlock.conf", "[sandlock]\nmin-uid = 1000\n");
	alice.uid = 999;
	expect("sshd", "0 user/alice mandatory/10-a"); /* a file of their own */
	alice.user = toor;
	expect("sshd", "2");
	alice.uid = 1000;
	expect("sshd", "0 mandatory/10-a");
}

/* Root is decided before any file is read: no mistake in them locks root out. */
static void test_root(void **state)
{
	(void)state;
	alice.uid = 0;
	alice.user = superuser;
	expect("sshd", "2");
	put("sandlock.conf", "[sandlock]\nnonsense\n");
	put("default.ini", broken);
	put("mandatory.d/10-a.ini", broken);
	put("groups/lab.ini", broken);
	put("users/alice.ini", broken);
	expect("sshd", "2");
	put("mandatory.d/10-a.ini", some);
	put("users/root.ini", some);
	expect("sshd", "0 user/root mandatory/10-a"); /* a broken sandlock.conf is not root's */
	alice.user = toor;
	expect("sshd", "0 user/root mandatory/10-a");
	put("users/toor.ini", some);
	expect("sshd", "0 user/toor mandatory/10-a");
	put("users/toor.ini", broken);
	expect("sshd", "4 bad-choice");
}

static void test_names(void **state)
{
	static const char *const refused[] = {
		"", ".", "..", ".hidden", "a/b", "/etc/passwd", "../users/bob", "a\nb", "a\x7f"};

	(void)state;
	put("users/alice.ini", some);
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		alice.user = (char *)(uintptr_t)refused[i];
		expect("sshd", "4 unsafe-name");
	}
	alice.user = toor;
	expect("sshd", "1");
	names[1] = odd;
	put("groups/lab.ini", some);
	expect("sshd", "4 unsafe-name");
	names[1] = lab; /* twice the same name */
	expect("sshd", "0 group/lab");
	names[1] = NULL;
}

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
	_cleanup_free_ char *path = path_of("../../usr/share/sandlock/include/base.ini");
	_cleanup_free_ char *conf = path_of("include/base.ini");

	(void)state;
	make_folders(path);
	put("../../usr/share/sandlock/include/base.ini", some);
	put("users/alice.ini", "[policy]\ninclude = base\n");
	expect("sshd", "0 user/alice");
	put("include/other.ini", some);
	assert_int_equal(symlink("other.ini", conf), 0);
	expect("sshd", "4 untrusted-symlink");
	assert_int_equal(unlink(conf), 0);
	expect("sshd", "0 user/alice");
}

static void test_identity(void **state)
{
	struct identity identity = {.uid = 7};
	bool named = false;

	(void)state;
	assert_int_equal(identity_lookup("root", &identity), 0);
	assert_int_equal(identity.uid, 0);
	assert_string_equal(identity.user, "root");
	assert_true(identity.n_groups >= 1);
	for (size_t i = 0; i < identity.n_groups; i++)
		named = named || (identity.groups[i] == 0 && identity.group_names[i] &&
					 strcmp(identity.group_names[i], "root") == 0);
	assert_true(named);
	identity_done(&identity);
	identity.uid = 7;
	assert_int_equal(identity_lookup("no-such-user-here", &identity), -ENOENT);
	assert_int_equal(identity.uid, 7);
}

static int begin(void **state)
{
	(void)state;
	umask(022);
	return mkdtemp(root) && chmod(root, 0755) == 0 ? 0 : -1;
}

static int end(void **state)
{
	int r = setup(state);

	return r == 0 ? rmdir(root) : r;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_precedence, setup),
		cmocka_unit_test_setup(test_nothing_applies, setup),
		cmocka_unit_test_setup(test_services, setup),
		cmocka_unit_test_setup(test_broken, setup),
		cmocka_unit_test_setup(test_layers, setup),
		cmocka_unit_test_setup(test_exempt, setup),
		cmocka_unit_test_setup(test_root, setup),
		cmocka_unit_test_setup(test_names, setup),
		cmocka_unit_test_setup(test_kinds, setup),
		cmocka_unit_test_setup(test_linked_folder, setup),
		cmocka_unit_test_setup(test_owners, setup),
		cmocka_unit_test_setup(test_hard_link, setup),
		cmocka_unit_test_setup(test_untrusted_root, setup),
		cmocka_unit_test_setup(test_include_trust, setup),
		cmocka_unit_test(test_identity),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
