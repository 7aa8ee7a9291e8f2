/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Text for terminals. File names, policy lines and journal fields are other people's bytes: before
 * they are printed, everything a terminal would obey becomes \xHH. Unlike str_add_escaped() this
 * leaves the backslash alone: what comes from the journal is escaped already.
 */

#include <stddef.h>

/* A copy of `bytes` made harmless; NULL without memory. */
char *text_escape(const char *bytes, size_t size);

/* Prints to standard output: format first, then made harmless as a whole. */
void text_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Columns that harmless text takes: one per character. */
size_t text_width(const char *text);

/* Steps over `columns` characters of harmless text, or to its end. */
const char *text_skip(const char *text, size_t columns);

/* Behind these a word may be broken that does not fit: paths, lists and ids have them. */
#define TEXT_STOPS        "/,.:-|"
#define TEXT_CHOICE_STOPS "|" /* of these, what is between two is a word */

/*
 * How many bytes of harmless text go on one line of `width` columns: whole words where possible,
 * else up to the last of its stops, else cut anywhere. Leading blanks of the rest are the
 * caller's.
 */
size_t text_line_length(const char *text, size_t width);

/* Columns of its longest part, which ends at a blank, and with `stops` (TEXT_STOPS) behind these.
 */
size_t text_part_width(const char *text, const char *stops);

/* Prints harmless text in lines of `width` columns, each behind `indent` blanks. */
void text_print_paragraph(const char *text, size_t indent, size_t width);

/* A policy line ready to be shown, and where in it the marked bytes are. */
struct text_excerpt {
	char *line;
	size_t mark, mark_length; /* columns; mark_length is at least 1 */
};

/*
 * Makes `line` harmless, expands tabs, and cuts a long one down to what surrounds the marked bytes
 * (offset and length, 0-based; both are clipped to the line). 0 or -ENOMEM.
 */
int text_excerpt(const char *line, size_t offset, size_t length, struct text_excerpt *ret);
