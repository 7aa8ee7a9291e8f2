/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What is wrong with a policy text: a list of findings, each with its place and, where one is
 * likely, the word that was meant. The library only collects them; the program that owns the
 * edge prints them (admin) or puts the first one into an event (supervisor).
 */

#include <stdbool.h>
#include <stddef.h>

enum diag_severity {
	DIAG_ERROR,
	DIAG_WARNING,
};

struct diag {
	enum diag_severity severity;
	const char *id;  /* static, kebab-case: "unknown-key"; one per kind of finding */
	char *file;      /* as the reader was told it */
	unsigned line;   /* 1-based physical line, 0: the file as a whole */
	unsigned column; /* 1-based, bytes, 0: the line as a whole */
	unsigned length; /* bytes to underline, at least 1 where column is set */
	char *text;
	char *suggestion;    /* the word that was probably meant, or NULL */
	char *source_line;   /* the physical line without its newline, or NULL */
	char *included_from; /* "FILE:LINE" of the include that led here, or NULL */
	char *accepted;      /* the policy's reason why this warning is meant so, or NULL */
};

struct diag_list {
	struct diag *items;
	size_t n_items;
	size_t n_errors;
	bool out_of_memory; /* a finding was lost: the text counts as wrong */
};

/* The id of a finding that is about who asks, not about the file. */
#define DIAG_NOT_PERMITTED "not-permitted"

#define DIAG_LIST_INIT ((struct diag_list){0})

/* Where a finding is. Pointers are borrowed for the call. */
struct diag_place {
	const char *file;
	unsigned line, column, length;
	const char *source_line;
	size_t source_length;
	const char *included_from;
};

/* Appends one finding; a loss for want of memory is kept in out_of_memory, never ignored. */
void diag_error(struct diag_list *diags, const struct diag_place *place, const char *id,
	const char *suggestion, const char *format, ...) __attribute__((format(printf, 5, 6)));
void diag_warning(struct diag_list *diags, const struct diag_place *place, const char *id,
	const char *suggestion, const char *format, ...) __attribute__((format(printf, 5, 6)));

#define DIAG_POSITION_MAX 24
/* ":12:5", ":12" or "": what is known of line and column, to stand behind the file. */
const char *diag_position(const struct diag *diag, char buffer[DIAG_POSITION_MAX]);

static inline bool diag_failed(const struct diag_list *diags)
{
	return diags->n_errors > 0 || diags->out_of_memory;
}

/* Marks a warning of the list as one that is meant so. */
void diag_accept(struct diag_list *diags, struct diag *diag, const char *reason);

/* How many warnings are not accepted. */
size_t diag_list_warnings(const struct diag_list *diags);

/* The first error, or NULL. */
const struct diag *diag_first_error(const struct diag_list *diags);

/* Whether something could not be judged, because who asks may not read it. */
bool diag_not_permitted(const struct diag *diag);
bool diag_list_not_permitted(const struct diag_list *diags);

/* Sorts by file (in order of first appearance), line and column. */
void diag_sort(struct diag_list *diags);

/* Makes warnings of all errors: they are somebody else's. A loss stays a loss. */
void diag_list_excuse(struct diag_list *diags);

/* Moves all findings of `from` behind those of `to`; `from` is empty then. */
void diag_list_move(struct diag_list *to, struct diag_list *from);

void diag_list_done(struct diag_list *diags);
