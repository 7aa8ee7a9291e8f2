/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What one set of policies grants beyond another: rule by rule, by what the rules come to on this
 * machine, not by how they are written. Sound rather than exact: where it cannot be told whether a
 * rule is covered, it counts as going beyond.
 */

#include "policy.h"

struct beyond {
	const struct policy *policy; /* whose rule it is */
	const struct rule *rule;     /* NULL: `says` is a sentence and all there is */
	bool lifted;                 /* the rule is of the other set, and denies no more */
	char *says;                  /* words of the rule; or a sentence */
};

struct comparison {
	struct beyond *items;
	size_t n_items;
};

/*
 * What `mine` grants that `theirs` does not, under a Landlock of ABI `abi`. Paths are those of this
 * machine, or are compared by their names. The rules belong to the sets. 0 or -errno;
 * comparison_done() in any case.
 */
int comparison_make(const struct policy_set *mine, const struct policy_set *theirs, unsigned abi,
	bool of_this_machine, struct comparison *ret);
void comparison_done(struct comparison *comparison);

/* Within: adds a finding, unless it is there already. 0 or -ENOMEM. */
int comparison_add(struct comparison *comparison, const struct policy *policy,
	const struct rule *rule, bool lifted, const char *says);

/* The parts: what one layer grants beyond another. 0 or -errno. */
struct mounts;
struct compared {
	const struct policy *mine, *theirs;
	const struct mounts *mounts;
	unsigned abi;
};
typedef int comparison_fn(const struct compared *of, struct comparison *ret);
comparison_fn comparison_files;
comparison_fn comparison_unix;
comparison_fn comparison_connect;
comparison_fn comparison_deny;
comparison_fn comparison_bind;

/* System calls, of all layers together. */
int comparison_calls(const struct policy_set *mine, const struct policy_set *theirs, unsigned abi,
	struct comparison *ret);
