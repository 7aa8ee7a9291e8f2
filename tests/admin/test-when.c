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

/* Parts of a second; these are what systemd-analyze timestamp of systemd 252 says, too. */
static void parses_parts(void **state)
{
	static const struct {
		const char *text;
		uint64_t usec;
	} rows[] = {
		{"@1795312001.5", 1795312001500000},
		{"@17.1234567", 17123456},
		{"2026-11-22 10:00:00 UTC", 1795341600000000},
		{"2026-11-22 10:00 utc", 1795341600000000},
		{"2026-11-22 UTC", 1795305600000000},
		{"Sun 2026-11-22 10:00:00 UTC", 1795341600000000},
		{"Sunday 2026-11-22", 1795302000000000},
		{"sun  2026-11-22 10:00", 1795338000000000},
		{"Sun 10:00", 1795338000000000},
		{"2026-11-22 10:00:00.5", 1795338000500000},
		{"2026-11-22 10:00:00.5 UTC", 1795341600500000},
		{"10:00:00.25", 1795338000250000},
		{"10:00 UTC", 1795341600000000},
		{"today UTC", 1795305600000000},
		{"-1.5h", (NOW - 5400) * WHEN_SECOND},
		{"-.5h", (NOW - 1800) * WHEN_SECOND},
		{"-100ms", NOW * WHEN_SECOND - 100000},
		{"-5us", NOW * WHEN_SECOND - 5},
		{"-1month", (NOW - 2629800) * WHEN_SECOND},
		{"-1M", (NOW - 2629800) * WHEN_SECOND},
		{"-1y", (NOW - 31557600) * WHEN_SECOND},
		{"-1.5y", NOW * WHEN_SECOND - 47336400000000},
		/* As our own JSON has it. */
		{"2026-11-22T02:00:30.000042Z", NOW * WHEN_SECOND + 42},
		{"2026-11-22T02:00:30Z", NOW * WHEN_SECOND},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t when = 0;

		if (when_parse(rows[i].text, NOW * WHEN_SECOND, &when) != 0 || when != rows[i].usec)
			fail_msg("\"%s\" gives %llu", rows[i].text, (unsigned long long)when);
	}
}

static void refuses(void **state)
{
	static const char *const texts[] = {"", "yesterdai", "-", "+", "-2", "-2x", "-h", "@", "@x",
		"@-1", "ago", " ago", "2026-13-01", "2026-02-31", "2026-11-22 25:00", "10:00x",
		"2026-11-22 10:00:05 z", "-99999999999999999999h", "@99999999999999999999",
		"-100000w", "@1.", "@1.x", "@1.5 ", "-1.h", "-1.", "-1..5h", "-1.5", "-.h", "-2hrs",
		"-1ns", "Mon 2026-11-22", "Sun", "Sun ", "Su 2026-11-22", "Sun,2026-11-22",
		"2026-11-22 10:00.5", "2026-11-22 10:00:00.", "2026-11-22 10:00:00 CET", "now UTC",
		" UTC", "UTC", "2026-11-22 10:00:00Z", "2026-02-31 UTC", "@5 UTC",
		"Sun                                                        2026-11-22"};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		uint64_t when = 7;

		if (when_parse(texts[i], NOW * WHEN_SECOND, &when) == 0)
			fail_msg("\"%s\" is taken", texts[i]);
		assert_int_equal(when, 7);
	}
}

static void prints(void **state)
{
	char buffer[WHEN_TEXT_MAX];

	assert_string_equal(when_format(NOW * WHEN_SECOND, buffer), "Nov 22 03:00:30");
	assert_string_equal(
		when_format_utc(NOW * WHEN_SECOND + 42, buffer), "2026-11-22T02:00:30.000042Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses),
		cmocka_unit_test(parses_parts),
		cmocka_unit_test(refuses),
		cmocka_unit_test(prints),
	};

	/* Not a name: the zone database may be missing. */
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
