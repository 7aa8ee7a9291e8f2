/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Between the files that make a draft (policy-draft.c, policy-read.c, policy-ini.c). */

#include "policy-ini.h"

/* A physical line: [start, end) without its newline. */
struct draft_line {
	const char *start, *end;
};

struct draft_line draft_line(const struct policy_draft *draft, size_t index);

/* Fills sections, keys and words, which have room enough, from the bytes. */
void policy_read_lines(struct policy_draft *draft, struct diag_list *diags);
