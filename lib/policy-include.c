/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Follows `include`: which files, at which level, and where a chain closes or gets too long. */

#include "policy-include.h"

#include <stdio.h>

#include "policy-cache.h"
#include "policy-chars.h"
#include "policy-file.h"
#include "str.h"

/* The `include` key of a draft, or NULL. */
static const struct draft_key *include_key(const struct policy_draft *draft)
{
	for (size_t i = 0; i < draft->n_keys; i++) {
		const struct draft_key *key = &draft->keys[i];
		const struct draft_span *section = &draft->sections[key->section].name;

		if (str_equal(section->text, section->length, "policy") &&
			str_equal(key->name.text, key->name.length, "include"))
			return key;
	}
	return NULL;
}

/* Index of a name, n_files where there is none. */
static size_t find(const struct include_list *list, const struct draft_span *word)
{
	size_t i = 1;

	while (i < list->n_files && !str_equal(word->text, word->length, list->files[i].name))
		i++;
	return i;
}

static void refuse_missing(
	struct policy_check *check, const struct diag_place *place, const char *name)
{
	_cleanup_free_ char *nearest = policy_file_nearest_include(check->options->dirs, name);

	diag_error(check->diags, place, "include-missing", nearest,
		"there is no %s.ini in the include folders", name);
}

static int read_include(struct policy_check *check, const char *name, const char *included_from,
	struct policy_draft **ret)
{
	_cleanup_(policy_file_done) struct policy_file found = {0};
	int r = policy_file_read_include(check->options->dirs, check->options->confdir, name,
		included_from, check->diags, &found);

	if (r != 0)
		return r;
	return policy_draft_load(
		found.path, included_from, found.bytes, found.size, check->diags, ret);
}

static int open_draft(
	struct policy_check *check, const char *included_from, struct include_file *file)
{
	struct policy_cache *cache = check->options->cache;
	struct cached_include *known = cache ? policy_cache_include(
						       cache, check->options->dirs, file->name)
					     : NULL;
	size_t n_findings = check->diags->n_items;
	int r;

	if (known && known->draft) {
		file->draft = known->draft;
		return policy_draft_include(known->draft, included_from);
	}
	r = read_include(check, file->name, included_from, &file->owned);
	file->draft = file->owned;
	/* One with findings is read for each who includes it: they say from where. */
	if (r == 0 && known && check->diags->n_items == n_findings && !check->diags->out_of_memory)
		known->draft = take_ptr(file->owned);
	return r;
}

static void load(struct policy_check *check, const struct policy_draft *from,
	const struct draft_span *word, struct include_file *file)
{
	const struct diag_place place = policy_draft_place(from, word);
	_cleanup_free_ char *included_from = str_format("%s:%u", from->file, word->line);
	int r = included_from ? open_draft(check, included_from, file) : -ENOMEM;

	if (r == -ENOENT)
		refuse_missing(check, &place, file->name);
	else if (r < 0 && check->error == 0)
		check->error = r;
}

/* Index of the file that `word` names, read when it is new; 0 without memory. */
static size_t add(struct policy_check *check, struct include_list *list,
	const struct policy_draft *from, const struct draft_span *word)
{
	size_t i = find(list, word);
	struct include_file *files;

	if (i < list->n_files)
		return i;
	files = check_grow(check, list->files, list->n_files, sizeof(*files));
	if (!files)
		return 0;
	list->files = files;
	files[i].name = strndup(word->text, word->length);
	files[i].level = POLICY_INCLUDE_LEVELS + 1;
	if (!files[i].name) {
		check_out_of_memory(check);
		return 0;
	}
	list->n_files++;
	load(check, from, word, &files[i]);
	return i;
}

static void refuse(struct policy_check *check, const struct policy_draft *draft,
	const struct draft_span *word, const char *id, const char *text)
{
	const struct diag_place place = policy_draft_place(draft, word);

	diag_error(check->diags, &place, id, NULL, "%s", text);
}

/*
 * Follows one file's includes. Each file is followed once per level, so the work is bounded however
 * the files include each other; a circle is met at last as a chain that gets too long.
 */
static void follow(
	struct policy_check *check, struct include_list *list, size_t from, unsigned level)
{
	const struct policy_draft *draft = list->files[from].draft;
	const struct draft_key *key = draft ? include_key(draft) : NULL;

	list->files[from].open = true;
	for (size_t i = 0; key && i < key->n_words && check->error == 0; i++) {
		const struct draft_span *word = &key->words[i];
		size_t to;

		if (!is_label(word->text, word->length))
			continue; /* reported with the other words of the wrong type */
		if (level == POLICY_INCLUDE_LEVELS) {
			refuse(check, draft, word, "include-depth",
				"includes go three levels deep at most");
			continue;
		}
		to = add(check, list, draft, word);
		if (to > 0 && list->files[to].open) {
			refuse(check, draft, word, "include-cycle", "this include closes a circle");
			continue;
		}
		if (to == 0 || list->files[to].visited[level + 1])
			continue;
		list->files[to].visited[level + 1] = true;
		if (list->files[to].level > level + 1)
			list->files[to].level = level + 1;
		follow(check, list, to, level + 1);
	}
	list->files[from].open = false;
}

/* By level, otherwise as first named. Few files: insertion. */
static void sort(struct include_list *list)
{
	for (size_t i = 1; i < list->n_files; i++) {
		struct include_file file = list->files[i];
		size_t j = i;

		for (; j > 1 && list->files[j - 1].level > file.level; j--)
			list->files[j] = list->files[j - 1];
		list->files[j] = file;
	}
}

void include_resolve(
	struct policy_check *check, const struct policy_draft *draft, struct include_list *ret)
{
	struct include_list list = {0};

	list.files = check_grow(check, NULL, 0, sizeof(*list.files));
	if (list.files) {
		list.files[0].draft = draft;
		list.n_files = 1;
		follow(check, &list, 0, 0);
		sort(&list);
	}
	*ret = list;
}

void include_list_done(struct include_list *list)
{
	for (size_t i = 0; i < list->n_files; i++) {
		free(list->files[i].name);
		policy_draft_free(list->files[i].owned);
	}
	free(list->files);
	*list = (struct include_list){0};
}

/* Words stand in a draft in the order of the text. */
static int compare_place(const void *a, const void *b)
{
	const struct rule *rule = a;
	const struct draft_span *word = b;

	if (rule->line != word->line)
		return rule->line < word->line ? -1 : 1;
	return rule->column < word->column ? -1 : rule->column > word->column;
}

struct diag_place include_list_place(const struct include_list *files, const struct rule *rule)
{
	for (size_t i = 0; i < files->n_files; i++) {
		const struct policy_draft *draft = files->files[i].draft;
		const struct draft_span *word = NULL;

		if (draft && strcmp(draft->file, rule->file) == 0)
			word = bsearch(
				rule, draft->words, draft->n_words, sizeof(*word), compare_place);
		if (word)
			return policy_draft_place(draft, word);
	}
	return (struct diag_place){.file = rule->file, .line = rule->line, .column = rule->column};
}
