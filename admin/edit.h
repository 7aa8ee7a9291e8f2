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

struct edit_line {
	const char *section, *key;
	const char *label; /* what to begin its label with where that is free, or NULL for none */
	const char *word;
	const char *comment;
};

/*
 * Adds "KEY.LABEL = WORD" at the end of a section, which is added where there is none; the comment
 * stands above it. A line that says `none` for the key goes, and so does the old value of a key
 * without a label. 0 or -ENOMEM.
 */
int edit_add(struct edit *edit, const struct edit_line *line);

/*
 * Of an edit by one line that line, allocated, and the number of the first one that it replaces, or
 * 0. 0 or -ENOMEM.
 */
int edit_single(const struct edit *edit, char **ret_line, unsigned *ret_replaces);

/* The text as it becomes; NULL without memory. */
char *edit_text(const struct edit *edit);

/* A unified diff of a file, for "patch -p1" in the root of the file system. */
void edit_print(const struct edit *edit, const char *path, FILE *file);
