/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "texts.h"

/* What was added stays where it is and as it is, whatever comes behind. */
static void test_many(void **state)
{
	_cleanup_(texts_done) struct texts texts = {0};
	const char *kept[3000];
	char buffer[32];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		int n = snprintf(buffer, sizeof(buffer), "text %zu", i);

		kept[i] = texts_add(&texts, buffer, (size_t)n);
		assert_non_null(kept[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		snprintf(buffer, sizeof(buffer), "text %zu", i);
		assert_string_equal(kept[i], buffer);
	}
}

/* Around the size of a chunk, where a text and its NUL just fit or just do not. */
static void test_lengths(void **state)
{
	static const size_t lengths[] = {3998, 1, 0, 3999, 4000, 4001, 0, 1, 100000, 1, 3997, 2};
	_cleanup_(texts_done) struct texts texts = {0};
	const char *kept[ARRAY_SIZE(lengths)];
	static char bytes[100000];

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		kept[i] = texts_add(&texts, bytes, lengths[i]);
		assert_non_null(kept[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		assert_int_equal(strlen(kept[i]), lengths[i]);
		assert_memory_equal(kept[i], bytes, lengths[i]);
	}
}

static void test_part(void **state)
{
	_cleanup_(texts_done) struct texts texts = {0};

	(void)state;
	assert_string_equal(texts_add(&texts, "/etc and more", 4), "/etc");
	assert_string_equal(texts_add(&texts, NULL, 0), "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
