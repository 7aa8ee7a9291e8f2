/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Times in and out, in the time zone of the caller. */

#include "when.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "str.h"

#define DAY             (24 * 3600ULL)
#define SPAN_MAX        (100 * 365 * DAY * WHEN_SECOND)
#define FRACTION_DIGITS 6  /* microseconds */
#define CALENDAR_MAX    64 /* bytes of a day and a time of day */

/* As systemd.time(7) has them; a month and a year are the mean ones. */
static const struct {
	const char *name;
	uint64_t usec;
} units[] = {
	{"us", 1},
	{"usec", 1},
	{"ms", 1000},
	{"msec", 1000},
	{"s", WHEN_SECOND},
	{"sec", WHEN_SECOND},
	{"second", WHEN_SECOND},
	{"seconds", WHEN_SECOND},
	{"m", 60 * WHEN_SECOND},
	{"min", 60 * WHEN_SECOND},
	{"minute", 60 * WHEN_SECOND},
	{"minutes", 60 * WHEN_SECOND},
	{"h", 3600 * WHEN_SECOND},
	{"hr", 3600 * WHEN_SECOND},
	{"hour", 3600 * WHEN_SECOND},
	{"hours", 3600 * WHEN_SECOND},
	{"d", DAY *WHEN_SECOND},
	{"day", DAY *WHEN_SECOND},
	{"days", DAY *WHEN_SECOND},
	{"w", 7 * DAY *WHEN_SECOND},
	{"week", 7 * DAY *WHEN_SECOND},
	{"weeks", 7 * DAY *WHEN_SECOND},
	{"M", 2629800 * WHEN_SECOND},
	{"month", 2629800 * WHEN_SECOND},
	{"months", 2629800 * WHEN_SECOND},
	{"y", 31557600 * WHEN_SECOND},
	{"year", 31557600 * WHEN_SECOND},
	{"years", 31557600 * WHEN_SECOND},
};

static bool find_unit(const char *name, size_t length, uint64_t *ret_usec)
{
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (str_equal(name, length, units[i].name)) {
			*ret_usec = units[i].usec;
			return true;
		}
	}
	return false;
}

/*
 * ".5" of so many microseconds, where there is a '.'. Returns what it is long, 0 where it is none,
 * and SIZE_MAX where no digit is behind the '.'.
 */
static size_t parse_fraction(const char *text, uint64_t unit, uint64_t *ret)
{
	size_t digits = text[0] == '.' ? strspn(text + 1, "0123456789") : 0;
	uint64_t value = 0, scale = 1;

	*ret = 0;
	if (text[0] != '.')
		return 0;
	for (size_t i = 0; i < digits && i < FRACTION_DIGITS; i++) {
		value = 10 * value + (uint64_t)(text[1 + i] - '0');
		scale *= 10;
	}
	/* In two steps: a year times the digits would be too much. */
	*ret = unit / scale * value + unit % scale * value / scale;
	return digits > 0 ? 1 + digits : SIZE_MAX;
}

/* "1.5h": returns what is behind it, NULL if it is none. */
static const char *parse_term(const char *text, const char *end, uint64_t *ret)
{
	size_t digits = strspn(text, "0123456789"), letters = 0, length;
	const char *unit = text + digits;
	uint64_t number = 0, usec, fraction;

	length = *unit == '.' ? 1 + strspn(unit + 1, "0123456789") : 0;
	unit += length;
	unit += strspn(unit, " ");
	while (unit + letters < end && isalpha((unsigned char)unit[letters]))
		letters++;
	if (!find_unit(unit, letters, &usec) ||
		parse_fraction(text + digits, usec, &fraction) != length)
		return NULL;
	/* ".5h" has none in front of it. */
	if ((digits > 0 || length == 0) &&
		str_parse_number(text, digits, SPAN_MAX / usec, &number) < 0)
		return NULL;
	*ret = number * usec + fraction;
	return unit + letters;
}

/* "1h 30min", in microseconds. Bounded, so that nothing overflows. */
static int parse_span(const char *text, size_t length, uint64_t *ret)
{
	const char *end = text + length;
	uint64_t total = 0;

	if (length == 0)
		return -EINVAL;
	while (text < end) {
		uint64_t usec;

		text = parse_term(text, end, &usec);
		if (!text || usec > SPAN_MAX - total)
			return -EINVAL;
		total += usec;
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

/* A day and a time of day as they are written, and what the words around them say. */
struct calendar {
	struct tm tm;
	uint64_t usec; /* of the second */
	bool utc;
	int weekday; /* 0 is Sunday, -1 not said */
};

static bool split_time(time_t seconds, bool utc, struct tm *ret)
{
	return utc ? gmtime_r(&seconds, ret) : localtime_r(&seconds, ret);
}

static int join_time(struct tm *tm, bool utc, uint64_t *ret)
{
	time_t seconds;

	tm->tm_isdst = -1;
	seconds = utc ? timegm(tm) : mktime(tm);
	if (seconds < 0)
		return -EINVAL;
	*ret = (uint64_t)seconds * WHEN_SECOND;
	return 0;
}

static int from_calendar(const struct calendar *calendar, uint64_t *ret)
{
	struct tm tm = calendar->tm;
	uint64_t when;
	int r = join_time(&tm, calendar->utc, &when);

	if (r < 0)
		return r;
	/* mktime takes the 31st of February for the 3rd of March. */
	if (tm.tm_mday != calendar->tm.tm_mday || tm.tm_mon != calendar->tm.tm_mon)
		return -EINVAL;
	if (calendar->weekday >= 0 && calendar->weekday != tm.tm_wday)
		return -EINVAL;
	*ret = when + calendar->usec;
	return 0;
}

/* "Sun ", "Sunday ": what comes behind it, and which day; text itself and -1 without one. */
static const char *skip_weekday(const char *text, int *ret)
{
	static const char *const names[] = {
		"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
	size_t length = strcspn(text, " ");

	*ret = -1;
	for (size_t i = 0; text[length] == ' ' && i < ARRAY_SIZE(names); i++) {
		if ((length != 3 && length != strlen(names[i])) ||
			strncasecmp(text, names[i], length) != 0)
			continue;
		*ret = (int)i;
		return text + length + strspn(text + length, " ");
	}
	return text;
}

/* Takes " UTC" off, and the "Z" of a time with a "T", as our own JSON has it. */
static bool cut_zone(char *text)
{
	size_t length = strlen(text);

	if (length > 4 && strcasecmp(text + length - 4, " UTC") == 0)
		text[length - 4] = '\0';
	else if (length > 1 && text[length - 1] == 'Z' && strchr(text, 'T'))
		text[length - 1] = '\0';
	else
		return false;
	return true;
}

static int parse_day_word(const char *text, bool utc, uint64_t now, uint64_t *ret)
{
	static const struct {
		const char *word;
		int days;
	} words[] = {{"yesterday", -1}, {"today", 0}, {"tomorrow", 1}};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct tm tm;

		if (strcmp(text, words[i].word) != 0)
			continue;
		if (!split_time((time_t)(now / WHEN_SECOND), utc, &tm))
			return -EINVAL;
		/* Days below 1 or above the month's end are wanted here. */
		tm = (struct tm){.tm_year = tm.tm_year,
			.tm_mon = tm.tm_mon,
			.tm_mday = tm.tm_mday + words[i].days};
		return join_time(&tm, utc, ret);
	}
	return -EINVAL;
}

static const struct form {
	const char *format;
	bool dated, seconds;
} forms[] = {
	{"%Y-%m-%d %H:%M:%S", true, true},
	{"%Y-%m-%dT%H:%M:%S", true, true},
	{"%Y-%m-%d %H:%M", true, false},
	{"%Y-%m-%dT%H:%M", true, false},
	{"%Y-%m-%d", true, false},
	{"%H:%M:%S", false, true},
	{"%H:%M", false, false},
};

/* Whether the text is of that form, to its end. */
static bool read_form(const struct form *form, const char *text, uint64_t now, struct calendar *ret)
{
	struct calendar calendar = {.utc = ret->utc, .weekday = ret->weekday};
	const char *end = strptime(text, form->format, &calendar.tm);
	size_t fraction;
	struct tm today;

	if (!end)
		return false;
	fraction = form->seconds ? parse_fraction(end, WHEN_SECOND, &calendar.usec) : 0;
	if (fraction == SIZE_MAX || end[fraction] ||
		!split_time((time_t)(now / WHEN_SECOND), ret->utc, &today))
		return false;
	if (!form->dated) {
		calendar.tm.tm_year = today.tm_year;
		calendar.tm.tm_mon = today.tm_mon;
		calendar.tm.tm_mday = today.tm_mday;
	}
	*ret = calendar;
	return true;
}

static int parse_calendar(const char *text, uint64_t now, uint64_t *ret)
{
	char buffer[CALENDAR_MAX];
	struct calendar calendar;

	if (strlen(text) >= sizeof(buffer))
		return -EINVAL;
	strcpy(buffer, text);
	calendar.utc = cut_zone(buffer);
	if (parse_day_word(buffer, calendar.utc, now, ret) == 0)
		return 0;
	text = skip_weekday(buffer, &calendar.weekday);
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (read_form(&forms[i], text, now, &calendar))
			return from_calendar(&calendar, ret);
	return -EINVAL;
}

/* "1795312001.5" */
static int parse_epoch(const char *text, uint64_t *ret)
{
	size_t digits = strspn(text, "0123456789");
	uint64_t seconds, usec;
	size_t fraction = parse_fraction(text + digits, WHEN_SECOND, &usec);

	if (fraction == SIZE_MAX || text[digits + fraction] ||
		str_parse_number(text, digits, UINT64_MAX / WHEN_SECOND - 1, &seconds) < 0)
		return -EINVAL;
	*ret = seconds * WHEN_SECOND + usec;
	return 0;
}

int when_parse(const char *text, uint64_t now, uint64_t *ret)
{
	static const char ago[] = " ago";
	size_t length = strlen(text);

	if (strcmp(text, "now") == 0) {
		*ret = now;
		return 0;
	}
	if (text[0] == '@')
		return parse_epoch(text + 1, ret);
	if (text[0] == '-' || text[0] == '+')
		return add_span(text + 1, length - 1, now, text[0] == '-', ret);
	if (length > strlen(ago) && strcmp(text + length - strlen(ago), ago) == 0)
		return add_span(text, length - strlen(ago), now, true, ret);
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
