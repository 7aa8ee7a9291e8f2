/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Edits a policy by one line as suggest edits it by many, and has it judged. */

#include "why-line.h"

#include <stdio.h>
#include <stdlib.h>

#include "str.h"
#include "text.h"
#include "trial.h"

int why_line_make(const struct admin *admin, const struct subject *subject, size_t layer,
	const struct remedy *remedy, const struct denial *denial, struct why_line *ret)
{
	const struct edit_line line = {
		.section = remedy->section,
		.key = remedy->key,
		.label = remedy->labels ? "allowed" : NULL,
		.word = remedy->word,
		.comment = "allowed",
	};
	_cleanup_(edit_done) struct edit edit = {0};
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r = trial_read(subject->set->layers[layer], &text, &size);

	if (r == 0)
		r = edit_begin(&edit, text, size);
	if (r == 0)
		r = edit_add(&edit, &line);
	if (r == 0)
		r = edit_single(&edit, &ret->text, &ret->replaces);
	if (r == 0)
		r = trial_run(admin, subject, layer, &edit, &denial, 1, &ret->fault);
	return r;
}

void why_line_done(struct why_line *line)
{
	free(line->text);
	free(line->fault);
}

void why_line_print(
	const struct policy *layer, const struct remedy *remedy, const struct why_line *line)
{
	text_printf("%s", layer->file);
	if (line->replaces)
		printf(", in place of line %u", line->replaces);
	puts(":");
	text_printf("    [%s]", remedy->section);
	putchar('\n');
	text_printf("    %s", line->text);
	putchar('\n');
}

void why_line_put_json(struct json *json, const struct policy *layer, const struct remedy *remedy,
	const struct why_line *line)
{
	json_begin_object(json, NULL);
	json_string(json, "policy", layer->name);
	json_string(json, "file", layer->file);
	json_string(json, "section", remedy->section);
	json_string(json, "line", line->text);
	if (line->replaces)
		json_number(json, "replaces", line->replaces);
	else
		json_null(json, "replaces");
	json_end_object(json);
}
