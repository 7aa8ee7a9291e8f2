/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which files a policy is made of: itself and what it includes, each once, the nearest first. */

#include "policy-apply.h"

struct include_file {
	char *name;                       /* NULL: the including file itself */
	const struct policy_draft *draft; /* NULL where it could not be read */
	struct policy_draft *owned;       /* the same, where it is not remembered */
	unsigned level;                   /* the nearest at which it is included */
	bool visited[POLICY_INCLUDE_LEVELS + 1];
	bool open; /* its includes are being followed */
};

struct include_list {
	struct include_file *files;
	size_t n_files;
};

/*
 * Reads everything that `draft` includes; faults are reported. On return the files stand in the
 * order of their levels. Memory is what check->error says.
 */
void include_resolve(
	struct policy_check *check, const struct policy_draft *draft, struct include_list *ret);

/* The word that made a rule, as findings point at it. */
struct diag_place include_list_place(const struct include_list *files, const struct rule *rule);

void include_list_done(struct include_list *list);

/* Once all files are applied: [syscalls] against the other sections (policy-apply-syscalls.c). */
void check_syscalls(struct policy_check *check, const struct include_list *files);
