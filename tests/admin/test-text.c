/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Other people's bytes on the way to a terminal: escaping, excerpts, wrapping. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "cleanup.h"
#include "text.h"

static void escapes(void **state)
{
	static const struct {
		const char *raw;
		size_t size; /* 0: to the NUL */
		const char *shown;
	} rows[] = {
		{"plain text", 0, "plain text"}, {"caf\xc3\xa9", 0, "caf\xc3\xa9"},
		{"a\\x1b", 0, "a\\x1b"}, {"\033[31mred\033[0m", 0, "\\x1b[31mred\\x1b[0m"},
		{"a\tb\nc\rd", 0, "a\\x09b\\x0ac\\x0dd"}, {"nul\0within", 10, "nul\\x00within"},
		{"\x7f", 0, "\\x7f"}, {"\xc2\x9b[2J", 0, "\\xc2\\x9b[2J"}, /* C1 CSI */
		{"\xe2\x80\xae"
		 "cba",
			0,
			"\\xe2\\x80\\xae"
			"cba"},                         /* right-to-left */
		{"\xe2\x80\xa8", 0, "\\xe2\\x80\\xa8"}, /* line separator */
		{"\xff\xfe", 0, "\\xff\\xfe"},          /* no UTF-8 */
		{"\xc0\xaf", 0, "\\xc0\\xaf"},          /* overlong */
		{"\xed\xa0\x80", 0, "\\xed\\xa0\\x80"}, /* surrogate */
		{"\xe2\x82", 0, "\\xe2\\x82"},          /* cut off */
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t size = rows[i].size ? rows[i].size : strlen(rows[i].raw);
		_cleanup_free_ char *shown = text_escape(rows[i].raw, size);

		assert_string_equal(shown, rows[i].shown);
	}
}

static void widths(void **state)
{
	assert_int_equal(text_width(""), 0);
	assert_int_equal(text_width("abc"), 3);
	assert_int_equal(text_width("caf\xc3\xa9"), 4);
	assert_string_equal(text_skip("caf\xc3\xa9s", 4), "s");
	assert_string_equal(text_skip("ab", 4), "");
}

static void lines(void **state)
{
	static const struct {
		const char *text;
		size_t width, length;
	} rows[] = {
		{"short", 10, 5},
		{"two words", 9, 9},
		{"two words", 8, 3},
		{"two words", 3, 3},
		{"group/students", 10, 6}, /* behind the slash */
		{"unbreakable", 4, 4},
		{" ab", 1, 1},
		{"", 5, 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(text_line_length(rows[i].text, rows[i].width), rows[i].length);
}

/* The line and, below it, the mark. */
static void assert_excerpt(const char *line, size_t offset, size_t length, const char *shown,
	size_t mark, size_t mark_length)
{
	struct text_excerpt excerpt;

	assert_int_equal(text_excerpt(line, offset, length, &excerpt), 0);
	assert_string_equal(excerpt.line, shown);
	assert_int_equal(excerpt.mark, mark);
	assert_int_equal(excerpt.mark_length, mark_length);
	free(excerpt.line);
}

static void excerpts(void **state)
{
	assert_excerpt("raed = /srv", 0, 4, "raed = /srv", 0, 4);
	assert_excerpt("read = /srv", 7, 4, "read = /srv", 7, 4);
	/* Tabs go to the next stop, whatever is before the mark keeps its place. */
	assert_excerpt("\tread", 1, 4, "        read", 8, 4);
	assert_excerpt("ab\tread", 3, 4, "ab      read", 8, 4);
	/* What is escaped is wider than it was. */
	assert_excerpt("a\033b", 1, 1, "a\\x1bb", 1, 4);
	assert_excerpt("a\033b", 2, 1, "a\\x1bb", 5, 1);
	assert_excerpt("\xc3\xa9 x", 3, 1, "\xc3\xa9 x", 2, 1);
	/* The end of the line, and beyond it. */
	assert_excerpt("abc", 3, 1, "abc", 3, 1);
	assert_excerpt("abc", 9, 1, "abc", 3, 1);
	assert_excerpt("abc", 2, 9, "abc", 2, 1);
	assert_excerpt("", 0, 1, "", 0, 1);
}

static void long_excerpts(void **state)
{
	char line[301];
	struct text_excerpt excerpt;

	memset(line, 'x', 300);
	line[300] = '\0';
	memcpy(line + 200, "HERE", 4);
	assert_int_equal(text_excerpt(line, 200, 4, &excerpt), 0);
	assert_true(text_width(excerpt.line) <= 106);
	assert_memory_equal(excerpt.line, "...", 3);
	assert_memory_equal(excerpt.line + excerpt.mark, "HERE", 4);
	assert_int_equal(excerpt.mark_length, 4);
	free(excerpt.line);

	assert_int_equal(text_excerpt(line, 0, 300, &excerpt), 0);
	assert_int_equal(excerpt.mark, 0);
	assert_true(excerpt.mark_length <= text_width(excerpt.line));
	assert_string_equal(excerpt.line + strlen(excerpt.line) - 3, "...");
	free(excerpt.line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes),
		cmocka_unit_test(widths),
		cmocka_unit_test(lines),
		cmocka_unit_test(excerpts),
		cmocka_unit_test(long_excerpts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
