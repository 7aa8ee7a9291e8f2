/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What went wrong, and how the process will end. The only place that writes to standard error. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "screen.h"
#include "str.h"
#include "table.h"
#include "text.h"

#define PREFIX "sandlock-admin: "
#define INDENT "    "

/* The gravest first. */
static const int gravity[] = {
	EXIT_BUG,
	EXIT_USAGE,
	EXIT_UNCONFINED,
	EXIT_NOT_PERMITTED,
	EXIT_MISSING,
	EXIT_NO,
	EXIT_LACKS,
};

int admin_result(struct admin *admin, int status)
{
	for (size_t i = 0; i < ARRAY_SIZE(gravity); i++) {
		if (gravity[i] == admin->status || gravity[i] == status) {
			admin->status = gravity[i];
			break;
		}
	}
	return admin->status;
}

/* Takes `text` over; without memory it is printed and forgotten. */
static void keep(struct admin_texts *texts, char *text)
{
	char **grown = text ? realloc(texts->items, (texts->n + 1) * sizeof(*grown)) : NULL;

	if (!grown) {
		free(text);
		return;
	}
	texts->items = grown;
	texts->items[texts->n++] = text;
}

void admin_texts_done(struct admin_texts *texts)
{
	for (size_t i = 0; i < texts->n; i++)
		free(texts->items[i]);
	free(texts->items);
	*texts = (struct admin_texts){0};
}

/* On a terminal it is broken between words. */
static void print_line(const char *text)
{
	size_t columns = screen_columns(STDERR_FILENO);
	const char *before = PREFIX;

	do {
		size_t length = columns > 0 ? text_line_length(text, columns - strlen(before))
					    : strlen(text);

		fprintf(stderr, "%s%.*s\n", before, (int)length, text);
		text += length;
		text += strspn(text, " ");
		before = INDENT;
	} while (*text);
}

/* Prints a line on standard error; its text as a copy, NULL without memory. */
__attribute__((format(printf, 1, 0))) static char *print(const char *format, va_list arguments)
{
	_cleanup_free_ char *raw = NULL;
	char *text;

	if (vasprintf(&raw, format, arguments) < 0) {
		raw = NULL;
		fputs("sandlock-admin: out of memory\n", stderr);
		return NULL;
	}
	text = text_escape(raw, strlen(raw));
	/* In step with what standard output shows. */
	fflush(stdout);
	print_line(text ? text : "out of memory");
	return text;
}

void admin_note(struct admin *admin, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	keep(&admin->notes, print(format, arguments));
	va_end(arguments);
}

int admin_fail(struct admin *admin, int status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	keep(&admin->errors, print(format, arguments));
	va_end(arguments);
	return admin_result(admin, status);
}

int admin_usage(struct admin *admin, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	keep(&admin->errors, print(format, arguments));
	va_end(arguments);
	if (admin->command)
		fprintf(stderr, "Try \"sandlock-admin %s --help\".\n", admin->command->name);
	else
		fputs("Try \"sandlock-admin --help\".\n", stderr);
	return admin_result(admin, EXIT_USAGE);
}

/* "KIND "WORD"", and what was meant where it is known; NULL without memory. */
static char *with_nearest(
	const char *kind, const char *between, const char *word, const char *nearest)
{
	if (nearest)
		return str_format("%s%s\"%s\"; did you mean \"%s\"?", kind, between, word, nearest);
	return str_format("%s%s\"%s\"", kind, between, word);
}

int admin_unknown(struct admin *admin, const char *kind, const char *word, const char *nearest)
{
	_cleanup_free_ char *text = with_nearest(kind, " ", word, nearest);

	return text ? admin_usage(admin, "unknown %s", text) : admin_out_of_memory(admin);
}

int admin_missing(struct admin *admin, const char *kind, const char *word, const char *nearest)
{
	_cleanup_free_ char *text = with_nearest(kind, ": ", word, nearest);

	return text ? admin_fail(admin, EXIT_MISSING, "no such %s", text)
		    : admin_out_of_memory(admin);
}

int admin_status_of(int error)
{
	switch (error) {
	case -ENOENT:
	case -ENOTDIR:
		return EXIT_MISSING;
	case -EACCES:
	case -EPERM:
		return EXIT_NOT_PERMITTED;
	case -ENOMEM:
		return EXIT_BUG;
	default:
		return EXIT_NO;
	}
}

int admin_out_of_memory(struct admin *admin)
{
	return admin_fail(admin, EXIT_BUG, "out of memory");
}

void admin_json_begin(struct admin *admin, struct json *json)
{
	char schema[64];

	snprintf(schema, sizeof(schema), "sandlock.%s/1",
		admin->command ? admin->command->name : "admin");
	json_init(json, stdout);
	json_begin_object(json, NULL);
	json_string(json, "schema", schema);
	admin->json_begun = true;
}

static void put_texts(struct json *json, const char *key, const struct admin_texts *texts)
{
	json_begin_array(json, key);
	for (size_t i = 0; i < texts->n; i++)
		json_string(json, NULL, texts->items[i]);
	json_end_array(json);
}

void admin_json_end(struct admin *admin, struct json *json)
{
	if (admin->notes.n > 0)
		put_texts(json, "notes", &admin->notes);
	admin_texts_done(&admin->notes);
	put_texts(json, "errors", &admin->errors);
	json_end_object(json);
}

const char *admin_color(const struct admin *admin, enum color color)
{
	static const char *const sequences[] = {
		[COLOR_NONE] = "\033[0m",
		[COLOR_ERROR] = "\033[1;31m",
		[COLOR_WARNING] = "\033[1;35m",
		[COLOR_STRONG] = "\033[1m",
		[COLOR_FAINT] = "\033[2m",
	};

	return admin->color ? sequences[color] : "";
}

bool admin_table(struct admin *admin, struct table *table, enum color titles, int r)
{
	if (r == 0)
		table_print(table, admin->columns, admin_color(admin, titles),
			admin_color(admin, COLOR_NONE));
	else
		admin_out_of_memory(admin);
	table_done(table);
	return r == 0;
}
