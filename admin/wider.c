/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Looks the user's policies up twice, as a login would: with the file, and as if it were not. */

#include "wider.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "comparison.h"
#include "lints.h"
#include "policy-cache.h"
#include "ruleset.h"
#include "str.h"

#define ABI_UNKNOWN 7 /* what to compare by where this kernel has no Landlock */

static void free_set(struct policy_set **set)
{
	policy_set_free(*set);
}

static bool is_link(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

/* "alice" of CONFDIR/users/alice.ini; NULL for any other path. */
static char *user_of(const struct policy_dirs *dirs, const char *path)
{
	_cleanup_free_ char *users = str_format("%s%s/users", dirs->root, dirs->confdir);
	_cleanup_free_ char *folder = users ? policy_cache_realpath(dirs->cache, users) : NULL;
	_cleanup_free_ char *real = NULL;
	const char *slash;
	size_t n;

	if (folder)
		real = is_link(path) ? realpath(path, NULL) : policy_cache_place(dirs->cache, path);
	slash = real ? strrchr(real, '/') : NULL;
	n = slash ? strlen(slash + 1) : 0;
	if (n <= 4 || strcmp(slash + 1 + n - 4, ".ini") != 0 ||
		!str_equal(real, (size_t)(slash - real), folder))
		return NULL;
	return strndup(slash + 1, n - 4);
}

bool wider_is_about(const struct policy_dirs *dirs, const char *path)
{
	_cleanup_free_ char *groups = str_format("%s%s/groups", dirs->root, dirs->confdir);
	_cleanup_free_ char *user = NULL;

	if (!groups || policy_cache_access(dirs->cache, groups) < 0)
		return false;
	user = user_of(dirs, path);
	return user != NULL;
}

/* NULL where nothing applies, or what does is broken: that is told of its own file. */
static int look_up(const struct policy_dirs *dirs, const char *user, struct policy_set **ret)
{
	_cleanup_(diag_list_done) struct diag_list unheard = DIAG_LIST_INIT;
	struct identity identity;
	int r = *dirs->root ? identity_read(dirs->root, user, &identity)
			    : identity_lookup(user, &identity);

	*ret = NULL;
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	r = policy_lookup(dirs, &identity, NULL, &unheard, ret);
	identity_done(&identity);
	return r < 0 ? r : 0;
}

static bool is_layer_of(const struct policy *policy, const char *kind)
{
	return strncmp(policy->name, kind, strlen(kind)) == 0;
}

/* The first layer of a kind, or NULL. */
static const struct policy *find_layer(const struct policy_set *set, const char *kind)
{
	for (size_t i = 0; set && i < set->n_layers; i++)
		if (is_layer_of(set->layers[i], kind))
			return set->layers[i];
	return NULL;
}

static void report(const struct comparison *beyond, const struct policy *own,
	const struct policy *group, struct diag_list *diags)
{
	const struct diag_place place = {.file = own->file};
	const struct beyond *first = &beyond->items[0];

	diag_warning(diags, &place, "wider-than-groups", NULL,
		"allows more than what it replaces (%s): %s%s%s%s", group->name,
		first->rule ? first->rule->id : "", first->rule ? " " : "", first->says,
		beyond->n_items > 1 ? ", and more" : "");
}

int wider_check(const struct policy_dirs *dirs, const char *path, struct diag_list *diags)
{
	_cleanup_(free_set) struct policy_set *mine = NULL, *theirs = NULL;
	_cleanup_(comparison_done) struct comparison beyond = {0};
	_cleanup_free_ char *user = user_of(dirs, path);
	const struct policy *own, *group;
	struct policy_dirs without = *dirs;
	int r, abi = ruleset_abi();

	if (!user)
		return 0;
	without.no_user_files = true;
	r = look_up(dirs, user, &mine);
	if (r == 0)
		r = look_up(&without, user, &theirs);
	own = find_layer(mine, "user/");
	group = find_layer(theirs, "group/");
	if (r < 0 || !own || !group)
		return r;
	r = comparison_make(
		mine, theirs, abi > 0 ? (unsigned)abi : ABI_UNKNOWN, *dirs->root == '\0', &beyond);
	if (r < 0 || beyond.n_items == 0)
		return r;
	report(&beyond, own, group, diags);
	lints_accept(own, diags);
	return 0;
}
