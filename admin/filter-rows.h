/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the filters of a session do, in words: from the tables of which lib/ makes programs. */

#include "filter-profile.h"
#include "filter.h"
#include "str.h"

/* One thing the base filter does. Several calls with the same answer for the same reason are one.
 */
struct filter_row {
	char calls[512]; /* blanks between them */
	char when[80];   /* "a0 has a bit of 0x7e020000" (low halves of arguments), or "" */
	const char *answer, *why;
};

/* A return other than 0 ends the walk and is what it returns. Calls of other machines are left out.
 */
typedef int filter_row_fn(void *userdata, const struct filter_row *row);
int filter_rows(const struct filter_spec *spec, filter_row_fn *hear, void *userdata);

/* "unix/stream unix/dgram inet/stream ...": the sockets that may be made. */
void filter_rows_sockets(const struct filter_spec *spec, struct str *ret);

/* Each different action of the second filter with its calls, "allowed" last; as filter_rows(). */
typedef int filter_action_fn(void *userdata, const char *answer, const struct syscalls *calls);
int filter_actions(const struct filter_profile *profile, filter_action_fn *hear, void *userdata);

/* "EPERM", "supervisor" (FILTER_NOTIFY); and of a SECCOMP_RET_*: "kill", "allowed, audited", ... */
const char *filter_error_text(int error);
const char *filter_action_text(uint32_t action);
