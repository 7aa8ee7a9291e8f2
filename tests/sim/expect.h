/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the rows come to under one specification. */

#include "filter.h"
#include "rows.h"

uint32_t expect_row(const struct row *row, const struct filter_spec *spec);

/* What the base filter does to a call whose arguments are all zero. */
uint32_t expect_call(const char *name, const struct filter_spec *spec);

/* The same by number: ENOSYS where libseccomp knows none, but for old gaps. */
uint32_t expect_number(uint32_t arch, unsigned number, const struct filter_spec *spec);

/* Of two actions for one call the one that the kernel takes, seccomp(2): the sterner. */
uint32_t expect_both(uint32_t a, uint32_t b);
