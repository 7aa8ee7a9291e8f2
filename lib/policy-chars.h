/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which characters a policy text may hold, and what its names look like. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why a character is refused: a diagnostic's id and words. */
struct char_fault {
	uint32_t first, last;
	const char *id;
	const char *text;
};

/*
 * Looks at the character at the start of bytes, which is not empty. Its length in bytes (1 where it
 * is no UTF-8); *ret is NULL when it may stand in a policy.
 */
size_t policy_char(const char *bytes, size_t length, const struct char_fault **ret);

/*
 * Looks at the character at the start of bytes as one of a value, `first` when the value begins
 * with it. NULL when it may stand there; the fault's first is the character.
 */
const struct char_fault *policy_value_char(const char *bytes, size_t length, bool first);

/* ASCII letters in lower case, NUL-terminated. Whether that changed anything. */
bool policy_lower(const char *text, size_t length, char *ret);

/* Printable ASCII and the blank: what no rule of the dialect refuses everywhere. */
static inline bool is_plain(char c)
{
	return c >= 0x20 && c < 0x7f;
}

static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* [a-z][a-z0-9-]* */
bool is_key_name(const char *text, size_t length);
/* [a-z0-9][a-z0-9-]* */
bool is_label(const char *text, size_t length);

/* The value of the "\xHH" at the start of text, 0x20 to 0x7e; -1 when it is none. */
int escape_value(const char *text, size_t length);
#define ESCAPE_LENGTH 4
