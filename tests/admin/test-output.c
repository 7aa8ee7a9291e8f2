/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What json.c and table.c write, byte for byte. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "json.h"
#include "table.h"

static char *written;
static size_t n_written;

static FILE *memory(void)
{
	FILE *file = open_memstream(&written, &n_written);

	assert_non_null(file);
	return file;
}

static void assert_written(FILE *file, const char *expected)
{
	assert_int_equal(fclose(file), 0);
	assert_string_equal(written, expected);
	free(written);
}

static void json_values(void **state)
{
	FILE *file = memory();
	struct json json;

	json_init(&json, file);
	json_begin_object(&json, NULL);
	json_string(&json, "a", "b");
	json_string(&json, "none", NULL);
	json_number(&json, "n", UINT64_MAX);
	json_begin_array(&json, "list");
	json_bool(&json, NULL, true);
	json_bool(&json, NULL, false);
	json_null(&json, NULL);
	json_begin_object(&json, NULL);
	json_end_object(&json);
	json_end_array(&json);
	json_begin_array(&json, "empty");
	json_end_array(&json);
	json_end_object(&json);
	assert_written(file, "{\"a\": \"b\", \"none\": null, \"n\": 18446744073709551615, "
			     "\"list\": [true, false, null, {}], \"empty\": []}\n");
}

static void json_strings(void **state)
{
	static const struct {
		const char *raw, *quoted;
	} rows[] = {
		{"", "\"\""},
		{"a\"b\\c/d", "\"a\\\"b\\\\c/d\""},
		{"\b\t\n\033\x7f", "\"\\u0008\\u0009\\u000a\\u001b\\u007f\""},
		{"caf\xc3\xa9 \xf0\x9f\x94\x92", "\"caf\xc3\xa9 \xf0\x9f\x94\x92\""},
		{"\xc2\x9b", "\"\\u009b\""},
		{"\xe2\x80\xae", "\"\\u202e\""},
		{"\xff\xc3", "\"\\\\xff\\\\xc3\""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		FILE *file = memory();
		struct json json;

		json_init(&json, file);
		json_string(&json, NULL, rows[i].raw);
		assert_written(file, rows[i].quoted);
	}
}

static const struct table_column columns[] = {
	{.title = "NAME"},
	{"N", .right = true},
	{"TEXT", .wrap = true},
};

/* table_print() writes to standard output, so that is what is swapped. */
static void assert_table(
	const char *const rows[][3], size_t n_rows, size_t width, const char *expected)
{
	struct table table = TABLE_INIT(columns);
	FILE *saved = stdout;
	FILE *file = memory();

	for (size_t i = 0; i < n_rows; i++)
		assert_int_equal(table_add(&table, rows[i]), 0);
	stdout = file;
	table_print(&table, width, "", "");
	stdout = saved;
	table_done(&table);
	assert_written(file, expected);
}

static void tables(void **state)
{
	static const char *const narrow[][3] = {
		{"a", "1", "first"}, {"longer", "234", NULL}, {"\033[0m", "5", "x y"}};
	static const char *const wide[][3] = {{"key", "1",
		"a text that is much too long for one line of eighty columns and so goes on "
		"below, twice even, because there is so much of it to be told"}};

	assert_table(narrow, 3, 80,
		"NAME       N  TEXT\n"
		"a          1  first\n"
		"longer   234  -\n"
		"\\x1b[0m    5  x y\n");
	assert_table(wide, 1, 80,
		"NAME N TEXT\n"
		"key  1 a text that is much too long for one line of eighty columns and so goes\n"
		"       on below, twice even, because there is so much of it to be told\n");
	assert_table(wide, 1, 0,
		"NAME  N  TEXT\n"
		"key   1  a text that is much too long for one line of eighty columns and so goes "
		"on below, twice even, because there is so much of it to be told\n");
}

/* Where a column is narrowed: blanks first, then in ids, then anywhere. */
static void narrow_tables(void **state)
{
	static const struct table_column two[] = {
		{.title = "RULE", .wrap = true}, {.title = "SAYS", .wrap = true}};
	static const char *const cells[] = {"+base:filesystem.read", "/usr /lib /etc/ssl /bin"};
	static const struct {
		size_t width;
		const char *expected;
	} rows[] = {
		{0, "RULE                   SAYS\n"
		    "+base:filesystem.read  /usr /lib /etc/ssl /bin\n"},
		{40, "RULE                  SAYS\n"
		     "+base:filesystem.read /usr /lib /etc/ssl\n"
		     "                      /bin\n"},
		{31, "RULE                  SAYS\n"
		     "+base:filesystem.read /usr /lib\n"
		     "                      /etc/ssl\n"
		     "                      /bin\n"},
		{25, "RULE             SAYS\n"
		     "+base:           /usr\n"
		     "filesystem.read  /lib\n"
		     "                 /etc/ssl\n"
		     "                 /bin\n"},
		{14, "RULE    SAYS\n"
		     "+base:  /usr\n"
		     "filesys /lib\n"
		     "tem.    /etc/\n"
		     "read    ssl\n"
		     "        /bin\n"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct table table = TABLE_INIT(two);
		FILE *saved = stdout;
		FILE *file = memory();

		assert_int_equal(table_add(&table, cells), 0);
		stdout = file;
		table_print(&table, rows[i].width, "", "");
		stdout = saved;
		table_done(&table);
		assert_written(file, rows[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_values),
		cmocka_unit_test(json_strings),
		cmocka_unit_test(tables),
		cmocka_unit_test(narrow_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
