/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Prints findings. Their texts quote policies, so everything goes through text.c or json.c. */

#include "diag-print.h"

#include <stdio.h>

#include "str.h"
#include "text.h"

#define INDENT "    "

static const char *severity_name(const struct diag *diag)
{
	return diag->severity == DIAG_ERROR ? "error" : "warning";
}

static void print_place(const struct diag *diag)
{
	char position[DIAG_POSITION_MAX];

	text_printf("%s%s:", diag->file ? diag->file : "-", diag_position(diag, position));
}

static void print_source(const struct admin *admin, const struct diag *diag)
{
	struct text_excerpt excerpt;
	size_t offset = diag->column > 0 ? diag->column - 1 : 0;

	if (!diag->source_line ||
		text_excerpt(diag->source_line, offset, diag->length, &excerpt) < 0)
		return;
	printf(INDENT "%s\n", excerpt.line);
	if (diag->column > 0) {
		printf(INDENT "%*s%s^", (int)excerpt.mark, "", admin_color(admin, COLOR_ERROR));
		for (size_t i = 1; i < excerpt.mark_length; i++)
			putchar('~');
		printf("%s\n", admin_color(admin, COLOR_NONE));
	}
	free(excerpt.line);
}

void diag_print(const struct admin *admin, const struct diag *diag)
{
	enum color color = diag->severity == DIAG_ERROR ? COLOR_ERROR : COLOR_WARNING;

	fputs(admin_color(admin, COLOR_STRONG), stdout);
	print_place(diag);
	printf("%s %s%s:%s ", admin_color(admin, COLOR_NONE), admin_color(admin, color),
		severity_name(diag), admin_color(admin, COLOR_NONE));
	text_printf("%s [%s]", diag->text ? diag->text : "", diag->id);
	putchar('\n');
	print_source(admin, diag);
	if (diag->suggestion) {
		text_printf(INDENT "did you mean \"%s\"?", diag->suggestion);
		putchar('\n');
	}
	if (diag->included_from) {
		text_printf(INDENT "included from %s", diag->included_from);
		putchar('\n');
	}
}

static void put_position(struct json *json, const char *key, unsigned value)
{
	if (value > 0)
		json_number(json, key, value);
	else
		json_null(json, key);
}

void diag_put_json(struct json *json, const struct diag *diag)
{
	json_begin_object(json, NULL);
	json_string(json, "file", diag->file);
	put_position(json, "line", diag->line);
	put_position(json, "column", diag->column);
	put_position(json, "length", diag->column > 0 ? diag->length : 0);
	json_string(json, "severity", severity_name(diag));
	json_string(json, "id", diag->id);
	json_string(json, "text", diag->text);
	json_string(json, "suggestion", diag->suggestion);
	json_string(json, "included_from", diag->included_from);
	if (diag->accepted)
		json_string(json, "reason", diag->accepted);
	json_end_object(json);
}
