/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Which files apply: the user's alone, or those of all groups, or the default; mandatory.d on top.
 * A file that is there and cannot be believed refuses those it applies to; it is never skipped.
 */

#include "policy-lookup.h"

#include <stdio.h>

#include "policy-check.h"
#include "policy-file.h"
#include "policy-set.h"
#include "str.h"

struct lookup {
	const struct policy_dirs *dirs;
	const struct identity *identity;
	const char *service; /* NULL: files of all services count */
	struct diag_list *diags;
	struct policy_set *set;
	bool invalid; /* a file that applies is broken */
};

/* One place where a policy may lie. */
struct source {
	int folder_fd;
	const char *folder; /* path within dirs->root */
	const char *file;
	const char *name; /* "group/students" */
};

static void free_set(struct policy_set **set)
{
	policy_set_free(*set);
}

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

static int check_layer(struct lookup *lookup, const char *name, const struct policy_draft *draft)
{
	const struct policy_check_options options = {
		.dirs = lookup->dirs, .identity = lookup->identity, .name = name};
	struct diag_list diags = DIAG_LIST_INIT;
	struct policy *policy;
	int r = policy_check(&options, draft, &diags, &policy);

	diag_list_move(lookup->diags, &diags);
	if (r != 0)
		return remember(lookup, r);
	return policy_set_add(lookup->set, policy);
}

/* A file that counts becomes a layer. *ret_counts is untouched where there is none. */
static int add_bytes(struct lookup *lookup, const char *name, const char *file, const void *bytes,
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
	return check_layer(lookup, name, draft);
}

static int add_file(struct lookup *lookup, const struct source *source, bool *ret_counts)
{
	_cleanup_(policy_file_done) struct policy_file file = {0};
	int r = policy_folder_read(lookup->dirs, source->folder_fd, source->folder, source->file,
		NULL, lookup->diags, &file);

	if (r == -ENOENT)
		return 0;
	if (r == POLICY_E_INVALID)
		*ret_counts = true;
	if (r != 0)
		return remember(lookup, r);
	return add_bytes(lookup, source->name, file.path, file.bytes, file.size, ret_counts);
}

/* confdir/FOLDER, "" for confdir itself. *ret_fd is -1 where it does not exist. */
static int open_folder(const struct lookup *lookup, const char *folder, struct diag_list *diags,
	char **ret_path, int *ret_fd)
{
	_cleanup_free_ char *path = NULL;
	int r;

	path = str_format("%s%s%s", lookup->dirs->confdir, *folder ? "/" : "", folder);
	if (!path)
		return -ENOMEM;
	r = policy_folder_open(lookup->dirs, path, NULL, diags, ret_fd);
	if (r == -ENOENT)
		*ret_fd = -1;
	if (r != 0 && r != -ENOENT)
		return r;
	*ret_path = take_ptr(path);
	return 0;
}

static int add_named(struct lookup *lookup, int folder_fd, const char *folder, const char *kind,
	const char *name, bool *ret_counts)
{
	_cleanup_free_ char *file = NULL, *layer = NULL;
	struct source source = {.folder_fd = folder_fd, .folder = folder};

	if (!policy_file_is_name(name)) {
		const struct diag_place place = {.file = folder};

		diag_error(lookup->diags, &place, "unsafe-name", NULL,
			"a %s of the name \"%s\" could lead out of this folder", kind, name);
		lookup->invalid = true;
		*ret_counts = true;
		return 0;
	}
	file = str_format("%s.ini", name);
	if (!file)
		return -ENOMEM;
	layer = str_format("%s/%s", kind, name);
	if (!layer)
		return -ENOMEM;
	source.file = file;
	source.name = layer;
	return add_file(lookup, &source, ret_counts);
}

/* Every name of uid 0 is root's; one without a file of its own has root's. */
static int add_user(struct lookup *lookup, bool *ret_counts)
{
	const struct identity *identity = lookup->identity;
	_cleanup_free_ char *folder = NULL;
	_cleanup_close_ int fd = -1;
	int r = open_folder(lookup, "users", lookup->diags, &folder, &fd);

	if (r != 0 || fd < 0)
		return remember(lookup, r);
	r = add_named(lookup, fd, folder, "user", identity->user, ret_counts);
	if (r == 0 && identity->uid == 0 && !*ret_counts)
		r = add_named(lookup, fd, folder, "user", "root", ret_counts);
	return r;
}

static int compare_groups(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* By name and each once, so that layers and rule numbers do not depend on the name service. */
static int add_groups(struct lookup *lookup, bool *ret_counts)
{
	const struct identity *identity = lookup->identity;
	_cleanup_free_ const char **names = calloc(identity->n_groups + 1, sizeof(*names));
	_cleanup_free_ char *folder = NULL;
	_cleanup_close_ int fd = -1;
	size_t n = 0;
	int r = open_folder(lookup, "groups", lookup->diags, &folder, &fd);

	if (r != 0 || fd < 0)
		return remember(lookup, r);
	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < identity->n_groups; i++)
		if (identity->group_names[i])
			names[n++] = identity->group_names[i];
	qsort(names, n, sizeof(*names), compare_groups);
	for (size_t i = 0; i < n && r == 0; i++)
		if (i == 0 || strcmp(names[i], names[i - 1]) != 0)
			r = add_named(lookup, fd, folder, "group", names[i], ret_counts);
	return r;
}

static int add_default(struct lookup *lookup, bool *ret_counts)
{
	_cleanup_free_ char *folder = NULL;
	_cleanup_close_ int fd = -1;
	struct source source = {.file = "default.ini", .name = "default"};
	int r = open_folder(lookup, "", lookup->diags, &folder, &fd);

	if (r != 0 || fd < 0)
		return remember(lookup, r);
	source.folder_fd = fd;
	source.folder = folder;
	return add_file(lookup, &source, ret_counts);
}

static int add_mandatory(struct lookup *lookup, bool *ret_counts)
{
	_cleanup_free_ char *folder = NULL;
	_cleanup_close_ int fd = -1;
	char **files = NULL;
	size_t n = 0;
	int r = open_folder(lookup, "mandatory.d", lookup->diags, &folder, &fd);

	if (r != 0 || fd < 0)
		return remember(lookup, r);
	r = policy_folder_names(fd, &files, &n);
	for (size_t i = 0; i < n && r == 0; i++) {
		_cleanup_free_ char *name = policy_file_name(files[i]);

		if (name)
			r = add_named(lookup, fd, folder, "mandatory", name, ret_counts);
	}
	policy_names_free(files, n);
	return r;
}

static int add_layers(struct lookup *lookup)
{
	static int (*const steps[])(struct lookup *, bool *) = {add_user, add_groups, add_default};
	bool counts = false;
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(steps) && r == 0 && !counts; i++)
		r = steps[i](lookup, &counts);
	if (r != 0)
		return r;
	return add_mandatory(lookup, &counts);
}

static int read_settings(const struct lookup *lookup, struct diag_list *diags)
{
	_cleanup_(policy_file_done) struct policy_file file = {0};
	_cleanup_(free_draft) struct policy_draft *draft = NULL;
	_cleanup_free_ char *folder = NULL;
	_cleanup_close_ int fd = -1;
	int r = open_folder(lookup, "", diags, &folder, &fd);

	if (r != 0 || fd < 0)
		return r;
	r = policy_folder_read(lookup->dirs, fd, folder, "sandlock.conf", NULL, diags, &file);
	if (r != 0)
		return r == -ENOENT ? 0 : r;
	r = policy_draft_load(file.path, NULL, file.bytes, file.size, diags, &draft);
	return r < 0 ? r : settings_check(draft, diags, &lookup->set->settings);
}

/* A broken sandlock.conf refuses everybody but root, for whom it is a warning. */
static int apply_settings(struct lookup *lookup)
{
	struct diag_list diags = DIAG_LIST_INIT;
	int r = read_settings(lookup, &diags);

	if (r > 0 && lookup->identity->uid == 0) {
		diag_list_excuse(&diags);
		r = 0;
	}
	diag_list_move(lookup->diags, &diags);
	return r;
}

static bool in_exempt_group(const struct lookup *lookup)
{
	const struct settings *settings = &lookup->set->settings;
	const struct identity *identity = lookup->identity;

	for (size_t i = 0; i < settings->n_exempt_groups; i++)
		for (size_t j = 0; j < identity->n_groups; j++)
			if (identity->group_names[j] &&
				strcmp(settings->exempt_groups[i], identity->group_names[j]) == 0)
				return true;
	return false;
}

/* Whether users/NAME.ini is there, whatever it is worth. Reports nothing. */
static bool has_user_file(const struct lookup *lookup, const char *user)
{
	struct diag_list unheard = DIAG_LIST_INIT;
	_cleanup_free_ char *folder = NULL, *file = NULL;
	_cleanup_close_ int fd = -1;
	int r = open_folder(lookup, "users", &unheard, &folder, &fd);

	diag_list_done(&unheard);
	if (r != 0 || fd < 0 || !policy_file_is_name(user))
		return false;
	file = str_format("%s.ini", user);
	if (!file)
		return true; /* not knowing is no reason to exempt */
	return policy_folder_has(fd, file);
}

static bool is_exempt(const struct lookup *lookup)
{
	const struct identity *identity = lookup->identity;

	if (identity->uid == 0)
		return false; /* decided before any file was read */
	if (in_exempt_group(lookup))
		return true;
	return identity->uid < lookup->set->settings.min_uid &&
	       !has_user_file(lookup, identity->user);
}

static int finish(struct lookup *lookup)
{
	if (lookup->diags->out_of_memory)
		return -ENOMEM;
	if (lookup->set->n_layers > POLICY_LAYERS_MAX) {
		const struct diag_place place = {.file = lookup->dirs->confdir};

		diag_error(lookup->diags, &place, "too-many-layers", NULL,
			"%zu policies apply to %s; at most %d can", lookup->set->n_layers,
			lookup->identity->user, POLICY_LAYERS_MAX);
		return POLICY_E_INVALID;
	}
	if (lookup->invalid)
		return POLICY_E_INVALID;
	if (lookup->set->n_layers == 0)
		return lookup->set->settings.deny_without_policy ? POLICY_E_DENIED : POLICY_E_NONE;
	return policy_set_finish(lookup->set);
}

static struct policy_set *set_new(void)
{
	struct policy_set *set = calloc(1, sizeof(*set));

	if (set)
		set->settings = SETTINGS_DEFAULT;
	return set;
}

int policy_lookup(const struct policy_dirs *dirs, const struct identity *identity,
	const char *service, struct diag_list *diags, struct policy_set **ret)
{
	_cleanup_(free_set) struct policy_set *set = set_new();
	struct lookup lookup = {dirs, identity, service, diags, set, false};
	int r;

	if (!set)
		return -ENOMEM;
	if (identity->uid == 0 && !has_user_file(&lookup, "root"))
		return POLICY_E_EXEMPT;
	r = apply_settings(&lookup);
	if (r != 0)
		return r;
	if (is_exempt(&lookup))
		return POLICY_E_EXEMPT;
	r = add_layers(&lookup);
	if (r == 0)
		r = finish(&lookup);
	if (r != 0)
		return r;
	*ret = take_ptr(set);
	return 0;
}

int policy_load_bytes(const struct policy_dirs *dirs, const struct identity *identity,
	const char *name, const void *bytes, size_t size, struct diag_list *diags,
	struct policy_set **ret)
{
	_cleanup_(free_set) struct policy_set *set = set_new();
	struct lookup lookup = {dirs, identity, NULL, diags, set, false};
	bool counts = false;
	int r;

	if (!set)
		return -ENOMEM;
	r = add_bytes(&lookup, name, name, bytes, size, &counts);
	if (r == 0)
		r = finish(&lookup);
	if (r != 0)
		return r;
	*ret = take_ptr(set);
	return 0;
}
