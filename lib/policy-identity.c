/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who a user is, by the name service. Slow services are the caller's to bound in time. */

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "policy-lookup.h"

#define BUFFER_MAX (1024 * 1024) /* a group may have very many members */
#define GROUPS_MAX 65536         /* NGROUPS_MAX of the kernel */

/* Doubles a buffer that getpwnam_r(3) or getgrgid_r(3) found too small. 0 or -errno. */
static int grow(char **buffer, size_t *size)
{
	char *grown;

	if (*size >= BUFFER_MAX)
		return -ERANGE;
	grown = realloc(*buffer, *size ? *size * 2 : 2048);
	if (!grown)
		return -ENOMEM;
	*buffer = grown;
	*size = *size ? *size * 2 : 2048;
	return 0;
}

int identity_copy_user(struct identity *identity, const struct passwd *entry)
{
	identity->user = strdup(entry->pw_name);
	identity->home = strdup(entry->pw_dir ? entry->pw_dir : "");
	identity->shell = strdup(entry->pw_shell ? entry->pw_shell : "");
	identity->uid = entry->pw_uid;
	identity->gid = entry->pw_gid;
	return identity->user && identity->home && identity->shell ? 0 : -ENOMEM;
}

static int lookup_user(const char *user, struct identity *identity)
{
	_cleanup_free_ char *buffer = NULL;
	struct passwd pw, *found = NULL;
	size_t size = 0;
	int r = ERANGE;

	while (r == ERANGE) {
		r = grow(&buffer, &size);
		if (r < 0)
			return r;
		r = getpwnam_r(user, &pw, buffer, size, &found);
	}
	if (r != 0)
		return -r;
	return found ? identity_copy_user(identity, found) : -ENOENT;
}

static int lookup_groups(struct identity *identity)
{
	int n = 32, wanted = 32;

	while (n <= GROUPS_MAX) {
		gid_t *groups = reallocarray(identity->groups, (size_t)n, sizeof(*groups));

		if (!groups)
			return -ENOMEM;
		identity->groups = groups;
		wanted = n;
		if (getgrouplist(identity->user, identity->gid, groups, &wanted) >= 0) {
			identity->n_groups = (size_t)wanted;
			return 0;
		}
		n = wanted > n ? wanted : 2 * n;
	}
	return -E2BIG;
}

/* A group without a name is none that a file could be named after: NULL. */
static int lookup_group_name(gid_t gid, char **buffer, size_t *size, char **ret)
{
	struct group group, *found = NULL;
	int r = *size ? getgrgid_r(gid, &group, *buffer, *size, &found) : ERANGE;

	while (r == ERANGE) {
		r = grow(buffer, size);
		if (r < 0)
			return r;
		r = getgrgid_r(gid, &group, *buffer, *size, &found);
	}
	if (r != 0)
		return -r;
	*ret = found ? strdup(found->gr_name) : NULL;
	return found && !*ret ? -ENOMEM : 0;
}

static int lookup_group_names(struct identity *identity)
{
	_cleanup_free_ char *buffer = NULL;
	size_t size = 0;

	identity->group_names = calloc(identity->n_groups + 1, sizeof(*identity->group_names));
	if (!identity->group_names)
		return -ENOMEM;
	for (size_t i = 0; i < identity->n_groups; i++) {
		int r = lookup_group_name(
			identity->groups[i], &buffer, &size, &identity->group_names[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

/* gid, which is all that is known before anybody asks for the others. */
static int add_own_group(struct identity *identity)
{
	identity->groups = malloc(sizeof(*identity->groups));
	if (!identity->groups)
		return -ENOMEM;
	identity->groups[0] = identity->gid;
	identity->n_groups = 1;
	identity->groups_pending = true;
	return lookup_group_names(identity);
}

int identity_lookup_user(const char *user, struct identity *ret)
{
	struct identity identity = {0};
	int r = lookup_user(user, &identity);

	if (r == 0)
		r = add_own_group(&identity);
	if (r < 0) {
		identity_done(&identity);
		return r;
	}
	*ret = identity;
	return 0;
}

static void swap_groups(struct identity *a, struct identity *b)
{
	const struct identity before = *a;

	a->groups = b->groups;
	a->n_groups = b->n_groups;
	a->group_names = b->group_names;
	b->groups = before.groups;
	b->n_groups = before.n_groups;
	b->group_names = before.group_names;
}

int identity_lookup_groups(struct identity *identity)
{
	struct identity all = {.user = identity->user, .gid = identity->gid};
	int r;

	if (!identity->groups_pending)
		return 0;
	r = lookup_groups(&all);
	if (r == 0)
		r = lookup_group_names(&all);
	if (r == 0) {
		swap_groups(identity, &all);
		identity->groups_pending = false;
	}
	all.user = NULL; /* borrowed */
	identity_done(&all);
	return r;
}

int identity_lookup(const char *user, struct identity *ret)
{
	struct identity identity;
	int r = identity_lookup_user(user, &identity);

	if (r < 0)
		return r;
	r = identity_lookup_groups(&identity);
	if (r < 0) {
		identity_done(&identity);
		return r;
	}
	*ret = identity;
	return 0;
}

static bool names_user(const struct group *group, const char *user)
{
	for (char *const *member = group->gr_mem; member && *member; member++)
		if (strcmp(*member, user) == 0)
			return true;
	return false;
}

static bool has_gid(const struct identity *identity, gid_t gid)
{
	for (size_t i = 0; i < identity->n_groups; i++)
		if (identity->groups[i] == gid)
			return true;
	return false;
}

/* *ret points into *buffer; NULL where there is no such group. 0 or -errno. */
static int find_group(
	const char *name, char **buffer, struct group *group, const struct group **ret)
{
	struct group *found = NULL;
	size_t size = 0;
	int r = ERANGE;

	while (r == ERANGE) {
		r = grow(buffer, &size);
		if (r < 0)
			return r;
		r = getgrnam_r(name, group, *buffer, size, &found);
	}
	*ret = r == 0 ? found : NULL;
	return -r;
}

int identity_find_group(const char *name)
{
	_cleanup_free_ char *buffer = NULL;
	const struct group *found;
	struct group group;
	int r = find_group(name, &buffer, &group, &found);

	return r < 0 || found ? r : -ENOENT;
}

int identity_is_member(const struct identity *identity, const char *name, bool *ret)
{
	_cleanup_free_ char *buffer = NULL;
	const struct group *found;
	struct group group;
	int r;

	if (identity->by_files) {
		*ret = false; /* or it would have been found */
		return 0;
	}
	r = find_group(name, &buffer, &group, &found);
	if (r < 0)
		return r;
	*ret = found && (has_gid(identity, found->gr_gid) || names_user(found, identity->user));
	return 0;
}
