/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of the language: complete, consistent, and fit to print. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "cleanup.h"
#include "policy-chars.h"
#include "policy-keys.h"

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_policy_keys; i++) {
		const struct policy_key *key = &policy_keys[i];
		const struct policy_section *section = policy_section_find(
			key->section, strlen(key->section));
		char type[POLICY_KEY_TYPE_MAX];

		assert_non_null(section);
		assert_true(is_key_name(key->name, strlen(key->name)));
		/* Its name finds this row and no earlier one. */
		assert_ptr_equal(policy_key_find(section, key->name, strlen(key->name)), key);
		assert_non_null(key->help);
		assert_non_null(key->man);
		assert_true(strlen(key->help) <= 60);
		assert_true(key->help[strlen(key->help) - 1] != '.');
		assert_true(key->man[strlen(key->man) - 1] == '.');
		assert_int_equal(key->apply != NULL, policy_key_supported(key));
		assert_true(key->type != KEY_CHOICE || key->choices);
		assert_true(key->max == 0 || key->min <= key->max);
		assert_true(strlen(policy_key_type(key, type)) > 0);
	}
}

/* Sections stand together, in the order of their own table, and none is without a key. */
static void test_order(void **state)
{
	size_t section = 0;

	(void)state;
	for (size_t i = 0; i < n_policy_keys; i++) {
		if (strcmp(policy_keys[i].section, policy_sections[section].name) == 0)
			continue;
		assert_true(i > 0);
		section++;
		assert_true(section < n_policy_sections);
		assert_string_equal(policy_keys[i].section, policy_sections[section].name);
	}
	assert_int_equal(section, n_policy_sections - 1);
}

/* What this version promises to support, no more and no less. */
static void test_supported(void **state)
{
	static const char *const supported[] = {"policy.description", "policy.mode",
		"policy.include", "policy.services", "filesystem.read", "filesystem.execute",
		"filesystem.write", "filesystem.write-execute", "filesystem.list",
		"filesystem.device", "filesystem.rights", "network.connect", "network.deny",
		"network.bind", "network.unix", "network.resolve", "ipc.signal",
		"ipc.abstract-unix", "ipc.sysv", "syscalls.profile", "syscalls.allow",
		"syscalls.deny", "syscalls.error", "log.denials", "log.rate-limit", "lint.accept",
		"sandlock.no-policy", "sandlock.exempt-groups", "sandlock.min-uid",
		"sandlock.on-old-kernel", "sandlock.lookup-timeout"};
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < n_policy_keys; i++)
		n += policy_key_supported(&policy_keys[i]);
	assert_int_equal(n, ARRAY_SIZE(supported));
	for (size_t i = 0; i < ARRAY_SIZE(supported); i++) {
		const char *dot = strchr(supported[i], '.');
		const struct policy_section *section = policy_section_find(
			supported[i], (size_t)(dot - supported[i]));
		const struct policy_key *key = section ? policy_key_find(
								 section, dot + 1, strlen(dot + 1))
						       : NULL;

		assert_non_null(key);
		assert_true(policy_key_supported(key));
	}
}

static void test_nearest(void **state)
{
	const struct policy_section *files = policy_section_find("filesystem", 10);

	(void)state;
	assert_string_equal(policy_section_nearest("filesytem", 9, false), "filesystem");
	assert_string_equal(policy_section_nearest("sandlok", 7, true), "sandlock");
	assert_null(policy_section_nearest("sandlok", 7, false));
	assert_string_equal(policy_key_nearest(files, "exec", 4), "execute");
	assert_null(policy_key_nearest(files, "connect", 7));
	assert_null(policy_section_find("filesystems", 11));
	assert_null(policy_key_find(files, "rea", 3));
}

static void test_types(void **state)
{
	static const struct {
		const char *section, *key, *type;
	} rows[] = {
		{"ipc", "signal", "session|any"},
		{"filesystem", "read", "paths"},
		{"network", "connect", "endpoints|any|none"},
		{"log", "denials", "yes|no"},
		{"sandlock", "lookup-timeout", "duration"},
		{"network", "resolve", "duration|login"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct policy_section *section = policy_section_find(
			rows[i].section, strlen(rows[i].section));
		char type[POLICY_KEY_TYPE_MAX];

		assert_string_equal(
			policy_key_type(
				policy_key_find(section, rows[i].key, strlen(rows[i].key)), type),
			rows[i].type);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_supported),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
