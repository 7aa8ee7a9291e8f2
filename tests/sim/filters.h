/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The filters under test: one for every specification there is. */

#include "bpf.h"
#include "filter.h"

#define SPECS_NATIVE 256
#define SPECS        512 /* and the same again for another architecture, not to be loaded */

struct built_filter {
	struct filter_spec spec;
	int memfd;
	struct sock_filter *program;
	size_t length;
};

/* The architecture of a filter, never SYSCALLS_NATIVE. */
uint32_t filters_arch(const struct filter_spec *spec);

/*
 * The specification with the given number: one bit for each of its members. Of `allowed` that is
 * all default denials or none.
 */
struct filter_spec filters_spec(unsigned number);

/* Builds all of them, reads them back. For a cmocka group's setup and teardown. */
int filters_setup(void **state);
int filters_teardown(void **state);

extern struct built_filter filters[SPECS];
