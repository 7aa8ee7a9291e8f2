/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "span.h"

static void test_format(void **state)
{
	static const struct {
		uint64_t seconds;
		unsigned parts;
		const char *text;
	} rows[] = {
		{0, 4, "0s"},
		{1, 4, "1s"},
		{59, 2, "59s"},
		{60, 2, "1min"},
		{90, 2, "1min 30s"},
		{3599, 2, "59min 59s"},
		{3600, 2, "1h"},
		{3605, 2, "1h"},
		{3605, 4, "1h 5s"},
		{9000, 2, "2h 30min"},
		{9000, 1, "2h"},
		{86399, 2, "23h 59min"},
		{86400, 4, "1d"},
		{604800, 4, "7d"},
		{273906, 4, "3d 4h 5min 6s"},
		{273906, 2, "3d 4h"},
		{UINT64_MAX, 4, "213503982334601d 7h 15s"},
	};
	char buffer[SPAN_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(
			span_format(rows[i].seconds, rows[i].parts, buffer), rows[i].text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
