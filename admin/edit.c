/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Works on lines. What a policy may look like is lib/policy-read.c's business: this was checked. */

#include "edit.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "str.h"

#define CONTEXT 3 /* lines around a change, as diff(1) */

static size_t count_lines(const char *text, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < size; i++)
		if (text[i] == '\n' || i + 1 == size)
			n++;
	return n;
}

int edit_begin(struct edit *edit, const char *text, size_t size)
{
	size_t n = count_lines(text, size);
	const char *p = text;

	*edit = (struct edit){
		.lines = calloc(n + 1, sizeof(char *)),
		.added = calloc(n + 1, sizeof(char *)),
		.dropped = calloc(n + 1, 1),
	};
	if (!edit->lines || !edit->added || !edit->dropped)
		return -ENOMEM;
	while (edit->n_lines < n) {
		const char *end = memchr(p, '\n', (size_t)(text + size - p));
		size_t length = (size_t)((end ? end : text + size) - p);
		char *line = strndup(p, length);

		if (!line)
			return -ENOMEM;
		edit->lines[edit->n_lines++] = line;
		p += length + 1;
	}
	return 0;
}

void edit_done(struct edit *edit)
{
	for (size_t i = 0; i < edit->n_lines; i++)
		free(edit->lines[i]);
	for (size_t i = 0; edit->added && i <= edit->n_lines; i++)
		free(edit->added[i]);
	free(edit->lines);
	free(edit->added);
	free(edit->dropped);
	*edit = (struct edit){0};
}

/* Looking */

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

/* A line that goes on in the next one ends in a backslash; comments may not. */
static bool continues(const struct edit *edit, size_t i)
{
	size_t n = i > 0 ? strlen(edit->lines[i - 1]) : 0;

	return n > 0 && edit->lines[i - 1][n - 1] == '\\';
}

static bool is_section(const struct edit *edit, size_t i)
{
	return !continues(edit, i) && *skip_blanks(edit->lines[i]) == '[';
}

/* The line of "[section]", or n_lines. */
static size_t find_section(const struct edit *edit, const char *section)
{
	size_t length = strlen(section);

	for (size_t i = 0; i < edit->n_lines; i++) {
		const char *name = skip_blanks(edit->lines[i]) + 1;

		if (is_section(edit, i) && strncmp(name, section, length) == 0 &&
			name[length] == ']')
			return i;
	}
	return edit->n_lines;
}

/* Whether a line gives that key, with or without this label (NULL: none) a value; and which. */
static bool gives(const struct edit *edit, size_t i, const char *key, const char *label,
	const char **ret_value)
{
	const char *p = skip_blanks(edit->lines[i]);
	size_t length = strlen(key);

	if (continues(edit, i) || strncmp(p, key, length) != 0)
		return false;
	p += length;
	if (label) {
		if (*p != '.' || strncmp(p + 1, label, strlen(label)) != 0)
			return false;
		p += 1 + strlen(label);
	}
	p = skip_blanks(p);
	if (*p != '=')
		return false;
	*ret_value = skip_blanks(p + 1);
	return true;
}

static bool is_none(const char *value)
{
	return strncmp(value, "none", 4) == 0 && *skip_blanks(value + 4) == '\0';
}

/* Adding */

static int append(struct edit *edit, size_t at, const char *text)
{
	char *joined = str_format("%s%s", edit->added[at] ? edit->added[at] : "", text);

	if (!joined)
		return -ENOMEM;
	free(edit->added[at]);
	edit->added[at] = joined;
	return 0;
}

/* "LABEL", "LABEL-2" ...: also among those of this edit. */
static char *free_label(const struct edit *edit, const char *key, const char *wanted)
{
	for (unsigned n = 1;; n++) {
		char *label = n == 1 ? strdup(wanted) : str_format("%s-%u", wanted, n);
		_cleanup_free_ char *head = label ? str_format("%s.%s =", key, label) : NULL;
		bool taken = false;
		const char *value;

		if (!head) {
			free(label);
			return NULL;
		}
		for (size_t i = 0; i < edit->n_lines && !taken; i++)
			taken = gives(edit, i, key, label, &value);
		for (size_t i = 0; i <= edit->n_lines && !taken; i++)
			taken = edit->added[i] && strstr(edit->added[i], head);
		if (!taken)
			return label;
		free(label);
	}
}

/* The last line of a section that says something. */
static size_t section_end(const struct edit *edit, size_t start)
{
	size_t end = start;

	for (size_t i = start + 1; i < edit->n_lines && !is_section(edit, i); i++)
		if (*skip_blanks(edit->lines[i]))
			end = i;
	return end;
}

/* What cannot stand beside the new value. */
static void drop_old(struct edit *edit, size_t start, const char *key, bool labels)
{
	const char *value;

	for (size_t i = start + 1; i < edit->n_lines && !is_section(edit, i); i++)
		if (gives(edit, i, key, NULL, &value) && (!labels || is_none(value)))
			edit->dropped[i] = 1;
}

int edit_add(struct edit *edit, const struct edit_line *new)
{
	size_t start = find_section(edit, new->section);
	_cleanup_free_ char *label = new->label ? free_label(edit, new->key, new->label) : NULL;
	_cleanup_free_ char *head = str_format("[%s]\n", new->section);
	_cleanup_free_ char *line = str_format("# %s\n%s%s%s = %s\n", new->comment, new->key,
		label ? "." : "", label ? label : "", new->word);
	int r = 0;

	if (!head || !line || (new->label && !label))
		return -ENOMEM;
	edit->n_added++;
	if (start < edit->n_lines) {
		drop_old(edit, start, new->key, new->label != NULL);
		return append(edit, section_end(edit, start), line);
	}
	/* A section that this edit has added already is the last one, or not there. */
	if (!edit->added[edit->n_lines] || !strstr(edit->added[edit->n_lines], head))
		r = append(edit, edit->n_lines, head);
	return r < 0 ? r : append(edit, edit->n_lines, line);
}

/* Showing */

/* An added line stands behind its comment. */
static char *last_line(const char *added)
{
	const char *line = added + strlen(added) - 1;

	while (line > added && line[-1] != '\n')
		line--;
	return strndup(line, strcspn(line, "\n"));
}

int edit_single(const struct edit *edit, char **ret_line, unsigned *ret_replaces)
{
	unsigned replaces = 0;
	char *line = NULL;

	for (size_t i = 0; i <= edit->n_lines && !line; i++)
		if (edit->added[i])
			line = last_line(edit->added[i]);
	for (size_t i = 0; i < edit->n_lines && replaces == 0; i++)
		if (edit->dropped[i])
			replaces = (unsigned)i + 1;
	if (!line)
		return -ENOMEM;
	*ret_line = line;
	*ret_replaces = replaces;
	return 0;
}

char *edit_text(const struct edit *edit)
{
	struct str text = STR_INIT;

	for (size_t i = 0; i < edit->n_lines; i++) {
		if (!edit->dropped[i])
			str_addf(&text, "%s\n", edit->lines[i]);
		str_puts(&text, edit->added[i] ? edit->added[i] : "");
	}
	if (edit->added[edit->n_lines])
		str_puts(&text, edit->added[edit->n_lines]);
	return str_take(&text);
}

static size_t count_added(const char *text)
{
	return text ? count_lines(text, strlen(text)) : 0;
}

static void print_added(const char *text, FILE *file)
{
	for (const char *p = text; p && *p;) {
		size_t n = strcspn(p, "\n");

		fprintf(file, "+%.*s\n", (int)n, p);
		p += n + (p[n] == '\n');
	}
}

/* From the first change to the last, in one piece. */
static void find_hunk(const struct edit *edit, size_t *ret_start, size_t *ret_end)
{
	size_t first = edit->n_lines, last = 0;

	for (size_t i = 0; i <= edit->n_lines; i++) {
		if (!edit->added[i] && !(i < edit->n_lines && edit->dropped[i]))
			continue;
		first = i < first ? i : first;
		last = i;
	}
	*ret_start = first > CONTEXT ? first - CONTEXT : 0;
	*ret_end = last + 1 + CONTEXT < edit->n_lines ? last + 1 + CONTEXT : edit->n_lines;
}

void edit_print(const struct edit *edit, const char *path, FILE *file)
{
	size_t start, end, old, new;

	find_hunk(edit, &start, &end);
	old = new = end - start;
	for (size_t i = start; i < end; i++)
		new += count_added(edit->added[i]) - edit->dropped[i];
	if (end == edit->n_lines)
		new += count_added(edit->added[end]);
	fprintf(file, "--- a%s\n+++ b%s\n@@ -%zu,%zu +%zu,%zu @@\n", path, path,
		old ? start + 1 : 0, old, new ? start + 1 : 0, new);
	for (size_t i = start; i < end; i++) {
		fprintf(file, "%c%s\n", edit->dropped[i] ? '-' : ' ', edit->lines[i]);
		print_added(edit->added[i], file);
	}
	if (end == edit->n_lines)
		print_added(edit->added[end], file);
}
