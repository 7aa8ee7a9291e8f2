/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who is confined at all, the settings for everybody, and the set that the layers make. */

#include "policy-lookup.h"

#include "names.h"
#include "policy-check.h"
#include "policy-layers.h"
#include "policy-set.h"
#include "str.h"

static void free_set(struct policy_set **set)
{
	policy_set_free(*set);
}

static void free_draft(struct policy_draft **draft)
{
	policy_draft_free(*draft);
}

/* Where there is no confdir, or no such file in it, the defaults hold. */
static int read_settings(const struct policy_dirs *dirs, const struct policy_folder *confdir,
	struct diag_list *diags, struct settings *ret)
{
	_cleanup_(policy_file_done) struct policy_file file = {0};
	_cleanup_(free_draft) struct policy_draft *draft = NULL;
	int r = policy_folder_read(dirs, confdir, "sandlock.conf", NULL, diags, &file);

	if (r == -ENOENT) {
		*ret = SETTINGS_DEFAULT;
		return 0;
	}
	if (r == 0)
		r = policy_draft_load(file.path, NULL, file.bytes, file.size, diags, &draft);
	return r == 0 ? settings_check(draft, diags, ret) : r;
}

/* 0 also where it does not exist: then *ret is none. */
static int open_confdir(
	const struct policy_dirs *dirs, struct diag_list *diags, struct policy_folder *ret)
{
	int r = policy_folder_open(dirs, dirs->confdir, NULL, diags, ret);

	return r == -ENOENT ? 0 : r;
}

int settings_lookup(const struct policy_dirs *dirs, struct diag_list *diags, struct settings *ret)
{
	_cleanup_(policy_folder_done) struct policy_folder confdir = POLICY_FOLDER_NONE;
	int r = open_confdir(dirs, diags, &confdir);

	return r == 0 ? read_settings(dirs, &confdir, diags, ret) : r;
}

/* A broken sandlock.conf refuses everybody but root, for whom it is a warning. */
static int apply_settings(struct lookup *lookup)
{
	struct diag_list diags = DIAG_LIST_INIT;
	int r = read_settings(lookup->dirs, lookup->confdir, &diags, &lookup->set->settings);

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
	_cleanup_(diag_list_done) struct diag_list unheard = DIAG_LIST_INIT;
	_cleanup_(policy_folder_done) struct policy_folder folder = POLICY_FOLDER_NONE;
	_cleanup_free_ char *file = NULL;

	if (!policy_file_is_name(user) || policy_folder_enter(lookup->dirs, lookup->confdir,
						  "users", NULL, &unheard, &folder) != 0)
		return false;
	file = str_format("%s.ini", user);
	if (!file)
		return true; /* not knowing is no reason to exempt */
	return policy_folder_has(folder.fd, file);
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

/* What no file alone can be blamed for. 0, POLICY_E_INVALID or a negative errno. */
static int check_together(struct lookup *lookup)
{
	const struct diag_place place = {.file = lookup->dirs->confdir};
	struct names names = {0};
	int r = names_collect(lookup->set, &names);

	names_done(&names);
	if (lookup->set->n_layers > POLICY_LAYERS_MAX)
		diag_error(lookup->diags, &place, "too-many-layers", NULL,
			"%zu policies apply to %s; at most %d can", lookup->set->n_layers,
			lookup->identity->user, POLICY_LAYERS_MAX);
	else if (r == -E2BIG)
		diag_error(lookup->diags, &place, "too-many-names", NULL,
			"the policies that apply to %s together have more than %d different host "
			"names",
			lookup->identity->user, NAMES_MAX);
	else
		return r;
	return POLICY_E_INVALID;
}

static int finish(struct lookup *lookup)
{
	int r = lookup->diags->out_of_memory ? -ENOMEM : check_together(lookup);

	if (r != 0)
		return r;
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

static int look_up(struct lookup *lookup)
{
	int r = apply_settings(lookup);

	if (r != 0)
		return r;
	if (is_exempt(lookup))
		return POLICY_E_EXEMPT;
	r = layers_add(lookup);
	return r == 0 ? finish(lookup) : r;
}

int policy_lookup(const struct policy_dirs *dirs, const struct identity *identity,
	const char *service, struct diag_list *diags, struct policy_set **ret)
{
	_cleanup_(policy_folder_done) struct policy_folder confdir = POLICY_FOLDER_NONE;
	_cleanup_(diag_list_done) struct diag_list found = DIAG_LIST_INIT;
	_cleanup_(free_set) struct policy_set *set = set_new();
	struct lookup lookup = {dirs, &confdir, identity, service, diags, set, false};
	int r = set ? open_confdir(dirs, &found, &confdir) : -ENOMEM;

	/* Root is decided before any file is read, and whatever has become of the folders. */
	if (r >= 0 && identity->uid == 0 && !has_user_file(&lookup, "root"))
		return POLICY_E_EXEMPT;
	diag_list_move(diags, &found);
	if (r == 0)
		r = look_up(&lookup);
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
	struct lookup lookup = {dirs, NULL, identity, NULL, diags, set, false};
	bool counts = false;
	int r;

	if (!set)
		return -ENOMEM;
	r = layers_add_text(&lookup, name, name, bytes, size, &counts);
	if (r == 0)
		r = finish(&lookup);
	if (r != 0)
		return r;
	*ret = take_ptr(set);
	return 0;
}
