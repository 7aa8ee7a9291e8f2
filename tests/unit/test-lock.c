/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a lock's file says, and whose it is. */

#include "lock.h"
#include "policy-root.h"

static const char boot[] = "01234567-89ab-cdef-0123-456789abcdef";

static void test_round_trip(void **state)
{
	static const struct lock locks[] = {
		{.forever = true},
		{.forever = true, .reason = "until the case is closed"},
		{.ends = 0},
		{.ends = 86400, .reason = "caf\xc3\xa9 = # \\ \" '"},
		{.ends = INT64_MAX},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(locks); i++) {
		_cleanup_free_ char *text = lock_format(&locks[i], boot);
		struct lock parsed;

		assert_non_null(text);
		assert_int_equal(lock_parse(text, strlen(text), boot, &parsed), 0);
		assert_int_equal(parsed.forever, locks[i].forever);
		assert_int_equal(parsed.ends, locks[i].ends);
		assert_string_equal(parsed.reason, locks[i].reason);
		/* Nothing may be missing, not even the last byte, and nothing may follow. */
		for (size_t n = 0; n < strlen(text); n++)
			assert_int_equal(lock_parse(text, n, boot, &parsed), -EINVAL);
		assert_int_equal(lock_parse(text, strlen(text) + 1, boot, &parsed), -EINVAL);
	}
}

#define HEAD "sandlock lock 1\nboot 01234567-89ab-cdef-0123-456789abcdef\n"

static void test_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"sandlock lock 2\nboot 01234567-89ab-cdef-0123-456789abcdef\nuntil 1\nreason \n",
		"sandlock lock 1\nuntil never\nreason \n",
		"sandlock lock 1\nboot 11111111-89ab-cdef-0123-456789abcdef\nuntil 1\nreason \n",
		HEAD "until\nreason \n",
		HEAD "until \nreason \n",
		HEAD "until -1\nreason \n",
		HEAD "until 01\nreason \n",
		HEAD "until 1 \nreason \n",
		HEAD "until 9223372036854775808\nreason \n",
		HEAD "until Never\nreason \n",
		HEAD "until 1\n",
		HEAD "until 1\nreason\n",
		HEAD "reason \nuntil 1\n",
		HEAD "until 1\nreason a\nreason b\n",
		HEAD "until 1\nreason a\tb\n",
		HEAD "until 1\nreason a\rb\n",
		HEAD "until 1\nreason \x1b[31m\n",
		HEAD "until 1\nreason \xff\n",
		HEAD "until 1\nreason \xe2\x80\xae\n",
		HEAD "until 1\r\nreason \n",
	};
	struct lock lock;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_int_equal(lock_parse(texts[i], strlen(texts[i]), boot, &lock), -EINVAL);
}

static void test_reason(void **state)
{
	char text[LOCK_REASON_MAX + 1];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[LOCK_REASON_MAX - 1] = '\0';
	assert_true(lock_reason_ok(text));
	assert_true(lock_reason_ok(""));
	text[LOCK_REASON_MAX - 1] = 'x';
	text[LOCK_REASON_MAX] = '\0';
	assert_false(lock_reason_ok(text));
	assert_false(lock_reason_ok("two\nlines"));
	assert_false(lock_reason_ok("\xc0\x80"));
}

/* What lock_find() says of alice: its answer, and the first fault's id. */
static void finds(const char *who, int expected, const char *id)
{
	_cleanup_(diag_list_done) struct diag_list diags = DIAG_LIST_INIT;
	struct lock lock;

	assert_int_equal(lock_find(&dirs, "/run/sandlock/locks", who, &diags, &lock), expected);
	if (id)
		assert_string_equal(diag_first_error(&diags)->id, id);
	else
		assert_int_equal(diags.n_errors, 0);
}

static void put_lock(const char *file, bool forever, uint64_t ends)
{
	const struct lock lock = {.forever = forever, .ends = ends, .reason = "why not"};
	_cleanup_free_ char *text = NULL, *path = NULL;
	char this_boot[LOCK_BOOT_TEXT];

	assert_int_equal(lock_boot(this_boot), 0);
	text = lock_format(&lock, this_boot);
	path = str_format("../../run/sandlock/locks/%s", file);
	assert_non_null(path);
	put(path, text);
}

static void test_find(void **state)
{
	(void)state;
	finds("alice", LOCK_E_NONE, NULL);
	put_lock("bob", true, 0);
	finds("alice", LOCK_E_NONE, NULL);
	finds("bob", 0, NULL);
	put_lock("alice", false, lock_now() + 1000);
	finds("alice", 0, NULL);
	put_lock("alice", false, lock_now());
	finds("alice", LOCK_E_NONE, NULL);
	put("../../run/sandlock/locks/alice", "");
	finds("alice", LOCK_E_INVALID, "bad-lock");
	finds("bob", 0, NULL);
	finds("carol", LOCK_E_NONE, NULL);
}

static void test_names(void **state)
{
	static const char *const bad[] = {"", ".", "..", ".x", "../alice", "a/b", "a\nb"};

	(void)state;
	put_lock("alice", true, 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		finds(bad[i], LOCK_E_INVALID, "bad-lock");
}

static void test_trust(void **state)
{
	_cleanup_free_ char *file = str_format("%s/run/sandlock/locks/alice", root);
	_cleanup_free_ char *folder = str_format("%s/run/sandlock/locks", root);
	_cleanup_free_ char *second = str_format("%s/second", root);

	(void)state;
	if (dirs.any_owner)
		skip();
	put_lock("alice", false, lock_now());
	assert_int_equal(chmod(file, 0622), 0);
	finds("alice", LOCK_E_INVALID, "untrusted-mode");
	assert_int_equal(chmod(file, 0600), 0);
	finds("alice", LOCK_E_NONE, NULL);
	assert_int_equal(chown(file, 1, 0), 0);
	finds("alice", LOCK_E_INVALID, "untrusted-owner");
	assert_int_equal(chown(file, 0, 0), 0);
	assert_int_equal(link(file, second), 0);
	finds("alice", LOCK_E_INVALID, "untrusted-links");
	assert_int_equal(unlink(file), 0);
	assert_int_equal(symlink(second, file), 0);
	finds("alice", LOCK_E_INVALID, "untrusted-symlink");
	assert_int_equal(chmod(folder, 0777), 0);
	finds("alice", LOCK_E_INVALID, "untrusted-mode");
	finds("carol", LOCK_E_INVALID, "untrusted-mode");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_reason),
		cmocka_unit_test_setup(test_find, setup),
		cmocka_unit_test_setup(test_names, setup),
		cmocka_unit_test_setup(test_trust, setup),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
