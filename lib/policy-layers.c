/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The user's file alone, or those of all groups, or the default; mandatory.d on top. A file that is
 * there and cannot be believed refuses those it applies to; it is never skipped.
 */

#include "policy-layers.h"

#include <stdlib.h>

#include "policy-check.h"
#include "policy-set.h"
#include "str.h"

static void free_draft(struct policy_draft **draft)
{
	policy_draft_free(*draft);
}

/* POLICY_E_INVALID is remembered, not passed on: the other files' faults are of interest too. */
static int remember(struct lookup *lookup, int r)
{
	if (r != POLICY_E_INVALID)
		return r;
	lookup->invalid = true;
	return 0;
}

static int add_layer(struct lookup *lookup, const char *name, const struct policy_draft *draft)
{
	const struct policy_check_options options = {
		.dirs = lookup->dirs,
		.confdir = lookup->confdir,
		.identity = lookup->identity,
		.name = name,
	};
	struct diag_list diags = DIAG_LIST_INIT;
	struct policy *policy;
	int r = policy_check(&options, draft, &diags, &policy);

	diag_list_move(lookup->diags, &diags);
	if (r != 0)
		return remember(lookup, r);
	return policy_set_add(lookup->set, policy);
}

int layers_add_text(struct lookup *lookup, const char *name, const char *file, const void *bytes,
	size_t size, bool *ret_counts)
{
	_cleanup_(free_draft) struct policy_draft *draft = NULL;
	size_t errors = lookup->diags->n_errors;
	int r = policy_draft_load(file, NULL, bytes, size, lookup->diags, &draft);

	if (r < 0)
		return r;
	if (lookup->diags->n_errors > errors) {
		/* Which services it names cannot be believed either. */
		lookup->invalid = true;
		*ret_counts = true;
		return 0;
	}
	if (lookup->service && !policy_draft_serves(draft, lookup->service))
		return 0;
	*ret_counts = true;
	return add_layer(lookup, name, draft);
}

/* *ret_counts is untouched where there is no such file. */
static int add_file(struct lookup *lookup, const struct policy_folder *folder, const char *name,
	const char *file, bool *ret_counts)
{
	_cleanup_(policy_file_done) struct policy_file read = {0};
	int r = policy_folder_read(lookup->dirs, folder, file, NULL, lookup->diags, &read);

	if (r == -ENOENT)
		return 0;
	if (r == POLICY_E_INVALID)
		*ret_counts = true;
	if (r == 0 && lookup->hook)
		r = lookup->hook->found(lookup->hook->userdata);
	if (r != 0)
		return remember(lookup, r);
	return layers_add_text(lookup, name, read.path, read.bytes, read.size, ret_counts);
}

static int add_named(struct lookup *lookup, const struct policy_folder *folder, const char *kind,
	const char *name, bool *ret_counts)
{
	_cleanup_free_ char *file = NULL, *layer = NULL;

	if (!policy_file_is_name(name)) {
		const struct diag_place place = {.file = folder->path};

		diag_error(lookup->diags, &place, "unsafe-name", NULL,
			"a %s of the name \"%s\" could lead out of this folder", kind, name);
		lookup->invalid = true;
		*ret_counts = true;
		return 0;
	}
	file = str_format("%s.ini", name);
	layer = str_format("%s/%s", kind, name);
	if (!file || !layer)
		return -ENOMEM;
	return add_file(lookup, folder, layer, file, ret_counts);
}

/* Every name of uid 0 is root's; one without a file of its own has root's. */
static int add_user(struct lookup *lookup, const struct policy_folder *folder, bool *ret_counts)
{
	const struct identity *identity = lookup->identity;
	int r = add_named(lookup, folder, "user", identity->user, ret_counts);

	if (r == 0 && identity->uid == 0 && !*ret_counts)
		r = add_named(lookup, folder, "user", "root", ret_counts);
	return r;
}

/* Names of groups; borrowed. */
struct group_list {
	const char **names;
	size_t n;
};

static bool group_list_has(const struct group_list *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->names[i], name) == 0)
			return true;
	return false;
}

static int group_list_add(struct group_list *list, const char *name)
{
	const char **grown = reallocarray(list->names, list->n + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	list->names = grown;
	grown[list->n++] = name;
	return 0;
}

/* One failure is enough: the next question would take as long. */
static int refuse_unknown(
	struct lookup *lookup, const struct policy_folder *folder, const char *group, int error)
{
	_cleanup_free_ char *path = NULL;
	struct diag_place place = {0};

	path = str_format("%s%s/%s.ini", lookup->dirs->root, folder->path, group);
	if (!path || error == -ENOMEM)
		return -ENOMEM;
	place.file = path;
	diag_error(lookup->diags, &place, "group-lookup", NULL,
		"the name service cannot say whether this applies to %s: %s",
		lookup->identity->user, strerror(-error));
	return POLICY_E_INVALID;
}

/*
 * getgrouplist(3) leaves out what a failing service would have said, and says nothing of it: with
 * the directory down a group's policy would not apply. So the groups that have a file are asked for
 * by name, where a failure shows, and who is in them is asked from the other side as well.
 * `files` are cut to the names of groups. 0, POLICY_E_INVALID (reported) or -ENOMEM.
 */
static int add_asked_groups(struct lookup *lookup, const struct policy_folder *folder, char **files,
	size_t n_files, struct group_list *list)
{
	int r = 0;

	for (size_t i = 0; i < n_files && r == 0; i++) {
		bool member = false;

		if (!policy_file_is_policy(files[i]))
			continue;
		*strrchr(files[i], '.') = '\0';
		if (group_list_has(list, files[i]))
			continue;
		r = identity_is_member(lookup->identity, files[i], &member);
		if (r < 0)
			return refuse_unknown(lookup, folder, files[i], r);
		if (member)
			r = group_list_add(list, files[i]);
	}
	return r;
}

static int compare_groups(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool has_policy(char *const *files, size_t n_files)
{
	for (size_t i = 0; i < n_files; i++)
		if (policy_file_is_policy(files[i]))
			return true;
	return false;
}

/* By name and each once, so that layers and rule numbers do not depend on the name service. */
static int add_group_list(struct lookup *lookup, const struct policy_folder *folder, char **files,
	size_t n_files, bool *ret_counts)
{
	const struct identity *identity = lookup->identity;
	struct group_list list = {0};
	int r = 0;

	for (size_t i = 0; i < identity->n_groups && r == 0; i++)
		if (identity->group_names[i])
			r = group_list_add(&list, identity->group_names[i]);
	if (r == 0)
		r = add_asked_groups(lookup, folder, files, n_files, &list);
	if (r == 0 && list.n > 0)
		qsort(list.names, list.n, sizeof(*list.names), compare_groups);
	for (size_t i = 0; i < list.n && r == 0; i++)
		if (i == 0 || strcmp(list.names[i], list.names[i - 1]) != 0)
			r = add_named(lookup, folder, "group", list.names[i], ret_counts);
	free(list.names);
	return r;
}

static int add_groups(struct lookup *lookup, const struct policy_folder *folder, bool *ret_counts)
{
	char **files;
	size_t n;
	int r = policy_folder_names(folder->fd, &files, &n);

	if (r < 0)
		return r;
	/* Where no group has a policy it does not matter which are the user's. */
	if (has_policy(files, n)) {
		r = identity_lookup_groups(lookup->identity);
		if (r == 0)
			r = add_group_list(lookup, folder, files, n, ret_counts);
	}
	policy_names_free(files, n);
	return remember(lookup, r);
}

static int add_mandatory(
	struct lookup *lookup, const struct policy_folder *folder, bool *ret_counts)
{
	char **files;
	size_t n;
	int r = policy_folder_names(folder->fd, &files, &n);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n && r == 0; i++) {
		_cleanup_free_ char *name = policy_file_name(files[i]);

		if (name)
			r = add_named(lookup, folder, "mandatory", name, ret_counts);
	}
	policy_names_free(files, n);
	return r;
}

/* One folder of confdir, where it exists. */
static int add_folder(struct lookup *lookup, const char *name,
	int (*add)(struct lookup *lookup, const struct policy_folder *folder, bool *ret_counts),
	bool *ret_counts)
{
	_cleanup_(policy_folder_done) struct policy_folder folder = POLICY_FOLDER_NONE;
	int r = policy_folder_enter(
		lookup->dirs, lookup->confdir, name, NULL, lookup->diags, &folder);

	if (r == -ENOENT)
		return 0;
	return r == 0 ? add(lookup, &folder, ret_counts) : remember(lookup, r);
}

int layers_add(struct lookup *lookup)
{
	bool unheeded = false;
	int r = 0;

	if (!lookup->dirs->no_user_files)
		r = add_folder(lookup, "users", add_user, &lookup->counts);
	if (r == 0 && !lookup->counts)
		r = add_folder(lookup, "groups", add_groups, &lookup->counts);
	if (r == 0 && !lookup->counts)
		r = add_file(lookup, lookup->confdir, "default", "default.ini", &lookup->counts);
	if (r == 0)
		r = add_folder(lookup, "mandatory.d", add_mandatory, &unheeded);
	return r;
}
