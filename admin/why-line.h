/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The line that would allow what was denied, as it goes into the file of one policy. */

#include "remedy.h"
#include "subject.h"

struct why_line {
	char *text;
	unsigned replaces; /* the line that goes, 0: none */
	char *fault;       /* why it cannot be added, or NULL */
};

/* By a remedy for that layer of the subject that is a line. 0 or a negative errno. */
int why_line_make(const struct admin *admin, const struct subject *subject, size_t layer,
	const struct remedy *remedy, const struct denial *denial, struct why_line *ret);
void why_line_done(struct why_line *line);

void why_line_print(
	const struct policy *layer, const struct remedy *remedy, const struct why_line *line);
void why_line_put_json(struct json *json, const struct policy *layer, const struct remedy *remedy,
	const struct why_line *line);
