/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which files apply to whom. */

#include "policy-root.h"

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
	expect("sshd", "3");
	put("groups/lab.ini", for_login);
	expect("sshd", "3");
	expect("login", "0 group/lab mandatory/10-a");
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
	/* Nothing of root's own for this service is no reason to keep root out. */
	put("sandlock.conf", "[sandlock]\nno-policy = deny\n");
	put("users/toor.ini", for_login);
	put("users/root.ini", for_login);
	put("default.ini", for_login);
	put("groups/lab.ini", for_login);
	expect("sshd", "0 mandatory/10-a");
}

static void test_names(void **state)
{
	static char odd[] = "a/b";
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

/* Settings are asked for before anybody is known. */
static void test_settings(void **state)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct settings settings = {.min_uid = 7};

	(void)state;
	assert_int_equal(settings_lookup(&dirs, &diags, &settings), 0);
	assert_int_equal(settings.min_uid, 1000);
	assert_int_equal(settings.lookup_timeout, 5);
	put("users/alice.ini", broken);
	assert_int_equal(settings_lookup(&dirs, &diags, &settings), 0);
	assert_int_equal(settings.lookup_timeout, 5);
	put("sandlock.conf", "[sandlock]\nlookup-timeout = 20s\nexempt-groups = a b\n");
	assert_int_equal(settings_lookup(&dirs, &diags, &settings), 0);
	assert_int_equal(settings.lookup_timeout, 20);
	assert_int_equal(settings.n_exempt_groups, 2);
	assert_int_equal(diags.n_items, 0);
	settings_done(&settings);
	settings.lookup_timeout = 7;
	put("sandlock.conf", "[sandlock]\nlookup-timeout = 20\n");
	assert_int_equal(settings_lookup(&dirs, &diags, &settings), POLICY_E_INVALID);
	assert_string_equal(diag_first_error(&diags)->id, "bad-number");
	assert_int_equal(settings.lookup_timeout, 7);
	diag_list_done(&diags);
}

/* Each may have as many names as a session may, both together have more. */
static void test_names_together(void **state)
{
	(void)state;
	for (unsigned layer = 0; layer < 2; layer++) {
		_cleanup_str_ struct str text = STR_INIT;

		str_puts(&text, "[network]\n");
		for (unsigned i = 0; i < 40; i++)
			str_addf(&text, "connect.%u = host-%u.example.org:22\n", i,
				layer ? i + 20 : i);
		put(layer ? "groups/students.ini" : "groups/lab.ini", text.text);
		if (layer == 0)
			expect("sshd", "0 group/lab");
	}
	expect("sshd", "0 group/lab group/students"); /* 60 different ones */
	put("mandatory.d/1.ini", "[network]\nconnect = a:1 b:1 c:1 d:1 HOST-1.example.org:1\n");
	expect("sshd", "0 group/lab group/students mandatory/1");
	put("mandatory.d/2.ini", "[network]\nconnect = a:1 e:1\n");
	expect("sshd", "4 too-many-names");
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
		cmocka_unit_test_setup(test_settings, setup),
		cmocka_unit_test_setup(test_names_together, setup),
		cmocka_unit_test(test_identity),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
