/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The live folders: a table of what lies where, and for each file whether a login would ever
 * read it.
 */

#include "policy-live.h"

#include <stdio.h>

#include "policy-chars.h"
#include "policy-check.h"
#include "policy-file.h"
#include "policy-judge.h"
#include "str.h"

static void free_draft(struct policy_draft **draft)
{
	policy_draft_free(*draft);
}

/* The includes that some policy names. */
struct name_list {
	char **names;
	size_t n;
};

static void name_list_done(struct name_list *list)
{
	policy_names_free(list->names, list->n);
}

static bool name_list_has(const struct name_list *list, const char *name, size_t length)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_equal(name, length, list->names[i]))
			return true;
	return false;
}

static int name_list_add(struct name_list *list, const char *name, size_t length)
{
	char **grown;

	if (name_list_has(list, name, length))
		return 0;
	grown = reallocarray(list->names, list->n + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	list->names = grown;
	grown[list->n] = strndup(name, length);
	if (!grown[list->n])
		return -ENOMEM;
	list->n++;
	return 0;
}

struct walk {
	const struct policy_dirs *dirs;
	struct name_list *included; /* NULL: not known, then nothing is said about it */
	policy_judged_fn *judged;
	void *userdata;
	struct diag_list *faults; /* of folders, each told once */
};

/* Reasons why nobody will ever read NAME.ini; NULL: somebody may. */
static const char *why_not_user(const struct walk *walk, const char *name)
{
	return place_user_exists(walk->dirs, name) ? NULL : "there is no user of this name";
}

static const char *why_not_group(const struct walk *walk, const char *name)
{
	return place_group_exists(walk->dirs, name) ? NULL : "there is no group of this name";
}

static const char *why_not_mandatory(const struct walk *walk, const char *name)
{
	(void)walk;
	(void)name;
	return NULL;
}

static const char *why_not_vendor(const struct walk *walk, const char *name)
{
	(void)walk;
	return is_label(name, strlen(name)) ? NULL : "no include can have this name";
}

static const char *why_not_include(const struct walk *walk, const char *name)
{
	const char *why = why_not_vendor(walk, name);

	if (why || !walk->included || name_list_has(walk->included, name, strlen(name)))
		return why;
	return "no policy includes it";
}

static const char *why_not_top(const struct walk *walk, const char *name)
{
	(void)walk;
	return strcmp(name, "default") == 0 ? NULL : "only default.ini is read in this folder";
}

static const struct folder {
	const char *name; /* beneath confdir or vendordir */
	bool vendor;
	bool is_include;
	const char *(*why_not)(const struct walk *walk, const char *name);
} folders[] = {
	{"", false, false, why_not_top},
	{"users", false, false, why_not_user},
	{"groups", false, false, why_not_group},
	{"mandatory.d", false, false, why_not_mandatory},
	{"include", false, true, why_not_include},
	{"include", true, true, why_not_vendor},
};

/* Other things that belong in confdir. */
static bool is_known_at_top(const char *file)
{
	return str_in_choices(
		file, strlen(file), "sandlock.conf|users|groups|mandatory.d|include", NULL);
}

/* Why FILE of a folder is never read, or NULL. */
static const char *why_never_read(
	const struct walk *walk, const struct folder *folder, const char *file)
{
	_cleanup_free_ char *name = policy_file_name(file);

	if (*folder->name == '\0' && is_known_at_top(file))
		return NULL;
	if (file[0] == '.')
		return "its name begins with a dot";
	if (!name)
		return "its name does not end in .ini";
	return folder->why_not(walk, name);
}

static void warn_never_read(struct diag_list *diags, const char *path, const char *why)
{
	const struct diag_place place = {.file = path};

	diag_warning(diags, &place, "never-read", NULL, "nobody will ever read this: %s", why);
}

static const struct folder *folder_find(
	const struct policy_dirs *dirs, const char *base, const char *name, size_t length)
{
	bool vendor = base == dirs->vendordir;

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		if (folders[i].vendor == vendor && str_equal(name, length, folders[i].name))
			return &folders[i];
	return NULL;
}

/* Ownership and kind of one file, by reading it as a login would. */
static int check_trust(const struct policy_dirs *dirs, const char *folder, const char *file,
	struct diag_list *diags)
{
	_cleanup_(policy_file_done) struct policy_file read = {0};
	_cleanup_(policy_folder_done) struct policy_folder open = POLICY_FOLDER_NONE;
	int r = policy_folder_open(dirs, folder, NULL, diags, &open);

	if (r == 0)
		r = policy_folder_read(dirs, &open, file, NULL, diags, &read);
	return r == POLICY_E_INVALID ? 0 : r;
}

/* Whom a file of users/ is for; other files are for nobody in particular. */
static int find_user(const struct walk *walk, const struct folder *folder, const char *file,
	struct policy_place *place)
{
	_cleanup_free_ char *name = NULL;

	if (!folder || folder->why_not != why_not_user)
		return 0;
	name = policy_file_name(file);
	return name ? policy_place_find_user(walk->dirs, name, place) : 0;
}

int policy_live_check(const struct policy_dirs *dirs, const char *base, const char *rest,
	struct diag_list *diags, struct policy_place *place)
{
	const struct walk walk = {.dirs = dirs};
	const char *slash = strrchr(rest, '/');
	const char *file = slash ? slash + 1 : rest;
	size_t n = slash ? (size_t)(slash - rest) : 0;
	const struct folder *folder = folder_find(dirs, base, rest, n);
	_cleanup_free_ char *path = NULL, *folder_path = NULL;
	const char *why;
	int r;

	folder_path = str_format("%s%s%.*s", base, n ? "/" : "", (int)n, rest);
	if (!folder_path)
		return -ENOMEM;
	path = str_format("%s%s/%s", dirs->root, base, rest);
	if (!path)
		return -ENOMEM;
	if (!folder && base == dirs->vendordir)
		return 0; /* examples and documents */
	why = folder ? why_never_read(&walk, folder, file) : "it lies in no folder of policies";
	if (why)
		warn_never_read(diags, path, why);
	r = find_user(&walk, folder, file, place);
	return r == 0 ? check_trust(dirs, folder_path, file, diags) : r;
}

/* A folder of the walk, open. */
struct open_folder {
	const struct folder *folder;
	char *path;                /* within dirs->root */
	struct policy_folder open; /* none: it does not exist, or was refused */
	char **names;
	size_t n_names;
};

static void open_folder_done(struct open_folder *open)
{
	free(open->path);
	policy_folder_done(&open->open);
	policy_names_free(open->names, open->n_names);
}

static int open_folder(const struct walk *walk, const struct folder *folder,
	struct diag_list *diags, struct open_folder *ret)
{
	const char *base = folder->vendor ? walk->dirs->vendordir : walk->dirs->confdir;
	int r;

	*ret = (struct open_folder){.folder = folder, .open = POLICY_FOLDER_NONE};
	ret->path = str_format("%s%s%s", base, *folder->name ? "/" : "", folder->name);
	if (!ret->path)
		return -ENOMEM;
	r = policy_folder_open(walk->dirs, ret->path, NULL, diags, &ret->open);
	if (r == -ENOENT || r == POLICY_E_INVALID)
		return 0;
	return r < 0 ? r : policy_folder_names(ret->open.fd, &ret->names, &ret->n_names);
}

static int judge_text(const struct walk *walk, const struct open_folder *open, const char *name,
	const struct policy_file *file, struct diag_list *diags)
{
	_cleanup_(policy_place_done) struct policy_place place = {.written = file->written};
	int r = find_user(walk, open->folder, name, &place);

	if (r < 0)
		return r;
	return policy_judge_text(walk->dirs, file->path, file->bytes, file->size,
		policy_kind_of(file->path), &place, diags);
}

/* What has the name of a policy is judged even where nobody reads it. */
static bool is_text(const struct folder *folder, const char *file)
{
	_cleanup_free_ char *name = policy_file_name(file);

	return name || (*folder->name == '\0' && strcmp(file, "sandlock.conf") == 0);
}

static int judge_file(const struct walk *walk, const struct open_folder *open, const char *name)
{
	_cleanup_(policy_file_done) struct policy_file file = {0};
	_cleanup_(diag_list_done) struct diag_list diags = DIAG_LIST_INIT;
	_cleanup_free_ char *path = NULL;
	const char *why = why_never_read(walk, open->folder, name);
	int r;

	path = str_format("%s%s/%s", walk->dirs->root, open->path, name);
	if (!path)
		return -ENOMEM;
	if (why)
		warn_never_read(&diags, path, why);
	if (!is_text(open->folder, name))
		return walk->judged(walk->userdata, path, &diags);
	r = policy_folder_read(walk->dirs, &open->open, name, NULL, &diags, &file);
	if (r == 0)
		r = judge_text(walk, open, name, &file, &diags);
	if (r == -ENOENT) /* gone while we looked */
		return 0;
	return r < 0 ? r : walk->judged(walk->userdata, path, &diags);
}

static bool is_subfolder(const struct open_folder *open, const char *name)
{
	return *open->folder->name == '\0' && is_known_at_top(name) &&
	       strcmp(name, "sandlock.conf") != 0;
}

static bool is_told(const struct walk *walk, const struct diag *fault)
{
	for (size_t i = 0; i < walk->faults->n_items; i++)
		if (strcmp(walk->faults->items[i].file, fault->file) == 0)
			return true;
	return false;
}

/* What is wrong with a folder is wrong for all that lie in it. */
static int judge_faults(const struct walk *walk, struct diag_list *diags)
{
	int r = 0;

	if (diags->n_items > 0 && !is_told(walk, &diags->items[0]))
		r = walk->judged(walk->userdata, diags->items[0].file, diags);
	diag_list_move(walk->faults, diags);
	return r;
}

static int judge_folder(const struct walk *walk, const struct folder *folder)
{
	_cleanup_(open_folder_done) struct open_folder open = {.open = POLICY_FOLDER_NONE};
	_cleanup_(diag_list_done) struct diag_list diags = DIAG_LIST_INIT;
	int r = open_folder(walk, folder, &diags, &open);

	if (r >= 0)
		r = judge_faults(walk, &diags);
	for (size_t i = 0; i < open.n_names && r >= 0; i++)
		if (!is_subfolder(&open, open.names[i]))
			r = judge_file(walk, &open, open.names[i]);
	return r;
}

/* The words of every `include` in one text. */
static int collect_text(const struct policy_file *file, struct name_list *included)
{
	_cleanup_(free_draft) struct policy_draft *draft = NULL;
	_cleanup_(diag_list_done) struct diag_list unheard = DIAG_LIST_INIT;
	int r = policy_draft_read(file->path, NULL, file->bytes, file->size, &unheard, &draft);

	for (size_t i = 0; r == 0 && i < draft->n_keys; i++) {
		const struct draft_key *key = &draft->keys[i];

		if (!str_equal(key->name.text, key->name.length, "include"))
			continue;
		for (size_t j = 0; r == 0 && j < key->n_words; j++)
			r = name_list_add(included, key->words[j].text, key->words[j].length);
	}
	return r;
}

static int collect_folder(
	const struct walk *walk, const struct folder *folder, struct name_list *included)
{
	_cleanup_(diag_list_done) struct diag_list unheard = DIAG_LIST_INIT;
	_cleanup_(open_folder_done) struct open_folder open = {.open = POLICY_FOLDER_NONE};
	int r = open_folder(walk, folder, &unheard, &open);

	for (size_t i = 0; r == 0 && i < open.n_names; i++) {
		_cleanup_(policy_file_done) struct policy_file file = {0};

		if (is_subfolder(&open, open.names[i]))
			continue;
		r = policy_folder_read(
			walk->dirs, &open.open, open.names[i], NULL, &unheard, &file);
		r = r == 0 ? collect_text(&file, included) : r < 0 && r != -ENOENT ? r : 0;
	}
	return r;
}

/* What the policies include, and what that includes: the list grows while it is walked. */
static int collect_includes(const struct walk *walk, struct name_list *included)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(folders) && r == 0; i++)
		if (!folders[i].is_include)
			r = collect_folder(walk, &folders[i], included);
	for (size_t i = 0; i < included->n && r == 0; i++) {
		_cleanup_(policy_file_done) struct policy_file file = {0};
		_cleanup_(diag_list_done) struct diag_list unheard = DIAG_LIST_INIT;

		if (!is_label(included->names[i], strlen(included->names[i])))
			continue;
		r = policy_file_read_include(
			walk->dirs, NULL, included->names[i], NULL, &unheard, &file);
		r = r == 0 ? collect_text(&file, included) : r < 0 && r != -ENOENT ? r : 0;
	}
	return r;
}

int policy_check_all(const struct policy_dirs *dirs, policy_judged_fn *judged, void *userdata)
{
	_cleanup_(name_list_done) struct name_list included = {0};
	_cleanup_(diag_list_done) struct diag_list faults = DIAG_LIST_INIT;
	const struct walk walk = {dirs, &included, judged, userdata, &faults};
	int r = collect_includes(&walk, &included);

	for (size_t i = 0; i < ARRAY_SIZE(folders) && r >= 0; i++)
		r = judge_folder(&walk, &folders[i]);
	return r < 0 ? r : 0;
}
