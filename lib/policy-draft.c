/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a draft is made of: its memory, its places, and what stands in it twice. Only computes. */

#include "policy-read.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "policy-chars.h"
#include "policy.h"

struct draft_line draft_line(const struct policy_draft *draft, size_t index)
{
	const char *start = draft->bytes + draft->lines[index];
	const char *end = draft->bytes + draft->lines[index + 1];

	return (struct draft_line){start, end > start && end[-1] == '\n' ? end - 1 : end};
}

struct diag_place policy_draft_place(const struct policy_draft *draft, const struct draft_span *at)
{
	struct diag_place place = {
		.file = draft->file,
		.line = at->line,
		.column = at->column,
		.length = (unsigned)at->length,
		.included_from = draft->included_from,
	};

	if (at->line > 0 && at->line <= draft->n_lines) {
		struct draft_line line = draft_line(draft, at->line - 1);

		place.source_line = line.start;
		place.source_length = (size_t)(line.end - line.start);
	}
	return place;
}

/* Room for everything the bytes could hold, so that nothing moves while it is pointed to. */
static int allocate(struct policy_draft *draft)
{
	size_t n_lines = 0, n_words = 1;

	for (size_t i = 0; i < draft->size; i++) {
		n_lines += i == 0 || draft->bytes[i - 1] == '\n';
		n_words += !is_blank(draft->bytes[i]) &&
			   (i == 0 || is_blank(draft->bytes[i - 1]) ||
				   draft->bytes[i - 1] == '\n' || draft->bytes[i - 1] == '=');
	}
	draft->lines = calloc(n_lines + 1, sizeof(*draft->lines));
	draft->sections = calloc(n_lines + 1, sizeof(*draft->sections));
	draft->keys = calloc(n_lines + 1, sizeof(*draft->keys));
	draft->words = calloc(n_words, sizeof(*draft->words));
	if (!draft->lines || !draft->sections || !draft->keys || !draft->words)
		return -ENOMEM;
	for (size_t i = 0; i < draft->size; i++)
		if (i == 0 || draft->bytes[i - 1] == '\n')
			draft->lines[draft->n_lines++] = i;
	draft->lines[draft->n_lines] = draft->size;
	return 0;
}

/* The first offending character of a line; carriage returns once per file. */
static void check_line_characters(const struct policy_draft *draft, size_t index,
	struct diag_list *diags, bool *carriage_return_seen)
{
	struct draft_line line = draft_line(draft, index);

	for (const char *p = line.start; p < line.end;) {
		const struct char_fault *fault;
		struct draft_span at;
		size_t n;

		if (is_plain(*p)) {
			p++;
			continue;
		}
		n = policy_char(p, (size_t)(line.end - p), &fault);
		at = (struct draft_span){p, n, (unsigned)index + 1, (unsigned)(p - line.start) + 1};
		if (fault && !(fault->first == '\r' && *carriage_return_seen)) {
			struct diag_place place = policy_draft_place(draft, &at);

			*carriage_return_seen = *carriage_return_seen || fault->first == '\r';
			diag_error(diags, &place, fault->id, NULL, "%s", fault->text);
			return;
		}
		p += n;
	}
}

static void check_characters(const struct policy_draft *draft, struct diag_list *diags)
{
	bool carriage_return_seen = false;

	for (size_t i = 0; i < draft->n_lines; i++)
		check_line_characters(draft, i, diags, &carriage_return_seen);
}

/* Order of spans by their bytes, then by where they stand. */
static int compare_spans(const struct draft_span *a, const struct draft_span *b)
{
	size_t n = a->length < b->length ? a->length : b->length;
	int r = n ? memcmp(a->text, b->text, n) : 0;

	if (r != 0)
		return r;
	return a->length < b->length ? -1 : a->length > b->length;
}

/* A section or key with its full name, to find those written twice by sorting. */
struct named {
	const struct draft_span *section, *name, *label;
};

static int compare_names(const struct named *a, const struct named *b)
{
	int r = compare_spans(a->section, b->section);

	if (r == 0)
		r = compare_spans(a->name, b->name);
	return r ? r : compare_spans(a->label, b->label);
}

static int compare_named(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int r = compare_names(x, y);

	return r ? r : (x->name->text < y->name->text ? -1 : 1);
}

/* Of each group of equal names all but the first in the file are refused. */
static void refuse_repeated(
	const struct policy_draft *draft, struct diag_list *diags, struct named *named, size_t n)
{
	size_t first = 0;

	qsort(named, n, sizeof(*named), compare_named);
	for (size_t i = 1; i < n; i++) {
		bool section = named[i].name == named[i].section;
		struct diag_place place = policy_draft_place(draft, named[i].name);

		if (compare_names(&named[first], &named[i]) != 0) {
			first = i;
			continue;
		}
		diag_error(diags, &place, section ? "duplicate-section" : "duplicate-key", NULL,
			"%s \"%.*s%s%.*s\" is already in line %u", section ? "section" : "key",
			(int)named[i].name->length, named[i].name->text,
			named[i].label->length ? "." : "", (int)named[i].label->length,
			named[i].label->text ? named[i].label->text : "", named[first].name->line);
	}
}

static int check_duplicates(const struct policy_draft *draft, struct diag_list *diags)
{
	static const struct draft_span empty = {.text = ""};
	size_t n = draft->n_sections + draft->n_keys;
	_cleanup_free_ struct named *named = calloc(n + 1, sizeof(*named));

	if (!named)
		return -ENOMEM;
	for (size_t i = 0; i < draft->n_sections; i++) {
		const struct draft_span *name = &draft->sections[i].name;

		named[i] = (struct named){name, name, &empty};
	}
	refuse_repeated(draft, diags, named, draft->n_sections);
	for (size_t i = 0; i < draft->n_keys; i++) {
		const struct draft_key *key = &draft->keys[i];

		named[i] = (struct named){
			&draft->sections[key->section].name, &key->name, &key->label};
	}
	refuse_repeated(draft, diags, named, draft->n_keys);
	return 0;
}

static struct policy_draft *draft_new(
	const char *file, const char *included_from, const void *bytes, size_t size)
{
	struct policy_draft *draft = calloc(1, sizeof(*draft));

	if (!draft)
		return NULL;
	draft->file = strdup(file);
	draft->included_from = included_from ? strdup(included_from) : NULL;
	draft->bytes = malloc(size + 1);
	if (!draft->file || (included_from && !draft->included_from) || !draft->bytes)
		return policy_draft_free(draft);
	if (size > 0)
		memcpy(draft->bytes, bytes, size);
	draft->bytes[size] = '\0';
	draft->size = size;
	return allocate(draft) < 0 ? policy_draft_free(draft) : draft;
}

int policy_draft_read(const char *file, const char *included_from, const void *bytes, size_t size,
	struct diag_list *diags, struct policy_draft **ret)
{
	bool too_big = size > POLICY_FILE_MAX;
	struct policy_draft *draft = draft_new(file, included_from, bytes, too_big ? 0 : size);
	struct diag_place place = {.file = file, .included_from = included_from};

	if (!draft)
		return -ENOMEM;
	if (too_big)
		diag_error(diags, &place, "file-too-big", NULL, "a policy has at most %d KiB",
			POLICY_FILE_MAX / 1024);
	check_characters(draft, diags);
	policy_read_lines(draft, diags);
	if (check_duplicates(draft, diags) < 0) {
		policy_draft_free(draft);
		return -ENOMEM;
	}
	*ret = draft;
	return 0;
}

int policy_draft_include(struct policy_draft *draft, const char *included_from)
{
	char *copy = strdup(included_from);

	if (!copy)
		return -ENOMEM;
	free(draft->included_from);
	draft->included_from = copy;
	return 0;
}

struct policy_draft *policy_draft_free(struct policy_draft *draft)
{
	if (!draft)
		return NULL;
	free(draft->file);
	free(draft->included_from);
	free(draft->bytes);
	free(draft->lines);
	free(draft->sections);
	free(draft->keys);
	free(draft->words);
	free(draft);
	return NULL;
}
