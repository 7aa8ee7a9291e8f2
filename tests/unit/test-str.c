/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "str.h"

static void test_grow(void **state)
{
	_cleanup_str_ struct str str = STR_INIT;
	_cleanup_free_ char *text = NULL, *empty = NULL;

	(void)state;
	for (unsigned i = 0; i < 1000; i++)
		str_addf(&str, "%u,", i);
	text = str_take(&str);
	assert_non_null(text);
	assert_int_equal(strlen(text), 3890);
	assert_string_equal(text + 3886, "999,");
	assert_null(str.text);
	empty = str_take(&str);
	assert_string_equal(empty, "");
}

static void test_number(void **state)
{
	static const struct {
		const char *text;
		uint64_t max;
		int error;
		uint64_t value;
	} rows[] = {
		{"0", 0, 0, 0},
		{"7", 10, 0, 7},
		{"10", 10, 0, 10},
		{"11", 10, -ERANGE, 0},
		{"18446744073709551615", UINT64_MAX, 0, UINT64_MAX},
		{"18446744073709551616", UINT64_MAX, -ERANGE, 0},
		{"99999999999999999999999999", UINT64_MAX, -ERANGE, 0},
		{"", 10, -EINVAL, 0},
		{"00", 10, -EINVAL, 0},
		{"01", 10, -EINVAL, 0},
		{"+1", 10, -EINVAL, 0},
		{"-1", 10, -EINVAL, 0},
		{" 1", 10, -EINVAL, 0},
		{"1 ", 10, -EINVAL, 0},
		{"1x", 10, -EINVAL, 0},
		{"0x1", 10, -EINVAL, 0},
		{"\xd9\xa1", 10, -EINVAL, 0},
		{"99999999999999999999999999x", UINT64_MAX, -EINVAL, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t value = 4711;

		assert_int_equal(
			str_parse_number(rows[i].text, strlen(rows[i].text), rows[i].max, &value),
			rows[i].error);
		assert_int_equal(value, rows[i].error ? 4711 : rows[i].value);
	}
}

static void test_utf8(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		uint32_t character;
	} rows[] = {
		{"a", 1, 'a'},
		{"\x7f", 1, 0x7f},
		{"\xc2\x80", 2, 0x80},
		{"\xdf\xbf", 2, 0x7ff},
		{"\xe0\xa0\x80", 3, 0x800},
		{"\xef\xbf\xbf", 3, 0xffff},
		{"\xf0\x90\x80\x80", 4, 0x10000},
		{"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
		{"\x80", 0, 0},
		{"\xc1\xbf", 0, 0},
		{"\xe0\x9f\xbf", 0, 0},
		{"\xf0\x8f\xbf\xbf", 0, 0},
		{"\xed\xa0\x80", 0, 0},
		{"\xed\xbf\xbf", 0, 0},
		{"\xf4\x90\x80\x80", 0, 0},
		{"\xf8\x88\x80\x80\x80", 0, 0},
		{"\xff", 0, 0},
		{"\xc2", 0, 0},
		{"\xe2\x82", 0, 0},
		{"\xf0\x9f\x98", 0, 0},
		{"\xc2\x20", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint32_t character = 0;

		assert_int_equal(
			str_utf8(rows[i].bytes, strlen(rows[i].bytes), &character), rows[i].length);
		if (rows[i].length)
			assert_int_equal(character, rows[i].character);
	}
}

static void test_escape(void **state)
{
	static const struct {
		const char *bytes, *escaped;
	} rows[] = {
		{"/home/alice", "/home/alice"},
		{"caf\xc3\xa9", "caf\xc3\xa9"},
		{"a\nb\tc", "a\\x0ab\\x09c"},
		{"\x1b[31m", "\\x1b[31m"},
		{"a\\x0ab", "a\\x5cx0ab"},
		{"\xff\xc3", "\\xff\\xc3"},
		{"\xc2\x85", "\\xc2\\x85"},
		{"\xe2\x80\xae"
		 "x",
			"\\xe2\\x80\\xaex"},
		{"\xe2\x80\xa8", "\\xe2\\x80\\xa8"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_str_ struct str str = STR_INIT;

		str_add_escaped(&str, rows[i].bytes, strlen(rows[i].bytes));
		assert_string_equal(str.text, rows[i].escaped);
	}
}

static void test_nearest(void **state)
{
	static const char *const words[] = {
		"read", "execute", "write", "write-execute", "list", "device", "hide"};
	static const struct {
		const char *word, *nearest;
	} rows[] = {
		{"raed", "read"}, /* swapped: one mistake */
		{"reda", "read"},
		{"aerd", NULL}, /* two letters of four */
		{"reed", "read"},
		{"wriet", "write"},
		{"exec", "execute"},
		{"exceute", "execute"},
		{"write_execute", "write-execute"},
		{"lists", "list"},
		{"connect", NULL},
		{"", NULL},
		{"x", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct str_nearest nearest = STR_NEAREST(rows[i].word, strlen(rows[i].word));

		for (size_t j = 0; j < ARRAY_SIZE(words); j++)
			str_nearest_offer(&nearest, words[j]);
		if (rows[i].nearest)
			assert_string_equal(nearest.best, rows[i].nearest);
		else
			assert_null(nearest.best);
	}
}

static void test_choices(void **state)
{
	char buffer[16];
	size_t index = 9;

	(void)state;
	assert_true(str_in_choices("any", 3, "session|any", &index));
	assert_int_equal(index, 1);
	assert_true(str_in_choices("session", 7, "session|any", NULL));
	assert_false(str_in_choices("sess", 4, "session|any", &index));
	assert_false(str_in_choices("", 0, "session|any", &index));
	assert_false(str_in_choices("session|any", 11, "session|any", &index));
	assert_string_equal(
		str_nearest_choice("sesion", 6, "session|any", buffer, sizeof(buffer)), "session");
	assert_null(str_nearest_choice("none", 4, "session|any", buffer, sizeof(buffer)));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grow),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_choices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
