/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Lays a table out and prints it. */

#include "table.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "str.h"
#include "text.h"

#define NARROWEST 6 /* a wrapped column is never narrower */

struct layout {
	const struct table *table;
	size_t widths[TABLE_COLUMNS_MAX];
	size_t gap;
};

int table_add(struct table *table, const char *const *cells)
{
	size_t size = (table->n_cells + table->n_columns) * sizeof(*table->cells);
	char **grown = realloc(table->cells, size);

	if (!grown)
		return -ENOMEM;
	table->cells = grown;
	for (size_t i = 0; i < table->n_columns; i++) {
		const char *cell = cells[i] ? cells[i] : "-";
		char *harmless = text_escape(cell, strlen(cell));

		if (!harmless)
			return -ENOMEM;
		table->cells[table->n_cells++] = harmless;
	}
	return 0;
}

static void natural_widths(const struct table *table, size_t *widths)
{
	for (size_t i = 0; i < table->n_columns; i++)
		widths[i] = strlen(table->columns[i].title);
	for (size_t i = 0; i < table->n_cells; i++) {
		size_t width = text_width(table->cells[i]);

		if (width > widths[i % table->n_columns])
			widths[i % table->n_columns] = width;
	}
}

static size_t row_width(const struct table *table, const size_t *widths, size_t gap)
{
	size_t total = gap * (table->n_columns - 1);

	for (size_t i = 0; i < table->n_columns; i++)
		total += widths[i];
	return total;
}

/*
 * How narrow a column can be: without breaking a word; then where an id or a path is best broken;
 * then anyhow.
 */
enum floor {
	FLOOR_WORDS,
	FLOOR_PARTS,
	FLOOR_ANY,
	FLOORS,
};

static size_t part_width(const char *text, enum floor floor)
{
	return floor == FLOOR_ANY ? 0
				  : text_part_width(text,
					    floor == FLOOR_PARTS ? TEXT_STOPS : TEXT_CHOICE_STOPS);
}

static void narrowest_widths(const struct table *table, enum floor floor, size_t *widths)
{
	for (size_t i = 0; i < table->n_columns; i++) {
		size_t title = part_width(table->columns[i].title, floor);

		widths[i] = title > NARROWEST ? title : NARROWEST;
	}
	for (size_t i = 0; i < table->n_cells; i++) {
		size_t width = part_width(table->cells[i], floor);

		if (width > widths[i % table->n_columns])
			widths[i % table->n_columns] = width;
	}
}

static size_t *widest_wrapping(const struct table *table, const size_t *floors, size_t *widths)
{
	size_t *widest = NULL;

	for (size_t i = 0; i < table->n_columns; i++)
		if (table->columns[i].wrap && widths[i] > floors[i] &&
			(!widest || widths[i] > *widest))
			widest = &widths[i];
	return widest;
}

/* Makes rows fit: by a smaller gap, then by what the columns that may wrap can spare. */
static void fit(const struct table *table, size_t width, size_t *widths, size_t *ret_gap)
{
	size_t gap = row_width(table, widths, 2) <= width ? 2 : 1;

	for (int floor = 0; floor < FLOORS; floor++) {
		size_t floors[TABLE_COLUMNS_MAX], *widest;

		narrowest_widths(table, (enum floor)floor, floors);
		while (row_width(table, widths, gap) > width &&
			(widest = widest_wrapping(table, floors, widths)))
			(*widest)--;
	}
	*ret_gap = gap;
}

static void add_cell(struct str *line, const struct table_column *column, size_t width,
	const char *text, size_t length)
{
	size_t start = line->length, used;
	int padding;

	str_add(line, text, length);
	if (line->failed)
		return;
	used = text_width(line->text + start);
	padding = width > used ? (int)(width - used) : 0;
	if (!column->right) {
		str_addf(line, "%*s", padding, "");
		return;
	}
	line->length = start;
	str_addf(line, "%*s%.*s", padding, "", (int)length, text);
}

/* One printed line of a row; moves each pointer of `rest` on. False when nothing is left. */
static bool print_line(const struct layout *layout, const char **rest)
{
	_cleanup_str_ struct str line = STR_INIT;
	bool more = false;

	for (size_t i = 0; i < layout->table->n_columns; i++) {
		size_t length = text_line_length(rest[i], layout->widths[i]);

		if (i > 0)
			str_addf(&line, "%*s", (int)layout->gap, "");
		add_cell(&line, &layout->table->columns[i], layout->widths[i], rest[i], length);
		rest[i] += length;
		rest[i] += strspn(rest[i], " ");
		more = more || *rest[i];
	}
	while (line.length > 0 && line.text[line.length - 1] == ' ')
		line.length--;
	printf("%.*s\n", (int)line.length, line.text ? line.text : "");
	return more;
}

static void print_row(const struct layout *layout, const char *const *cells)
{
	const char *rest[TABLE_COLUMNS_MAX];

	memcpy(rest, cells, layout->table->n_columns * sizeof(*rest));
	while (print_line(layout, rest))
		;
}

void table_print(const struct table *table, size_t width, const char *start, const char *end)
{
	struct layout layout = {.table = table};
	const char *titles[TABLE_COLUMNS_MAX];

	for (size_t i = 0; i < table->n_columns; i++)
		titles[i] = table->columns[i].title;
	natural_widths(table, layout.widths);
	fit(table, width > 0 ? width : SIZE_MAX, layout.widths, &layout.gap);
	fputs(start, stdout);
	print_row(&layout, titles);
	fputs(end, stdout);
	for (size_t i = 0; i < table->n_cells; i += table->n_columns)
		print_row(&layout, (const char *const *)&table->cells[i]);
}

void table_done(struct table *table)
{
	for (size_t i = 0; i < table->n_cells; i++)
		free(table->cells[i]);
	free(table->cells);
	table->cells = NULL;
	table->n_cells = 0;
}
