/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Points in time, as people write and read them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <time.h>

#include "cleanup.h"
#include "when.h"

#define NOW 1795312830ULL /* 2026-11-22 02:00:30 UTC, 03:00:30 in Berlin */

static void parses(void **state)
{
	static const struct {
		const char *text;
		uint64_t seconds;
	} rows[] = {
		{"now", NOW},
		{"@1795312001", 1795312001},
		{"@0", 0},
		{"-2h", NOW - 7200},
		{"-90s", NOW - 90},
		{"-1h30min", NOW - 5400},
		{"-1h 30min", NOW - 5400},
		{"+1d", NOW + 86400},
		{"2h ago", NOW - 7200},
		{"2 weeks ago", NOW - 14 * 86400},
		{"today", 1795302000},
		{"yesterday", 1795302000 - 86400},
		{"tomorrow", 1795302000 + 86400},
		{"2026-11-22", 1795302000},
		{"2026-11-22 10:00", 1795338000},
		{"2026-11-22 10:00:05", 1795338005},
		{"2026-11-22T10:00:05", 1795338005},
		{"10:00", 1795338000},
		{"10:00:05", 1795338005},
		/* Summer time, and the year's other end. */
		{"2026-07-01 12:00", 1782900000},
		{"2026-01-01", 1767222000},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t when = 0;

		if (when_parse(rows[i].text, NOW * WHEN_SECOND, &when) != 0 ||
			when != rows[i].seconds * WHEN_SECOND)
			fail_msg("\"%s\" gives %llu", rows[i].text,
				(unsigned long long)(when / WHEN_SECOND));
	}
}

static void refuses(void **state)
{
	static const char *const texts[] = {"", "yesterdai", "-", "+", "-2", "-2x", "-h", "@", "@x",
		"@-1", "ago", " ago", "2026-13-01", "2026-02-31", "2026-11-22 25:00", "10:00x",
		"2026-11-22 10:00:05 z", "-99999999999999999999h", "@99999999999999999999",
		"-100000w"};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		uint64_t when = 7;

		if (when_parse(texts[i], NOW * WHEN_SECOND, &when) == 0)
			fail_msg("\"%s\" is taken", texts[i]);
		assert_int_equal(when, 7);
	}
}

static void prints(void **state)
{
	static const struct {
		uint64_t seconds;
		const char *age;
	} ages[] = {{0, "0s"}, {59, "59s"}, {60, "1min"}, {3599, "59min"}, {3600, "1h00"},
		{11100, "3h05"}, {86400, "1d00h"}, {187200, "2d04h"}};
	char buffer[WHEN_TEXT_MAX];

	assert_string_equal(when_format(NOW * WHEN_SECOND, buffer), "Nov 22 03:00:30");
	assert_string_equal(
		when_format_utc(NOW * WHEN_SECOND + 42, buffer), "2026-11-22T02:00:30.000042Z");
	for (size_t i = 0; i < ARRAY_SIZE(ages); i++)
		assert_string_equal(when_format_age(ages[i].seconds, buffer), ages[i].age);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses),
		cmocka_unit_test(refuses),
		cmocka_unit_test(prints),
	};

	/* Not a name: the zone database may be missing. */
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
