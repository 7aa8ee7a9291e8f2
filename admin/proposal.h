/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* From counted denials to changed policies. */

#include "edit.h"
#include "remedy.h"
#include "subject.h"
#include "tally.h"

/* One line for one policy. */
struct proposal_line {
	const struct tally_item *item; /* borrowed */
	size_t layer;
	struct remedy remedy;
};

/* A denial that no line is proposed for. */
struct proposal_omission {
	const struct tally_item *item;
	char *why;
};

struct proposal {
	const struct subject *subject;
	struct proposal_line *lines;
	size_t n_lines;
	struct proposal_omission *omissions;
	size_t n_omissions;
	struct edit edits[POLICY_LAYERS_MAX]; /* of each layer's file */
	char *faults[POLICY_LAYERS_MAX];      /* why its lines cannot be, or NULL */
};

/* Whether some layer of the subject does not allow it, as the policies are now: a tally_keep_fn. */
bool proposal_is_needed(const void *subject, const struct tally_item *item);

/* Whether the permissions deny it, too: likewise. Only root can find out. */
bool proposal_is_barred(const void *subject, const struct tally_item *item);

/*
 * The tally must have been merged. Each changed policy is checked, and asked again whether it now
 * allows what it was changed for. 0 or -errno.
 */
int proposal_make(struct admin *admin, const struct subject *subject, const struct tally *tally,
	struct proposal *ret);
void proposal_done(struct proposal *proposal);

/* What the line is, "read = %h/data" without its label; allocated. */
char *proposal_text(const struct proposal_line *line);

/* The unified diff of all policies that change. */
void proposal_print(const struct admin *admin, const struct proposal *proposal, FILE *file);
