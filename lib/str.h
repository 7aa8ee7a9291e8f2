/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Text: a growing string, strict numbers, UTF-8, the nearest of several words, escaping. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "cleanup.h"

/*
 * A growing string. Running out of memory is kept in `failed` and shows when the text is taken, so
 * that a caller adds piece after piece without looking.
 */
struct str {
	char *text; /* NUL-terminated once something was added, NULL before */
	size_t length;
	size_t capacity;
	bool failed;
};

#define STR_INIT      ((struct str){0})
#define _cleanup_str_ _cleanup_(str_done)

void str_add(struct str *str, const char *bytes, size_t length);
void str_add_char(struct str *str, char c);
void str_addf(struct str *str, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline void str_puts(struct str *str, const char *text)
{
	str_add(str, text, strlen(text));
}

/* As asprintf(3), NULL without memory. */
char *str_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Bytes that are no printable UTF-8, and the backslash, become \xHH: one line, reversible. */
void str_add_escaped(struct str *str, const char *bytes, size_t length);

/* Hands the text over ("" when nothing was added), NULL when memory ran out. */
char *str_take(struct str *str);
void str_done(struct str *str);

static inline bool str_equal(const char *bytes, size_t length, const char *word)
{
	return strlen(word) == length && memcmp(bytes, word, length) == 0;
}

/*
 * Decimal digits and nothing else, no leading zero but "0". 0, -EINVAL when it is no such number,
 * -ERANGE when it is above max. *ret is untouched on failure.
 */
int str_parse_number(const char *text, size_t length, uint64_t max, uint64_t *ret);

/*
 * The first character of valid UTF-8 (no overlong forms, no surrogates, at most U+10FFFF): its
 * length in bytes, 1 to 4, or 0 when it is not valid.
 */
size_t str_utf8(const char *bytes, size_t length, uint32_t *ret);

/* Whether a character only steers or hides: controls, bidirectional marks, line separators, BOM. */
bool str_is_control(uint32_t character);

/* Collects the candidate most like a word: "did you mean". */
struct str_nearest {
	const char *word;
	size_t length;
	const char *best; /* NULL while nothing is near enough */
	unsigned distance;
};

#define STR_NEAREST(w, n) ((struct str_nearest){.word = (w), .length = (n)})

/* `candidate` is kept by reference. The first of equally near ones stays. */
void str_nearest_offer(struct str_nearest *nearest, const char *candidate);

/* The best of a "a|b|c" list as a copy in buffer, or NULL. */
const char *str_nearest_choice(
	const char *word, size_t length, const char *choices, char *buffer, size_t size);

/* Whether `word` is one of "a|b|c"; *ret_index (may be NULL) says which. */
bool str_in_choices(const char *word, size_t length, const char *choices, size_t *ret_index);
