/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Adds lines to the text of a policy, and shows the difference as patch(1) takes it. */

#include <stddef.h>
#include <stdio.h>

struct edit {
	char **lines; /* of the text, without their newlines */
	size_t n_lines;
	char **added; /* of each line: what comes behind it, with newlines; n_lines + 1 of them, the
			 last one is what comes at the very end */
	unsigned char *dropped; /* of each line */
	size_t n_added;
};

/* The text must be a valid policy. 0 or -ENOMEM. */
int edit_begin(struct edit *edit, const char *text, size_t size);
void edit_done(struct edit *edit);

/*
 * Adds "KEY.LABEL = WORD", or "KEY = WORD" without `labels`, at the end of a section, which is
 * added where there is none; a comment stands above it. A line that says `none` for the key goes,
 * and so does the old value of a key without labels. 0 or -ENOMEM.
 */
int edit_add(struct edit *edit, const char *section, const char *key, int labels, const char *word,
	const char *comment);

/* The text as it becomes; NULL without memory. */
char *edit_text(const struct edit *edit);

/* A unified diff of a file, for "patch -p1" in the root of the file system. */
void edit_print(const struct edit *edit, const char *path, FILE *file);
