/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The list of findings. Collects and sorts; never prints. */

#include "diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "str.h"

static void diag_done(struct diag *diag)
{
	free(diag->file);
	free(diag->text);
	free(diag->suggestion);
	free(diag->source_line);
	free(diag->included_from);
	free(diag->accepted);
}

static char *copy(const char *text, bool *failed)
{
	char *copied = text ? strdup(text) : NULL;

	*failed = *failed || (text && !copied);
	return copied;
}

/* Messages quote the file's words: whatever is in them, a message stays one printable line. */
static char *escaped(const char *text)
{
	struct str str = STR_INIT;

	for (const char *end; *text; text = end) {
		/* Backslashes are ordinary here: they are part of the dialect. */
		end = text + 1 + strcspn(text + 1, "\\");
		if (*text == '\\') {
			str_add_char(&str, '\\');
			str_add_escaped(&str, text + 1, (size_t)(end - text - 1));
		} else {
			str_add_escaped(&str, text, (size_t)(end - text));
		}
	}
	return str_take(&str);
}

static bool diag_fill(struct diag *diag, const struct diag_place *place, const char *suggestion,
	const char *format, va_list arguments) __attribute__((format(printf, 4, 0)));
static void diag_add(struct diag_list *diags, enum diag_severity severity,
	const struct diag_place *place, const char *id, const char *suggestion, const char *format,
	va_list arguments) __attribute__((format(printf, 6, 0)));

static bool diag_fill(struct diag *diag, const struct diag_place *place, const char *suggestion,
	const char *format, va_list arguments)
{
	_cleanup_free_ char *text = NULL;
	bool failed = false;

	if (vasprintf(&text, format, arguments) < 0) {
		text = NULL;
		return false;
	}
	diag->text = escaped(text);
	diag->file = copy(place->file ? place->file : "", &failed);
	diag->suggestion = copy(suggestion, &failed);
	diag->included_from = copy(place->included_from, &failed);
	if (place->source_line)
		diag->source_line = strndup(place->source_line, place->source_length);
	return !failed && diag->text && (!place->source_line || diag->source_line);
}

/* Room for the next one; grows by doubling at the powers of two. */
static struct diag *diag_list_slot(struct diag_list *diags)
{
	size_t n = diags->n_items;
	struct diag *grown;

	if (n > 0 && (n & (n - 1)) != 0)
		return &diags->items[n];
	grown = reallocarray(diags->items, n ? n * 2 : 1, sizeof(*grown));
	if (!grown)
		return NULL;
	diags->items = grown;
	return &grown[n];
}

static void diag_add(struct diag_list *diags, enum diag_severity severity,
	const struct diag_place *place, const char *id, const char *suggestion, const char *format,
	va_list arguments)
{
	struct diag *slot = diag_list_slot(diags);
	struct diag diag = {
		.severity = severity,
		.id = id,
		.line = place->line,
		.column = place->column,
		.length = place->column && !place->length ? 1 : place->length,
	};

	if (!slot || !diag_fill(&diag, place, suggestion, format, arguments)) {
		diag_done(&diag);
		diags->out_of_memory = true;
		return;
	}
	*slot = diag;
	diags->n_items++;
	diags->n_errors += severity == DIAG_ERROR;
}

void diag_error(struct diag_list *diags, const struct diag_place *place, const char *id,
	const char *suggestion, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	diag_add(diags, DIAG_ERROR, place, id, suggestion, format, arguments);
	va_end(arguments);
}

void diag_warning(struct diag_list *diags, const struct diag_place *place, const char *id,
	const char *suggestion, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	diag_add(diags, DIAG_WARNING, place, id, suggestion, format, arguments);
	va_end(arguments);
}

void diag_accept(struct diag_list *diags, struct diag *diag, const char *reason)
{
	diag->accepted = strdup(reason);
	if (!diag->accepted)
		diags->out_of_memory = true;
}

size_t diag_list_warnings(const struct diag_list *diags)
{
	size_t n = 0;

	for (size_t i = 0; i < diags->n_items; i++)
		n += diags->items[i].severity == DIAG_WARNING && !diags->items[i].accepted;
	return n;
}

bool diag_not_permitted(const struct diag *diag)
{
	return strcmp(diag->id, DIAG_NOT_PERMITTED) == 0;
}

bool diag_list_not_permitted(const struct diag_list *diags)
{
	for (size_t i = 0; i < diags->n_items; i++)
		if (diag_not_permitted(&diags->items[i]))
			return true;
	return false;
}

const char *diag_position(const struct diag *diag, char buffer[DIAG_POSITION_MAX])
{
	buffer[0] = '\0';
	if (diag->line > 0 && diag->column > 0)
		snprintf(buffer, DIAG_POSITION_MAX, ":%u:%u", diag->line, diag->column);
	else if (diag->line > 0)
		snprintf(buffer, DIAG_POSITION_MAX, ":%u", diag->line);
	return buffer;
}

const struct diag *diag_first_error(const struct diag_list *diags)
{
	for (size_t i = 0; i < diags->n_items; i++)
		if (diags->items[i].severity == DIAG_ERROR)
			return &diags->items[i];
	return NULL;
}

struct sort_key {
	size_t file; /* its number */
	size_t index;
	const struct diag *diag;
};

static int compare_keys(const void *a, const void *b)
{
	const struct sort_key *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->diag->line != y->diag->line)
		return x->diag->line < y->diag->line ? -1 : 1;
	if (x->diag->column != y->diag->column)
		return x->diag->column < y->diag->column ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

/* Numbers the files in the order in which findings first name them; there are few. */
static size_t number_file(
	const struct diag_list *diags, const size_t *firsts, size_t n_firsts, const char *file)
{
	size_t i = 0;

	while (i < n_firsts && strcmp(diags->items[firsts[i]].file, file) != 0)
		i++;
	return i;
}

void diag_sort(struct diag_list *diags)
{
	_cleanup_free_ struct sort_key *keys = calloc(diags->n_items, sizeof(*keys));
	_cleanup_free_ struct diag *sorted = calloc(diags->n_items, sizeof(*sorted));
	_cleanup_free_ size_t *firsts = calloc(diags->n_items, sizeof(*firsts));
	size_t n_firsts = 0;

	/* Without memory they stay in the order in which they were found. */
	if (diags->n_items == 0 || !keys || !sorted || !firsts)
		return;
	for (size_t i = 0; i < diags->n_items; i++) {
		size_t file = number_file(diags, firsts, n_firsts, diags->items[i].file);

		if (file == n_firsts)
			firsts[n_firsts++] = i;
		keys[i] = (struct sort_key){file, i, &diags->items[i]};
	}
	qsort(keys, diags->n_items, sizeof(*keys), compare_keys);
	for (size_t i = 0; i < diags->n_items; i++)
		sorted[i] = *keys[i].diag;
	memcpy(diags->items, sorted, diags->n_items * sizeof(*sorted));
}

void diag_list_excuse(struct diag_list *diags)
{
	for (size_t i = 0; i < diags->n_items; i++)
		diags->items[i].severity = DIAG_WARNING;
	diags->n_errors = 0;
}

void diag_list_move(struct diag_list *to, struct diag_list *from)
{
	to->out_of_memory = to->out_of_memory || from->out_of_memory;
	for (size_t i = 0; i < from->n_items; i++) {
		struct diag *slot = diag_list_slot(to);

		if (!slot) {
			to->out_of_memory = true;
			diag_done(&from->items[i]);
			continue;
		}
		*slot = from->items[i];
		to->n_items++;
		to->n_errors += slot->severity == DIAG_ERROR;
	}
	free(from->items);
	*from = DIAG_LIST_INIT;
}

void diag_list_done(struct diag_list *diags)
{
	for (size_t i = 0; i < diags->n_items; i++)
		diag_done(&diags->items[i]);
	free(diags->items);
	*diags = DIAG_LIST_INIT;
}
