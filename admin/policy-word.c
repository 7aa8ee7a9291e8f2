/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Writes paths as sandlock-policy(5) reads them. Pure. */

#include "policy-word.h"

#include <string.h>

#include "str.h"

/* Blanks part words, the others begin comments, quotes and escapes. */
static const char reserved[] = " \"#;'\\";

bool policy_word_beneath(const char *path, const char *folder)
{
	size_t n = strlen(folder);

	if (strcmp(folder, "/") == 0)
		return true;
	return strncmp(path, folder, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

static bool add(struct str *word, const char *bytes, size_t n, uint32_t c)
{
	if (n == 0 || str_is_control(c))
		return false;
	if (c == '%')
		str_puts(word, "%%");
	else if (c < 0x80 && strchr(reserved, (int)c))
		str_addf(word, "\\x%02x", (unsigned)c);
	else
		str_add(word, bytes, n);
	return true;
}

char *policy_word_path(const char *path, const struct identity *identity)
{
	_cleanup_str_ struct str word = STR_INIT;
	const char *home = identity ? identity->home : NULL;
	const char *p = path;

	if (path[0] != '/')
		return NULL;
	if (home && home[0] == '/' && home[1] && policy_word_beneath(path, home)) {
		str_puts(&word, "%h");
		p += strlen(home);
	}
	while (*p) {
		uint32_t c;
		size_t n = str_utf8(p, strlen(p), &c);

		if (!add(&word, p, n, c))
			return NULL;
		p += n;
	}
	return str_take(&word);
}
