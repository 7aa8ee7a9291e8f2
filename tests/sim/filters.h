/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The filters under test: one for every specification there is. */

#include "bpf.h"
#include "filter.h"

#define SPECS 32

struct built_filter {
	struct filter_spec spec;
	int memfd;
	struct sock_filter *program;
	size_t length;
};

/* The specification with the given number: one bit for each of its members. */
struct filter_spec filters_spec(unsigned number);

/* Builds all of them, reads them back. For a cmocka group's setup and teardown. */
int filters_setup(void **state);
int filters_teardown(void **state);

extern struct built_filter filters[SPECS];
