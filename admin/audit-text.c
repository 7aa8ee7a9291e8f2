/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Takes audit records apart. Pure. */

#include "audit-text.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

/* The bytes behind "key=", up to the next blank; NULL without it. */
static const char *find(const char *record, const char *key, size_t *ret_length)
{
	size_t length = strlen(key);

	for (const char *word = record; *word; word += strspn(word, " ")) {
		size_t n = strcspn(word, " ");

		if (n > length && word[length] == '=' && strncmp(word, key, length) == 0) {
			*ret_length = n - length - 1;
			return word + length + 1;
		}
		word += n;
	}
	return NULL;
}

static bool is_hex(const char *value, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isxdigit((unsigned char)value[i]))
			return false;
	return length > 0 && length % 2 == 0;
}

static unsigned digit(char c)
{
	return isdigit((unsigned char)c) ? (unsigned)(c - '0')
					 : (unsigned)(tolower((unsigned char)c) - 'a') + 10;
}

/* A NUL among the bytes ends the string: no path or name has one. */
static char *decode(const char *value, size_t length)
{
	char *text = malloc(length / 2 + 1);

	for (size_t i = 0; text && i < length / 2; i++)
		text[i] = (char)(digit(value[2 * i]) << 4 | digit(value[2 * i + 1]));
	if (text)
		text[length / 2] = '\0';
	return text;
}

char *audit_text(const char *record, const char *key)
{
	size_t length;
	const char *value = find(record, key, &length);

	if (!value)
		return NULL;
	if (length >= 2 && value[0] == '"' && value[length - 1] == '"')
		return strndup(value + 1, length - 2);
	return is_hex(value, length) ? decode(value, length) : strndup(value, length);
}

char *audit_word(const char *record, const char *key)
{
	size_t length;
	const char *value = find(record, key, &length);

	return value ? strndup(value, length) : NULL;
}

int audit_number(const char *record, const char *key, int base, uint64_t *ret)
{
	_cleanup_free_ char *text = audit_word(record, key);
	unsigned long long number;
	char *end;

	if (!text)
		return -ENOENT;
	if (!isxdigit((unsigned char)text[0]))
		return -EINVAL;
	errno = 0;
	number = strtoull(text, &end, base);
	if (errno != 0 || *end)
		return -EINVAL;
	*ret = number;
	return 0;
}
