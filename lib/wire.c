/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* String fields of messages. The shapes are in wire.h. Used by the module: libc only. */

#include "wire.h"

#include <errno.h>
#include <string.h>

bool wire_string_ok(const char *field, size_t size)
{
	return memchr(field, '\0', size) != NULL;
}

int wire_string_set(char *field, size_t size, const char *value)
{
	size_t length = strlen(value);

	if (length >= size)
		return -ENAMETOOLONG;
	/* The rest is cleared too: a message never carries bytes of somebody else's stack. */
	memcpy(field, value, length);
	memset(field + length, 0, size - length);
	return 0;
}

bool wire_denial_ok(const struct wire_denial *denial)
{
	return denial->action < WIRE_ACTION_MAX &&
	       wire_string_ok(denial->object, sizeof(denial->object)) &&
	       wire_string_ok(denial->comm, sizeof(denial->comm)) &&
	       wire_string_ok(denial->exe, sizeof(denial->exe));
}
