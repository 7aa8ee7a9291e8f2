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

void settings_find(const struct policy_dirs *dirs, struct settings_found *ret)
{
	*ret = (struct settings_found){.diags = DIAG_LIST_INIT, .settings = SETTINGS_DEFAULT};
	ret->r = settings_lookup(dirs, &ret->diags, &ret->settings);
}

void settings_found_done(struct settings_found *found)
{
	settings_done(&found->settings);
	diag_list_done(&found->diags);
}

/* A broken sandlock.conf refuses everybody but root, for whom it is a warning. */
static int apply_settings(struct lookup *lookup, struct settings_found *found)
{
	int r = found->r;

	if (r > 0 && lookup->identity->uid == 0) {
		diag_list_excuse(&found->diags);
		r = 0;
	}
	diag_list_move(lookup->diags, &found->diags);
	lookup->set->settings = found->settings;
	found->settings = SETTINGS_DEFAULT;
	return r;
}

/* 0, 1: the user is in one of them, or a negative errno. */
static int in_exempt_group(const struct lookup *lookup)
{
	const struct settings *settings = &lookup->set->settings;
	struct identity *identity = lookup->identity;
	int r = settings->n_exempt_groups > 0 ? identity_lookup_groups(identity) : 0;

	if (r < 0)
		return r;
	for (size_t i = 0; i < settings->n_exempt_groups; i++)
		for (size_t j = 0; j < identity->n_groups; j++)
			if (identity->group_names[j] &&
				strcmp(settings->exempt_groups[i], identity->group_names[j]) == 0)
				return 1;
	return 0;
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

/* 0, POLICY_E_EXEMPT or a negative errno. */
static int check_exempt(const struct lookup *lookup)
{
	const struct identity *identity = lookup->identity;
	int r;

	if (identity->uid == 0)
		return 0; /* decided before any file was read */
	r = in_exempt_group(lookup);
	if (r != 0)
		return r < 0 ? r : POLICY_E_EXEMPT;
	if (identity->uid >= lookup->set->settings.min_uid || has_user_file(lookup, identity->user))
		return 0;
	return POLICY_E_EXEMPT;
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
	return lookup->set->n_layers == 0 ? POLICY_E_NONE : policy_set_finish(lookup->set);
}

/* mandatory.d narrows what others allow, and allows nobody in. Root is never refused for want. */
static int check_allowed_in(const struct lookup *lookup)
{
	bool wanting = !lookup->counts && lookup->identity->uid != 0;

	return wanting && lookup->set->settings.deny_without_policy ? POLICY_E_DENIED : 0;
}

static struct policy_set *set_new(void)
{
	struct policy_set *set = calloc(1, sizeof(*set));

	if (set)
		set->settings = SETTINGS_DEFAULT;
	return set;
}

static int look_up(struct lookup *lookup, struct settings_found *found)
{
	int r = apply_settings(lookup, found);

	if (r == 0)
		r = check_exempt(lookup);
	if (r == 0)
		r = layers_add(lookup);
	if (r == 0)
		r = check_allowed_in(lookup);
	return r == 0 ? finish(lookup) : r;
}

int policy_lookup_settled(const struct policy_dirs *dirs, struct settings_found *settings,
	struct identity *identity, const char *service, const struct policy_hook *hook,
	struct diag_list *diags, struct policy_set **ret)
{
	_cleanup_(policy_folder_done) struct policy_folder confdir = POLICY_FOLDER_NONE;
	_cleanup_(diag_list_done) struct diag_list found = DIAG_LIST_INIT;
	_cleanup_(free_set) struct policy_set *set = set_new();
	struct lookup lookup = {dirs, &confdir, identity, service, hook, diags, set, false, false};
	int r = set ? open_confdir(dirs, &found, &confdir) : -ENOMEM;

	/* Root is decided before any file is read, and whatever has become of the folders. */
	if (r >= 0 && identity->uid == 0 && !has_user_file(&lookup, "root"))
		return POLICY_E_EXEMPT;
	diag_list_move(diags, &found);
	if (r == 0)
		r = look_up(&lookup, settings);
	if (r != 0)
		return r;
	*ret = take_ptr(set);
	return 0;
}

int policy_lookup(const struct policy_dirs *dirs, struct identity *identity, const char *service,
	struct diag_list *diags, struct policy_set **ret)
{
	_cleanup_(settings_found_done) struct settings_found found;

	settings_find(dirs, &found);
	return policy_lookup_settled(dirs, &found, identity, service, NULL, diags, ret);
}

int policy_load_bytes(const struct policy_dirs *dirs, const struct identity *identity,
	const char *name, const void *bytes, size_t size, struct diag_list *diags,
	struct policy_set **ret)
{
	_cleanup_(free_set) struct policy_set *set = set_new();
	struct identity whose = *identity; /* nobody's groups matter to a text */
	struct lookup lookup = {dirs, NULL, &whose, NULL, NULL, diags, set, false, false};
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
