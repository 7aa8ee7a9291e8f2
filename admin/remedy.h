/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What one layer of a policy would have to say for a denial not to happen. */

#include "denial.h"
#include "policy.h"

enum remedy_kind {
	REMEDY_NOT_NEEDED, /* the layer allows it */
	REMEDY_LINE,       /* a line is missing */
	REMEDY_REMOVE,     /* a rule denies it, and would have to go */
	REMEDY_NONE,       /* nothing that a policy says can allow it */
};

struct remedy {
	enum remedy_kind kind;
	const char *section, *key; /* static */
	bool labels;               /* the key is a list: a labelled line adds to it */
	char *word;                /* as it is written in a policy */
	const struct rule *rule;   /* the one that denies; or the nearest one, or NULL */
	const char *why;           /* REMEDY_NONE: static */
};

/* 0 or -ENOMEM. remedy_done() afterwards. */
int remedy_of(const struct policy_set *set, const struct policy *layer,
	const struct identity *identity, const struct denial *denial, struct remedy *ret);
void remedy_done(struct remedy *remedy);

/* All rights that the line for a DENIAL_PATH would grant. */
uint64_t remedy_access(const struct denial *denial);

/*
 * Why people should not be handed a line for it: places that hold secrets, or that what is not
 * confined acts upon later, or that are much more than what was asked for. NULL: nothing against
 * it.
 */
const char *remedy_objection(const struct denial *denial, const struct identity *identity);
