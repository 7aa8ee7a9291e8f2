/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Aligned text tables. Nothing is cut off: what does not fit is wrapped within its column, between
 * words while that is enough, then within them. Cells are made harmless on the way in.
 */

#include <stdbool.h>
#include <stddef.h>

#define TABLE_COLUMNS_MAX 12

struct table_column {
	const char *title;
	bool right; /* numbers */
	bool wrap;  /* may be made narrower than its content */
};

struct table {
	const struct table_column *columns;
	size_t n_columns;
	char **cells; /* row by row */
	size_t n_cells;
};

#define TABLE_INIT(c) ((struct table){.columns = (c), .n_columns = ARRAY_SIZE(c)})

/* Adds a row of n_columns cells, NULL is "-"; they are copied. 0 or -ENOMEM. */
int table_add(struct table *table, const char *const *cells);

/*
 * Prints the titles and all rows to standard output, in lines of `width` columns (0: as wide as it
 * takes), the titles between `start` and `end`.
 */
void table_print(const struct table *table, size_t width, const char *start, const char *end);

void table_done(struct table *table);
