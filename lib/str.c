/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Text only: no file, no locale, no output. */

#include "str.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#define NEAREST_LENGTH_MAX 64

static bool str_reserve(struct str *str, size_t more)
{
	size_t capacity = str->capacity ? str->capacity : 64;
	char *grown;

	if (str->failed)
		return false;
	if (str->length + more + 1 <= str->capacity)
		return true;
	while (capacity < str->length + more + 1)
		capacity *= 2;
	grown = realloc(str->text, capacity);
	if (!grown) {
		str->failed = true;
		return false;
	}
	str->text = grown;
	str->capacity = capacity;
	return true;
}

void str_add(struct str *str, const char *bytes, size_t length)
{
	if (!str_reserve(str, length))
		return;
	if (length > 0)
		memcpy(str->text + str->length, bytes, length);
	str->length += length;
	str->text[str->length] = '\0';
}

void str_add_char(struct str *str, char c)
{
	str_add(str, &c, 1);
}

void str_addf(struct str *str, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (n < 0) {
		text = NULL;
		str->failed = true;
		return;
	}
	str_add(str, text, (size_t)n);
}

char *str_format(const char *format, ...)
{
	va_list arguments;
	char *text;
	int n;

	va_start(arguments, format);
	n = vasprintf(&text, format, arguments);
	va_end(arguments);
	return n < 0 ? NULL : text;
}

/* How many bytes are printable ASCII, without a backslash. */
static size_t plain_length(const char *bytes, size_t length)
{
	size_t n = 0;

	while (n < length && bytes[n] >= 0x20 && bytes[n] < 0x7f && bytes[n] != '\\')
		n++;
	return n;
}

void str_add_escaped(struct str *str, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length;) {
		size_t plain = plain_length(bytes + i, length - i), n;
		uint32_t c;

		str_add(str, bytes + i, plain);
		i += plain;
		if (i == length)
			return;
		n = str_utf8(bytes + i, length - i, &c);
		if (n > 0 && c != '\\' && !str_is_control(c)) {
			str_add(str, bytes + i, n);
			i += n;
			continue;
		}
		for (size_t end = i + (n ? n : 1); i < end; i++)
			str_addf(str, "\\x%02x", (unsigned char)bytes[i]);
	}
}

char *str_take(struct str *str)
{
	char *text;

	str_add(str, NULL, 0);
	if (str->failed) {
		str_done(str);
		return NULL;
	}
	text = str->text;
	*str = STR_INIT;
	return text;
}

void str_done(struct str *str)
{
	free(str->text);
	*str = STR_INIT;
}

int str_parse_number(const char *text, size_t length, uint64_t max, uint64_t *ret)
{
	uint64_t value = 0;
	bool over = false;

	if (length == 0 || (length > 1 && text[0] == '0'))
		return -EINVAL;
	for (size_t i = 0; i < length; i++) {
		unsigned digit = (unsigned)(unsigned char)text[i] - '0';

		if (digit > 9)
			return -EINVAL;
		over = over || value > (UINT64_MAX - digit) / 10;
		value = value * 10 + digit;
	}
	if (over || value > max)
		return -ERANGE;
	*ret = value;
	return 0;
}

size_t str_utf8(const char *bytes, size_t length, uint32_t *ret)
{
	static const struct {
		uint8_t mask, lead;
		uint32_t least; /* smaller ones are overlong */
	} forms[] = {
		{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
	const uint8_t *p = (const uint8_t *)bytes;

	for (size_t n = 0; n < ARRAY_SIZE(forms) && n < length; n++) {
		uint32_t c = p[0] & (uint8_t)~forms[n].mask;

		if ((p[0] & forms[n].mask) != forms[n].lead)
			continue;
		for (size_t i = 1; i <= n; i++) {
			if ((p[i] & 0xc0) != 0x80)
				return 0;
			c = c << 6 | (p[i] & 0x3f);
		}
		if (c < forms[n].least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
			return 0;
		*ret = c;
		return n + 1;
	}
	return 0;
}

bool str_is_control(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{0x00, 0x1f},
		{0x7f, 0x9f},
		{0x61c, 0x61c},
		{0x200e, 0x200f},
		{0x2028, 0x202e},
		{0x2066, 0x2069},
		{0xfeff, 0xfeff},
	};

	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/*
 * How many letters were forgotten, added, mistaken or swapped with the next one: Damerau's
 * distance, each stretch changed once, by three rows. Both are at most NEAREST_LENGTH_MAX long.
 */
static unsigned edit_distance(const char *a, size_t n, const char *b, size_t m)
{
	unsigned rows[3][NEAREST_LENGTH_MAX + 1];

	for (size_t j = 0; j <= m; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		const unsigned *above = rows[(i - 1) % 3], *before = rows[(i + 1) % 3];
		unsigned *row = rows[i % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			unsigned change = above[j - 1] + (a[i - 1] != b[j - 1]);

			row[j] = least(above[j] + 1, row[j - 1] + 1, change);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
				before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
	}
	return rows[n % 3][m];
}

/* "exec" for "execute": the beginning of a word is as near as one wrong letter. */
static bool is_beginning(const char *word, size_t length, const char *candidate)
{
	return length >= 3 && strncmp(word, candidate, length) == 0;
}

void str_nearest_offer(struct str_nearest *nearest, const char *candidate)
{
	size_t length = strlen(candidate);
	unsigned distance, limit;

	if (nearest->length == 0 || nearest->length > NEAREST_LENGTH_MAX ||
		length > NEAREST_LENGTH_MAX)
		return;
	distance = edit_distance(nearest->word, nearest->length, candidate, length);
	if (distance > 1 && is_beginning(nearest->word, nearest->length, candidate))
		distance = 1;
	/* A third of the letters may be wrong: one for "read", two for "connect". */
	limit = (unsigned)(length > 6 ? length / 3 : length > 2 ? 1 + (length > 4) : 0);
	if (distance > limit || (nearest->best && distance >= nearest->distance))
		return;
	nearest->best = candidate;
	nearest->distance = distance;
}

/* The next of "a|b|c"; *choices moves on, NULL at the end. */
static const char *next_choice(const char **choices, size_t *ret_length)
{
	const char *choice = *choices;

	if (!choice || !*choice)
		return NULL;
	*ret_length = strcspn(choice, "|");
	*choices = choice + *ret_length + (choice[*ret_length] == '|');
	return choice;
}

const char *str_nearest_choice(
	const char *word, size_t length, const char *choices, char *buffer, size_t size)
{
	const char *choice;
	unsigned best = 0;
	bool found = false;
	size_t n;

	while ((choice = next_choice(&choices, &n))) {
		struct str_nearest nearest = STR_NEAREST(word, length);
		char candidate[NEAREST_LENGTH_MAX + 1];

		if (n > NEAREST_LENGTH_MAX || n >= size)
			continue;
		memcpy(candidate, choice, n);
		candidate[n] = '\0';
		str_nearest_offer(&nearest, candidate);
		if (!nearest.best || (found && nearest.distance >= best))
			continue;
		memcpy(buffer, candidate, n + 1);
		best = nearest.distance;
		found = true;
	}
	return found ? buffer : NULL;
}

bool str_in_choices(const char *word, size_t length, const char *choices, size_t *ret_index)
{
	const char *choice;
	size_t n;

	for (size_t i = 0; (choice = next_choice(&choices, &n)); i++) {
		if (n != length || memcmp(choice, word, n) != 0)
			continue;
		if (ret_index)
			*ret_index = i;
		return true;
	}
	return false;
}
