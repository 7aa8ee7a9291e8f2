/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * bytes -> policy_draft: sections, keys, labels and words of one file, each with its place, and no
 * idea yet of what they mean. The strict reader (policy-read.c) takes the bytes apart; iniparser
 * (policy-ini.c, the only file that knows it) reads the same bytes, and whatever the two do not
 * agree on refuses the file.
 */

#include <stddef.h>

#include "diag.h"

/* A stretch of the text, borrowed from the draft, and where it is. Not NUL-terminated. */
struct draft_span {
	const char *text;
	size_t length;
	unsigned line, column; /* 1-based; column counts bytes of the physical line */
};

struct draft_section {
	struct draft_span name;
	size_t n_keys;
};

struct draft_key {
	size_t section; /* index into sections */
	struct draft_span name;
	struct draft_span label; /* length 0: none */
	struct draft_span
		value; /* first word to last, "\" and newlines of continuations included */
	const struct draft_span *words; /* raw: escapes and specifiers stand */
	size_t n_words;                 /* at least 1 */
};

struct policy_draft {
	char *file;          /* as diagnostics name it */
	char *included_from; /* "FILE:LINE", or NULL */
	char *bytes;
	size_t size;
	size_t *lines; /* offset of each physical line in bytes, and one beyond the last */
	size_t n_lines;
	struct draft_section *sections;
	size_t n_sections;
	struct draft_key *keys;
	size_t n_keys;
	struct draft_span *words;
	size_t n_words;
};

/*
 * Reads `bytes`. What is wrong goes to `diags`; the draft holds what could be read all the same,
 * so that the check finds the other faults in the same run: look at diag_failed(). `included_from`
 * may be NULL. 0, -ENOMEM, or the errno of the memfd that iniparser reads from.
 */
int policy_draft_load(const char *file, const char *included_from, const void *bytes, size_t size,
	struct diag_list *diags, struct policy_draft **ret);

/* The two halves of it, for tests: the strict reader, and the comparison with iniparser. */
int policy_draft_read(const char *file, const char *included_from, const void *bytes, size_t size,
	struct diag_list *diags, struct policy_draft **ret);
int policy_draft_compare(const struct policy_draft *draft, struct diag_list *diags);

/* Says from where a draft is included now. 0 or -ENOMEM. */
int policy_draft_include(struct policy_draft *draft, const char *included_from);

struct policy_draft *policy_draft_free(struct policy_draft *draft);

/* The place of a span of this draft, for a diagnostic; borrows from the draft. */
struct diag_place policy_draft_place(const struct policy_draft *draft, const struct draft_span *at);
