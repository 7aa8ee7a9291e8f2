/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "cleanup.h"
#include "wire.h"

static void test_string_ok(void **state)
{
	static const char full[4] = {'a', 'b', 'c', 'd'};

	assert_true(wire_string_ok("", 1));
	assert_true(wire_string_ok("abc", 4));
	assert_true(wire_string_ok("a\0cd", 4));
	assert_false(wire_string_ok(full, sizeof(full)));
	assert_false(wire_string_ok("abc", 3)); /* ends behind its array */
	assert_false(wire_string_ok("", 0));
}

static void test_string_set(void **state)
{
	static const struct {
		const char *value;
		int r;
	} rows[] = {{"", 0}, {"a", 0}, {"abcdefg", 0}, {"abcdefgh", -ENAMETOOLONG},
		{"abcdefghijklmnop", -ENAMETOOLONG}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char field[9], old[9];

		memset(field, 'x', sizeof(field));
		memcpy(old, field, sizeof(field));
		assert_int_equal(wire_string_set(field, 8, rows[i].value), rows[i].r);
		assert_int_equal(field[8], 'x');
		if (rows[i].r < 0) {
			assert_memory_equal(field, old, sizeof(field));
			continue;
		}
		assert_string_equal(field, rows[i].value);
		for (size_t j = strlen(rows[i].value); j < 8; j++)
			assert_int_equal(field[j], 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_string_ok),
		cmocka_unit_test(test_string_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
