/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Users and groups of this machine, or of the files of another root. */

#include "policy-place.h"

#include <stdio.h>

#include "named-file.h"
#include "str.h"

/* The line of DATABASE that is about `name`; NULL where there is none, -errno in *ret_error. */
static char *find_line(
	const struct policy_dirs *dirs, const char *database, const char *name, int *ret_error)
{
	_cleanup_free_ char *path = str_format("%s/etc/%s", dirs->root, database), *line = NULL;
	_cleanup_file_ FILE *file = path ? named_file_stream(path) : NULL;
	size_t size = 0, n = strlen(name);

	*ret_error = file ? 0 : -errno;
	while (file && getline(&line, &size, file) >= 0)
		if (strncmp(line, name, n) == 0 && line[n] == ':')
			return take_ptr(line);
	return NULL;
}

static bool name_in_file(const struct policy_dirs *dirs, const char *database, const char *name)
{
	int error;
	_cleanup_free_ char *line = find_line(dirs, database, name, &error);

	return line || error < 0;
}

/* Where the name service fails it is not known that there is none. */
bool place_user_exists(const struct policy_dirs *dirs, const char *name)
{
	struct identity identity;
	int r;

	if (*dirs->root)
		return name_in_file(dirs, "passwd", name);
	r = identity_lookup_user(name, &identity);
	if (r == 0)
		identity_done(&identity);
	return r != -ENOENT;
}

bool place_group_exists(const struct policy_dirs *dirs, const char *name)
{
	if (*dirs->root)
		return name_in_file(dirs, "group", name);
	return identity_find_group(name) != -ENOENT;
}

int policy_place_find_user(
	const struct policy_dirs *dirs, const char *name, struct policy_place *place)
{
	int r = *dirs->root ? identity_read(dirs->root, name, &place->identity)
			    : identity_lookup_user(name, &place->identity);

	place->has_identity = r == 0;
	return r == -ENOMEM ? r : 0;
}

void policy_place_done(struct policy_place *place)
{
	if (place->has_identity)
		identity_done(&place->identity);
	*place = (struct policy_place){0};
}
