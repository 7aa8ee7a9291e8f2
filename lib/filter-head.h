/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The head of the program, written by hand, for what libseccomp cannot say: which call numbers
 * nobody knows, "any process but oneself", and which kinds of sockets there may be ("none but
 * these" wants conditions on the same argument twice). It decides or falls through to libseccomp's
 * part behind it.
 */

#include <linux/filter.h>

#include "filter.h"

/* Numbers from `first` on, up to and with `last`: ENOSYS. */
struct filter_gap {
	uint32_t first, last;
};

struct filter_head_spec {
	uint32_t arch; /* AUDIT_ARCH_*: any other gets ENOSYS */
	const struct filter_gap *gaps;
	size_t n_gaps;
};

struct filter_head {
	struct sock_filter program[320];
	unsigned short length;
};

/* Pure. 0, or -E2BIG when the tables outgrew the program. */
int filter_head_make(const struct filter_spec *spec, const struct filter_head_spec *head,
	struct filter_head *ret);
