/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <string.h>

#include "diag.h"

static void add(struct diag_list *diags, const char *file, unsigned line, unsigned column)
{
	const struct diag_place place = {.file = file, .line = line, .column = column};

	diag_error(diags, &place, "id", NULL, "%s:%u:%u", file, line, column);
}

static void test_fields(void **state)
{
	struct diag_list diags = DIAG_LIST_INIT;
	const struct diag_place place = {.file = "a.ini",
		.line = 3,
		.column = 2,
		.source_line = " x = y\nnext",
		.source_length = 6,
		.included_from = "b.ini:1"};

	(void)state;
	diag_warning(&diags, &place, "some-id", "better", "bad %s", "word");
	assert_int_equal(diags.n_items, 1);
	assert_int_equal(diags.n_errors, 0);
	assert_false(diag_failed(&diags));
	assert_null(diag_first_error(&diags));
	assert_int_equal(diags.items[0].severity, DIAG_WARNING);
	assert_int_equal(diags.items[0].length, 1);
	assert_string_equal(diags.items[0].source_line, " x = y");
	assert_string_equal(diags.items[0].suggestion, "better");
	assert_string_equal(diags.items[0].included_from, "b.ini:1");
	assert_string_equal(diags.items[0].text, "bad word");
	add(&diags, "a.ini", 4, 0);
	assert_true(diag_failed(&diags));
	assert_ptr_equal(diag_first_error(&diags), &diags.items[1]);
	assert_int_equal(diags.items[1].length, 0);
	diag_list_done(&diags);
	assert_int_equal(diags.n_items, 0);
}

/* A message quotes what the file holds: it must stay one line that steers no terminal. */
static void test_quoting(void **state)
{
	struct diag_list diags = DIAG_LIST_INIT;
	const struct diag_place place = {.file = "a"};

	(void)state;
	diag_error(&diags, &place, "id", NULL, "%s", "a\x1b[1m\nb \\x41 \\\xff\\");
	assert_string_equal(diags.items[0].text, "a\\x1b[1m\\x0ab \\x41 \\\\xff\\");
	diag_list_done(&diags);
}

static void test_sort(void **state)
{
	static const char *const sorted[] = {
		"b:0:0", "b:1:2", "b:1:10", "b:2:1", "b:2:1", "a:1:1", "a:9:0", "c:1:1"};
	struct diag_list diags = DIAG_LIST_INIT;

	(void)state;
	add(&diags, "b", 2, 1);
	add(&diags, "a", 9, 0);
	add(&diags, "b", 1, 10);
	add(&diags, "b", 1, 2);
	add(&diags, "c", 1, 1);
	add(&diags, "a", 1, 1);
	add(&diags, "b", 2, 1);
	add(&diags, "b", 0, 0);
	diag_sort(&diags);
	for (size_t i = 0; i < diags.n_items; i++)
		assert_string_equal(diags.items[i].text, sorted[i]);
	diag_list_done(&diags);
	diag_sort(&diags);
}

static void test_move(void **state)
{
	struct diag_list to = DIAG_LIST_INIT, from = DIAG_LIST_INIT;
	const struct diag_place place = {.file = "w"};

	(void)state;
	add(&to, "a", 1, 1);
	for (unsigned i = 0; i < 20; i++)
		add(&from, "b", i, 1);
	diag_warning(&from, &place, "id", NULL, "w");
	from.out_of_memory = true;
	diag_list_move(&to, &from);
	assert_int_equal(to.n_items, 22);
	assert_int_equal(to.n_errors, 21);
	assert_true(to.out_of_memory);
	assert_int_equal(from.n_items, 0);
	assert_false(from.out_of_memory);
	assert_string_equal(to.items[20].text, "b:19:1");
	diag_list_done(&to);
	diag_list_done(&from);
}

/* A lost finding counts as one. */
static void test_out_of_memory(void **state)
{
	const struct diag_list diags = {.out_of_memory = true};

	(void)state;
	assert_true(diag_failed(&diags));
}

/* Where a whole file or line is meant, nothing stands for the rest. */
static void test_position(void **state)
{
	char buffer[DIAG_POSITION_MAX];

	(void)state;
	assert_string_equal(
		diag_position(&(struct diag){.line = 12, .column = 5}, buffer), ":12:5");
	assert_string_equal(diag_position(&(struct diag){.line = 12}, buffer), ":12");
	assert_string_equal(diag_position(&(struct diag){0}, buffer), "");
	assert_string_equal(
		diag_position(&(struct diag){.line = UINT_MAX, .column = UINT_MAX}, buffer),
		":4294967295:4294967295");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_quoting),
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_position),
		cmocka_unit_test(test_move),
		cmocka_unit_test(test_out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
