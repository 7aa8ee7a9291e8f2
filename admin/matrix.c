/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads tables of expectations. Strict: what is not understood could be a test that never fails. */

#include "matrix.h"

#include <errno.h>
#include <string.h>

#include "named-file.h"
#include "policy-path.h"
#include "str.h"

#define MATRIX_MAX (1024 * 1024) /* bytes */

struct reading {
	struct admin *admin;
	const char *path;
	const struct matrix_action *actions;
	size_t n_actions;
	const struct identity *identity;
	struct matrix matrix;
	unsigned line;
	const char *start; /* of the line */
	bool failed;
};

struct word {
	const char *text;
	size_t length;
};

static void refuse(struct reading *reading, const char *at, const char *text, const char *nearest)
{
	reading->failed = true;
	admin_fail(reading->admin, EXIT_USAGE, "%s:%u:%zu: %s%s%s%s", reading->path, reading->line,
		(size_t)(at - reading->start) + 1, text, nearest ? "; did you mean \"" : "",
		nearest ? nearest : "", nearest ? "\"?" : "");
}

static bool next_word(const char **text, const char *end, struct word *ret)
{
	while (*text < end && (**text == ' ' || **text == '\t'))
		(*text)++;
	ret->text = *text;
	while (*text < end && **text != ' ' && **text != '\t')
		(*text)++;
	ret->length = (size_t)(*text - ret->text);
	return ret->length > 0;
}

static bool read_expectation(struct reading *reading, const struct word *word, bool *ret)
{
	struct str_nearest nearest = STR_NEAREST(word->text, word->length);

	*ret = str_equal(word->text, word->length, "allow");
	if (*ret || str_equal(word->text, word->length, "deny"))
		return true;
	str_nearest_offer(&nearest, "allow");
	str_nearest_offer(&nearest, "deny");
	refuse(reading, word->text, "a line begins with \"allow\" or \"deny\"", nearest.best);
	return false;
}

static bool read_action(struct reading *reading, const struct word *word, size_t *ret)
{
	struct str_nearest nearest = STR_NEAREST(word->text, word->length);

	for (size_t i = 0; i < reading->n_actions; i++) {
		*ret = i;
		if (str_equal(word->text, word->length, reading->actions[i].name))
			return true;
		str_nearest_offer(&nearest, reading->actions[i].name);
	}
	refuse(reading, word->text, "unknown action", nearest.best);
	return false;
}

static char *read_path(struct reading *reading, const struct word *word)
{
	struct path_error error;
	bool may_be_missing;
	char *path = NULL;
	int r = policy_path_parse(
		word->text, word->length, reading->identity, false, &path, &may_be_missing, &error);

	if (r == 0 && !may_be_missing)
		return path;
	free(path);
	if (r < 0)
		admin_out_of_memory(reading->admin);
	else if (r == 0)
		refuse(reading, word->text, "a path has no \"-\" before it here", NULL);
	else
		refuse(reading, word->text + error.offset, error.text, NULL);
	reading->failed = true;
	return NULL;
}

static char *read_object(struct reading *reading, const struct word *word, enum matrix_object kind)
{
	char *text;

	if (kind == MATRIX_PATH || (kind == MATRIX_SOCKET && word->text[0] != '@'))
		return read_path(reading, word);
	text = strndup(word->text, word->length);
	if (!text) {
		admin_out_of_memory(reading->admin);
		reading->failed = true;
	}
	return text;
}

static void add_row(struct reading *reading, bool allow, size_t action, const struct word *word)
{
	struct matrix *matrix = &reading->matrix;
	struct expectation *rows = reallocarray(matrix->rows, matrix->n_rows + 1, sizeof(*rows));
	char *object;

	if (!rows) {
		admin_out_of_memory(reading->admin);
		reading->failed = true;
		return;
	}
	matrix->rows = rows;
	object = read_object(reading, word, reading->actions[action].object);
	if (object)
		rows[matrix->n_rows++] = (struct expectation){reading->line, allow, action, object};
}

static void read_words(struct reading *reading, const char *end)
{
	const char *text = reading->start;
	struct word word;
	size_t action;
	bool allow;

	if (!next_word(&text, end, &word) || word.text[0] == '#')
		return;
	if (!read_expectation(reading, &word, &allow))
		return;
	if (!next_word(&text, end, &word)) {
		refuse(reading, end, "an action is missing", NULL);
		return;
	}
	if (!read_action(reading, &word, &action))
		return;
	if (!next_word(&text, end, &word)) {
		refuse(reading, end, "an object is missing", NULL);
		return;
	}
	do
		add_row(reading, allow, action, &word);
	while (next_word(&text, end, &word));
}

/* Where something is that is neither a character of UTF-8 nor a tab; NULL: nowhere. */
static const char *find_control(const char *text, const char *end)
{
	while (text < end) {
		uint32_t character;
		size_t length = str_utf8(text, (size_t)(end - text), &character);

		if (length == 0 || (*text != '\t' && str_is_control(character)))
			return text;
		text += length;
	}
	return NULL;
}

static void read_lines(struct reading *reading, const char *bytes, size_t size)
{
	const char *end = bytes + size;

	for (const char *text = bytes; text < end; text++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;
		const char *control = find_control(text, stop);

		reading->line++;
		reading->start = text;
		if (control)
			refuse(reading, control, "a control character, or no UTF-8", NULL);
		else
			read_words(reading, stop);
		text = stop;
	}
	if (!reading->failed && reading->matrix.n_rows == 0) {
		admin_fail(reading->admin, EXIT_USAGE, "%s: there is no expectation in it",
			reading->path);
		reading->failed = true;
	}
}

static int read_bytes(const char *path, char **ret, size_t *ret_size)
{
	time_t written;

	return named_file_read(path, MATRIX_MAX, ret, ret_size, &written);
}

bool matrix_read(struct admin *admin, const char *path, const struct matrix_action *actions,
	size_t n_actions, const struct identity *identity, struct matrix *ret)
{
	struct reading reading = {admin, path, actions, n_actions, identity, .line = 0};
	_cleanup_free_ char *bytes = NULL;
	size_t size = 0;
	int r = read_bytes(path, &bytes, &size);

	*ret = (struct matrix){0};
	if (r < 0) {
		admin_fail(admin, admin_status_of(r), "%s: %s", path, strerror(-r));
		return false;
	}
	read_lines(&reading, bytes, size);
	*ret = reading.matrix;
	return !reading.failed;
}

void matrix_done(struct matrix *matrix)
{
	for (size_t i = 0; i < matrix->n_rows; i++)
		free(matrix->rows[i].object);
	free(matrix->rows);
	*matrix = (struct matrix){0};
}
