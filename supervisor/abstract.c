/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whose an abstract name is: /proc/net/unix has the inode, the members' descriptors the holder. */

#include "abstract.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "members.h"
#include "notify.h"

#define LINE_MAX_BYTES 512 /* seven fields and a name of at most 107 bytes */

/* NUL and anything unprintable come out as '@' there, so that two names could look alike. */
static bool is_plain(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("._/:-", name[i]))
			return false;
	return length > 0;
}

/* "0000000000000000: 00000002 00000000 00010000 0001 01 12345 @name" */
static bool names_line(const char *line, const char *name, size_t length, unsigned long *ret_inode)
{
	int offset = 0;

	if (sscanf(line, "%*x: %*x %*x %*x %*x %*x %lu %n", ret_inode, &offset) != 1 || offset == 0)
		return false;
	line += offset;
	return line[0] == '@' && strncmp(line + 1, name, length) == 0 &&
	       strcmp(line + 1 + length, "\n") == 0;
}

bool abstract_is_ours(const struct job *job, const char *name, size_t length)
{
	char path[64], line[LINE_MAX_BYTES];
	_cleanup_file_ FILE *file = NULL;
	unsigned long inode;
	bool found = false;

	if (!is_plain(name, length) || memchr(name, '\0', length))
		return false;
	snprintf(path, sizeof(path), "/proc/%d/net/unix", (int)job->tid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		if (!names_line(line, name, length, &inode))
			continue;
		if (!members_hold_socket(inode))
			return false;
		found = true;
	}
	return found;
}
