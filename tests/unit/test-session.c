/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "session.h"

static void test_format(void **state)
{
	const uint8_t id[SESSION_ID_BYTES] = {0x00, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
		0xff, 0x10, 0x0f, 0xf0, 0x80, 0x7f, 0x0a};
	char text[SESSION_ID_TEXT + 1];

	memset(text, 'x', sizeof(text));
	session_id_format(id, text);
	assert_memory_equal(text, "000123456789abcdefff100ff0807f0a\0x", sizeof(text));
}

/* 128 bits that a session cannot guess: at least, no byte stays the same in 64 of them. */
static void test_new(void **state)
{
	uint8_t first[SESSION_ID_BYTES], id[SESSION_ID_BYTES];
	uint8_t changed[SESSION_ID_BYTES] = {0};

	assert_int_equal(session_id_new(first), 0);
	for (int i = 0; i < 64; i++) {
		assert_int_equal(session_id_new(id), 0);
		assert_memory_not_equal(id, first, sizeof(id));
		for (size_t j = 0; j < sizeof(id); j++)
			changed[j] |= id[j] ^ first[j];
	}
	for (size_t j = 0; j < sizeof(changed); j++)
		assert_int_not_equal(changed[j], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
