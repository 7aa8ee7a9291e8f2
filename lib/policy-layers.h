/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Which files become layers of a set. Between policy-lookup.c, which asks who is confined at all,
 * and policy-file.c, which reads.
 */

#include "policy-file.h"

struct lookup {
	const struct policy_dirs *dirs;
	const struct policy_folder *confdir; /* of dirs, open; or NULL: includes are walked to */
	struct identity *identity;
	const char *service;            /* NULL: files of all services count */
	const struct policy_hook *hook; /* or NULL */
	struct diag_list *diags;
	struct policy_set *set;
	bool counts;  /* a file of the user's or a group's, or the default, applies */
	bool invalid; /* a file that applies is broken */
};

/* Adds every file that applies. 0, or a negative errno; sets lookup->counts and lookup->invalid. */
int layers_add(struct lookup *lookup);

/*
 * Adds one text as a layer, if it counts for the service; then *ret_counts is set. `file` is for
 * messages. Same returns.
 */
int layers_add_text(struct lookup *lookup, const char *name, const char *file, const void *bytes,
	size_t size, bool *ret_counts);
