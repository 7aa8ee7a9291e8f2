/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Times in and out, in the time zone of the caller. */

#include "when.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "str.h"

#define DAY (24 * 3600ULL)

static const struct {
	const char *name;
	uint64_t seconds;
} units[] = {
	{"s", 1},
	{"sec", 1},
	{"second", 1},
	{"seconds", 1},
	{"m", 60},
	{"min", 60},
	{"minute", 60},
	{"minutes", 60},
	{"h", 3600},
	{"hr", 3600},
	{"hour", 3600},
	{"hours", 3600},
	{"d", DAY},
	{"day", DAY},
	{"days", DAY},
	{"w", 7 * DAY},
	{"week", 7 * DAY},
	{"weeks", 7 * DAY},
};

static bool find_unit(const char *name, size_t length, uint64_t *ret_seconds)
{
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (str_equal(name, length, units[i].name)) {
			*ret_seconds = units[i].seconds;
			return true;
		}
	}
	return false;
}

/* "1h 30min", in microseconds. Bounded, so that nothing overflows. */
static int parse_span(const char *text, size_t length, uint64_t *ret)
{
	const char *end = text + length;
	uint64_t total = 0;

	if (length == 0)
		return -EINVAL;
	while (text < end) {
		uint64_t number, seconds;
		size_t digits = strspn(text, "0123456789");
		size_t blanks = strspn(text + digits, " ");
		const char *unit = text + digits + blanks;
		size_t letters = 0;

		while (unit + letters < end && isalpha((unsigned char)unit[letters]))
			letters++;
		if (str_parse_number(text, digits, 100 * 365 * DAY, &number) < 0 ||
			!find_unit(unit, letters, &seconds) || number > 100 * 365 * DAY / seconds)
			return -EINVAL;
		total += number * seconds * WHEN_SECOND;
		text = unit + letters;
		text += strspn(text, " ");
	}
	*ret = total;
	return 0;
}

static int add_span(const char *text, size_t length, uint64_t now, bool back, uint64_t *ret)
{
	uint64_t span;
	int r = parse_span(text, length, &span);

	if (r < 0)
		return r;
	if (back)
		*ret = span < now ? now - span : 0;
	else
		*ret = now + span;
	return 0;
}

static int from_local(struct tm *tm, uint64_t *ret)
{
	struct tm asked = *tm;
	time_t seconds;

	tm->tm_isdst = -1;
	seconds = mktime(tm);
	/* mktime takes the 31st of February for the 3rd of March. */
	if (seconds < 0 || asked.tm_mday != tm->tm_mday || asked.tm_mon != tm->tm_mon)
		return -EINVAL;
	*ret = (uint64_t)seconds * WHEN_SECOND;
	return 0;
}

static int parse_day_word(const char *text, uint64_t now, uint64_t *ret)
{
	static const struct {
		const char *word;
		int days;
	} words[] = {{"yesterday", -1}, {"today", 0}, {"tomorrow", 1}};
	time_t seconds = (time_t)(now / WHEN_SECOND);

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct tm tm;

		if (strcmp(text, words[i].word) != 0)
			continue;
		if (!localtime_r(&seconds, &tm))
			return -EINVAL;
		tm = (struct tm){.tm_year = tm.tm_year,
			.tm_mon = tm.tm_mon,
			.tm_isdst = -1,
			.tm_mday = tm.tm_mday + words[i].days};
		/* Days below 1 or above the month's end are wanted here. */
		seconds = mktime(&tm);
		if (seconds < 0)
			return -EINVAL;
		*ret = (uint64_t)seconds * WHEN_SECOND;
		return 0;
	}
	return -EINVAL;
}

static int parse_calendar(const char *text, uint64_t now, uint64_t *ret)
{
	static const struct {
		const char *format;
		bool dated;
	} forms[] = {
		{"%Y-%m-%d %H:%M:%S", true},
		{"%Y-%m-%dT%H:%M:%S", true},
		{"%Y-%m-%d %H:%M", true},
		{"%Y-%m-%dT%H:%M", true},
		{"%Y-%m-%d", true},
		{"%H:%M:%S", false},
		{"%H:%M", false},
	};
	time_t seconds = (time_t)(now / WHEN_SECOND);

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		struct tm today, tm = {0};
		const char *end = strptime(text, forms[i].format, &tm);

		if (!end || *end || !localtime_r(&seconds, &today))
			continue;
		if (!forms[i].dated) {
			tm.tm_year = today.tm_year;
			tm.tm_mon = today.tm_mon;
			tm.tm_mday = today.tm_mday;
		}
		return from_local(&tm, ret);
	}
	return -EINVAL;
}

int when_parse(const char *text, uint64_t now, uint64_t *ret)
{
	static const char ago[] = " ago";
	size_t length = strlen(text);
	uint64_t seconds;

	if (strcmp(text, "now") == 0) {
		*ret = now;
		return 0;
	}
	if (text[0] == '@') {
		if (str_parse_number(text + 1, length - 1, UINT64_MAX / WHEN_SECOND, &seconds) < 0)
			return -EINVAL;
		*ret = seconds * WHEN_SECOND;
		return 0;
	}
	if (text[0] == '-' || text[0] == '+')
		return add_span(text + 1, length - 1, now, text[0] == '-', ret);
	if (length > strlen(ago) && strcmp(text + length - strlen(ago), ago) == 0)
		return add_span(text, length - strlen(ago), now, true, ret);
	if (parse_day_word(text, now, ret) == 0)
		return 0;
	return parse_calendar(text, now, ret);
}

uint64_t when_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * WHEN_SECOND + (uint64_t)now.tv_nsec / 1000;
}

const char *when_format(uint64_t when, char buffer[WHEN_TEXT_MAX])
{
	time_t seconds = (time_t)(when / WHEN_SECOND);
	struct tm tm;

	if (!localtime_r(&seconds, &tm) || strftime(buffer, WHEN_TEXT_MAX, "%b %d %T", &tm) == 0)
		return "-";
	return buffer;
}

const char *when_format_utc(uint64_t when, char buffer[WHEN_TEXT_MAX])
{
	time_t seconds = (time_t)(when / WHEN_SECOND);
	struct tm tm;
	size_t n;

	if (!gmtime_r(&seconds, &tm))
		return "-";
	n = strftime(buffer, WHEN_TEXT_MAX, "%FT%T", &tm);
	snprintf(buffer + n, WHEN_TEXT_MAX - n, ".%06uZ", (unsigned)(when % WHEN_SECOND));
	return buffer;
}

const char *when_format_age(uint64_t seconds, char buffer[WHEN_TEXT_MAX])
{
	uint64_t minutes = seconds / 60, hours = seconds / 3600, days = seconds / DAY;

	if (seconds < 60)
		snprintf(buffer, WHEN_TEXT_MAX, "%" PRIu64 "s", seconds);
	else if (hours == 0)
		snprintf(buffer, WHEN_TEXT_MAX, "%" PRIu64 "min", minutes);
	else if (days == 0)
		snprintf(buffer, WHEN_TEXT_MAX, "%" PRIu64 "h%02" PRIu64, hours, minutes % 60);
	else
		snprintf(buffer, WHEN_TEXT_MAX, "%" PRIu64 "d%02" PRIu64 "h", days, hours % 24);
	return buffer;
}
