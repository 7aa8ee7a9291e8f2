/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What the base filter does to whole calls, as sets of them: for the check, which says what a
 * policy may allow, for the profiles, and for people.
 */

#include "filter.h"

struct filter_denials {
	struct syscalls closed;   /* denied, whatever a policy says */
	struct syscalls optional; /* denied (personality: its arguments) unless it is allowed */
	struct syscalls sysv;     /* denied unless [ipc] sysv = yes */
	struct syscalls missing;  /* ENOSYS, so that programs fall back on another call */
	struct syscalls notified; /* of some of its arguments the supervisor is asked */
	struct syscalls limited;  /* some of its arguments are denied */
};

/* For the filter that `spec` describes. Pure. */
void filter_denials(const struct filter_spec *spec, struct filter_denials *ret);

/* Why a call is denied, whole or in some of its arguments; NULL where it is not. */
const char *filter_denial_why(uint32_t arch, unsigned number);
