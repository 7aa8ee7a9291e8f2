/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Other people's bytes made harmless for a terminal. */

#include "text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "str.h"

#define TAB_STOP    8
#define EXCERPT_MAX 70 /* columns of a line that are shown */

/* Adds the visible form of the first character; returns its length in bytes. */
static size_t add_visible(struct str *out, const char *bytes, size_t size)
{
	uint32_t character;
	size_t length = str_utf8(bytes, size, &character);

	if (length > 0 && !str_is_control(character)) {
		str_add(out, bytes, length);
		return length;
	}
	if (length == 0)
		length = 1;
	for (size_t i = 0; i < length; i++)
		str_addf(out, "\\x%02x", (unsigned char)bytes[i]);
	return length;
}

char *text_escape(const char *bytes, size_t size)
{
	_cleanup_str_ struct str out = STR_INIT;

	for (size_t at = 0; at < size;)
		at += add_visible(&out, bytes + at, size - at);
	return str_take(&out);
}

void text_printf(const char *format, ...)
{
	_cleanup_free_ char *raw = NULL;
	_cleanup_free_ char *harmless = NULL;
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vasprintf(&raw, format, arguments);
	va_end(arguments);
	if (n < 0) {
		raw = NULL;
		return;
	}
	harmless = text_escape(raw, (size_t)n);
	if (harmless)
		fputs(harmless, stdout);
}

size_t text_width(const char *text)
{
	size_t width = 0;

	/* Every byte but the continuation bytes of UTF-8. */
	for (; *text; text++)
		if ((*text & 0xc0) != 0x80)
			width++;
	return width;
}

const char *text_skip(const char *text, size_t columns)
{
	for (; *text && columns > 0; columns--) {
		text++;
		while ((*text & 0xc0) == 0x80)
			text++;
	}
	return text;
}

/* Where the last of `stops` before `end` is, or NULL. */
static const char *last_of(const char *text, const char *end, const char *stops)
{
	while (end > text)
		if (strchr(stops, *--end))
			return end;
	return NULL;
}

size_t text_line_length(const char *text, size_t width)
{
	const char *end = text_skip(text, width);
	const char *stop;

	if (!*end || *end == ' ')
		return (size_t)(end - text);
	stop = last_of(text, end, " ");
	if (stop && stop > text)
		return (size_t)(stop - text);
	stop = last_of(text, end, TEXT_CHOICE_STOPS);
	if (!stop)
		stop = last_of(text, end, TEXT_STOPS);
	return (size_t)((stop ? stop + 1 : end) - text);
}

size_t text_part_width(const char *text, const char *stops)
{
	size_t longest = 0, width = 0;

	for (; *text; text++) {
		if (*text == ' ') {
			width = 0;
			continue;
		}
		if ((*text & 0xc0) != 0x80)
			width++;
		if (width > longest)
			longest = width;
		if (strchr(stops, *text))
			width = 0;
	}
	return longest;
}

void text_print_paragraph(const char *text, size_t indent, size_t width)
{
	while (*text) {
		size_t length = text_line_length(text, width - indent);

		printf("%*s%.*s\n", (int)indent, "", (int)length, text);
		text += length;
		text += strspn(text, " ");
	}
}

/* Cuts a long line to a window that shows the mark, with "..." where something is missing. */
static int cut(struct text_excerpt *excerpt)
{
	size_t width = text_width(excerpt->line);
	size_t start = excerpt->mark > EXCERPT_MAX / 2 ? excerpt->mark - EXCERPT_MAX / 2 : 0;
	const char *from, *to;
	char *window;
	size_t left;

	if (width <= EXCERPT_MAX)
		return 0;
	if (start + EXCERPT_MAX > width)
		start = width - EXCERPT_MAX;
	from = text_skip(excerpt->line, start);
	to = text_skip(from, EXCERPT_MAX);
	if (asprintf(&window, "%s%.*s%s", start > 0 ? "..." : "", (int)(to - from), from,
		    *to ? "..." : "") < 0)
		return -ENOMEM;
	free(excerpt->line);
	excerpt->line = window;
	excerpt->mark = excerpt->mark - start + (start > 0 ? 3 : 0);
	left = text_width(window) > excerpt->mark ? text_width(window) - excerpt->mark : 1;
	if (excerpt->mark_length > left)
		excerpt->mark_length = left;
	return 0;
}

/* Adds the first character with tabs as blanks; keeps *column; returns its length in bytes. */
static size_t add_expanded(struct str *out, const char *bytes, size_t size, size_t *column)
{
	size_t before = out->length, length = 1;

	if (*bytes == '\t')
		str_addf(out, "%*s", (int)(TAB_STOP - *column % TAB_STOP), "");
	else
		length = add_visible(out, bytes, size);
	if (out->text && !out->failed)
		*column += text_width(out->text + before);
	return length;
}

int text_excerpt(const char *line, size_t offset, size_t length, struct text_excerpt *ret)
{
	_cleanup_str_ struct str out = STR_INIT;
	size_t size = strlen(line), column = 0;
	struct text_excerpt excerpt = {0};

	for (size_t at = 0; at < size;) {
		size_t start = column, step;

		step = add_expanded(&out, line + at, size - at, &column);
		if (at + step <= offset)
			excerpt.mark = column;
		else if (at < offset + length)
			excerpt.mark_length += column -
					       (start > excerpt.mark ? start : excerpt.mark);
		at += step;
	}
	if (excerpt.mark_length == 0)
		excerpt.mark_length = 1;
	excerpt.line = str_take(&out);
	if (!excerpt.line)
		return -ENOMEM;
	if (cut(&excerpt) < 0) {
		free(excerpt.line);
		return -ENOMEM;
	}
	*ret = excerpt;
	return 0;
}
