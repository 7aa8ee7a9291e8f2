/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Random calls: which ones must be denied in a supervised session, and how to make them. */

#include <stddef.h>
#include <stdint.h>

struct call {
	long number;
	uint64_t args[6];
};

/* A cheap generator of numbers; the state is never 0. */
uint64_t random_next(uint64_t *state);

/* Changes the call so that the row of the table of denials holds for it. */
extern const size_t n_random_denials;
void random_forbid(struct call *call, size_t row, uint64_t *state);

/* The errno that the filter gives, 0 where it has nothing against the call or asks somebody. */
int random_denial(const struct call *call);

/* Makes it: what the kernel returns, which is -errno. */
long random_make(const struct call *call);
