/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A stream in front of standard output, fopencookie(3), that keeps a line until it is whole. */

#include "wrap.h"

#include <stdio.h>
#include <string.h>

#include "str.h"
#include "text.h"

#define INDENT 4 /* of what goes on in the next line, beyond the line's own */

static FILE *plain; /* NULL: not wrapping */
static struct str line;
static size_t columns;

/* The bytes of one character, or of a colour, which takes no column. */
static size_t step(const char *text, size_t length, size_t *ret_width)
{
	size_t n = 1;

	*ret_width = text[0] != '\033';
	if (text[0] == '\033')
		while (n < length && text[n - 1] != 'm')
			n++;
	else
		while (n < length && (text[n] & 0xc0) == 0x80)
			n++;
	return n;
}

/* How much of it fits: all, or whole words, or up to one of TEXT_STOPS, or what there is room for.
 */
static size_t fitting(const char *text, size_t length, size_t room)
{
	size_t at = 0, width = 0, word = 0, part = 0;

	while (at < length) {
		size_t one, n = step(text + at, length - at, &one);

		if (width + one > room)
			return word ? word : part ? part : at;
		width += one;
		if (at > 0 && text[at] == ' ' && text[at - 1] != ' ')
			word = at;
		if (strchr(TEXT_STOPS, text[at]))
			part = at + 1;
		at += n;
	}
	return length;
}

static size_t blanks(const char *text, size_t length)
{
	size_t n = 0;

	while (n < length && text[n] == ' ')
		n++;
	return n;
}

/* text is without its newline. */
static void write_line(const char *text, size_t length)
{
	size_t own = blanks(text, length), indent = 0;

	if (own >= columns / 2)
		own = 0;
	while (length > 0) {
		size_t room = columns - indent;
		size_t skip = indent ? 0 : own; /* the first word begins behind them */
		size_t n = fitting(text + skip, length - skip, room - skip) + skip;

		fprintf(plain, "%*s%.*s\n", (int)indent, "", (int)n, text);
		text += n;
		length -= n;
		n = blanks(text, length);
		text += n;
		length -= n;
		indent = own + INDENT;
	}
}

static ssize_t take(void *cookie, const char *bytes, size_t size)
{
	(void)cookie;
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] != '\n') {
			str_add_char(&line, bytes[i]);
			continue;
		}
		if (line.length > 0)
			write_line(line.text, line.length);
		else
			fputc('\n', plain);
		line.length = 0;
	}
	if (line.failed || fflush(plain) != 0)
		return 0; /* an error, fopencookie(3) */
	return (ssize_t)size;
}

void wrap_open(const struct admin *admin)
{
	FILE *wrapped;

	if (admin->json || admin->columns == 0)
		return;
	columns = admin->columns;
	wrapped = fopencookie(NULL, "w", (cookie_io_functions_t){.write = take});
	if (!wrapped)
		return;
	setvbuf(wrapped, NULL, _IOLBF, BUFSIZ);
	plain = stdout;
	stdout = wrapped;
}

bool wrap_close(void)
{
	FILE *wrapped = stdout;
	bool failed;

	if (!plain)
		return true;
	failed = fflush(wrapped) != 0 || ferror(wrapped);
	fclose(wrapped);
	if (line.length > 0)
		fwrite(line.text, 1, line.length, plain);
	stdout = plain;
	plain = NULL;
	str_done(&line);
	return !failed;
}
