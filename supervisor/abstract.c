/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whose an abstract name is: /proc/net/unix has the inode, the members' descriptors the holder. */

#include "abstract.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "act.h"
#include "cleanup.h"
#include "members.h"
#include "notify.h"

#define LINE_MAX_BYTES 512 /* seven fields and a name of at most 107 bytes */

struct abstract_name {
	const char *bytes; /* without the leading NUL */
	size_t length;
	unsigned type; /* SOCK_*, of the line at hand */
};

/* NUL and anything unprintable come out as '@' there, so that two names could look alike. */
static bool is_plain(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("._/:-", name[i]))
			return false;
	return length > 0;
}

/* "0000000000000000: 00000002 00000000 00010000 0001 01 12345 @name": type and inode. */
static bool names_line(const char *line, struct abstract_name *name, unsigned long *ret_inode)
{
	int offset = 0;

	if (sscanf(line, "%*x: %*x %*x %*x %x %*x %lu %n", &name->type, ret_inode, &offset) != 2)
		return false;
	line += offset;
	return offset > 0 && line[0] == '@' && strncmp(line + 1, name->bytes, name->length) == 0 &&
	       strcmp(line + 1 + name->length, "\n") == 0;
}

/* One end of a connection bears its listener's name, too: it is bound to it, in effect. */
static bool has_name(int sock, const void *userdata)
{
	const struct abstract_name *name = userdata;
	struct sockaddr_un address;
	socklen_t length = sizeof(address);
	int type;

	if (act_get_option(sock, SO_TYPE, &type) < 0 || (unsigned)type != name->type)
		return false;
	if (getsockname(sock, (struct sockaddr *)&address, &length) < 0)
		return false;
	return address.sun_family == AF_UNIX &&
	       length == offsetof(struct sockaddr_un, sun_path) + 1 + name->length &&
	       address.sun_path[0] == '\0' &&
	       memcmp(address.sun_path + 1, name->bytes, name->length) == 0;
}

bool abstract_is_ours(const struct job *job, const char *name, size_t length)
{
	struct abstract_name wanted = {.bytes = name, .length = length};
	char path[64], line[LINE_MAX_BYTES];
	_cleanup_file_ FILE *file = NULL;
	unsigned long inode;
	bool found = false;

	if (!is_plain(name, length) || memchr(name, '\0', length))
		return false;
	snprintf(path, sizeof(path), "/proc/%d/net/unix", (int)job->tid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		if (!names_line(line, &wanted, &inode))
			continue;
		if (!members_hold_socket(inode, has_name, &wanted))
			return false;
		found = true;
	}
	return found;
}
