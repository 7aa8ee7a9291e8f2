/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Who a user is in another file-system root: by its passwd and group files alone, as long as nobody
 * runs there whom one could ask. The entries' own order counts, as for the name service's files.
 */

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "named-file.h"
#include "policy-lookup.h"
#include "str.h"

#define BUFFER_SIZE (256 * 1024) /* a line of the group file may have very many members */

struct database {
	FILE *file;
	char *buffer;
};

static void database_close(struct database *database)
{
	if (database->file)
		fclose(database->file);
	free(database->buffer);
}

/* -ENOENT where the root has no such file. */
static int database_open(const char *root, const char *name, struct database *ret)
{
	_cleanup_free_ char *path = str_format("%s/etc/%s", root, name);
	struct database database = {.buffer = malloc(BUFFER_SIZE)};

	if (path && database.buffer)
		database.file = named_file_stream(path);
	if (!database.file) {
		int error = path && database.buffer ? -errno : -ENOMEM;

		database_close(&database);
		return error;
	}
	*ret = database;
	return 0;
}

static int read_user(const char *root, const char *user, struct identity *identity)
{
	_cleanup_(database_close) struct database passwd = {0};
	struct passwd pw, *found = NULL;
	int r = database_open(root, "passwd", &passwd);

	if (r < 0)
		return r;
	while ((r = fgetpwent_r(passwd.file, &pw, passwd.buffer, BUFFER_SIZE, &found)) == 0)
		if (strcmp(found->pw_name, user) == 0)
			return identity_copy_user(identity, found);
	return r == ENOENT ? -ENOENT : -r;
}

static bool has_member(const struct group *group, const struct identity *identity)
{
	if (group->gr_gid == identity->gid)
		return true;
	for (char *const *member = group->gr_mem; *member; member++)
		if (strcmp(*member, identity->user) == 0)
			return true;
	return false;
}

static int add_group(struct identity *identity, const struct group *group)
{
	size_t n = identity->n_groups + 1;
	gid_t *groups = reallocarray(identity->groups, n, sizeof(*groups));
	char **names;

	if (!groups)
		return -ENOMEM;
	identity->groups = groups;
	names = reallocarray(identity->group_names, n, sizeof(*names));
	if (!names)
		return -ENOMEM;
	identity->group_names = names;
	names[n - 1] = strdup(group->gr_name);
	if (!names[n - 1])
		return -ENOMEM;
	groups[n - 1] = group->gr_gid;
	identity->n_groups = n;
	return 0;
}

/* Those that name the user, and the user's own. */
static int read_groups(const char *root, struct identity *identity)
{
	_cleanup_(database_close) struct database database = {0};
	struct group group, *found = NULL;
	int r = database_open(root, "group", &database);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	while ((r = fgetgrent_r(database.file, &group, database.buffer, BUFFER_SIZE, &found)) ==
		0) {
		if (has_member(found, identity))
			r = add_group(identity, found);
		if (r < 0)
			return r;
	}
	return r == ENOENT ? 0 : -r;
}

int identity_read(const char *root, const char *user, struct identity *ret)
{
	struct identity identity = {.by_files = true};
	int r = read_user(root, user, &identity);

	if (r == 0)
		r = read_groups(root, &identity);
	if (r < 0) {
		identity_done(&identity);
		return r;
	}
	*ret = identity;
	return 0;
}
