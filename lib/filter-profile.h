/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The second filter of a session: what [syscalls] denies beyond the base filter. It only looks at
 * the call's number, so the kernel keeps the answers of allowed calls and asks no program for them.
 */

#include "policy.h"

/* Returned actions (SECCOMP_RET_*) by number, all layers taken together. */
struct filter_profile {
	uint32_t arch; /* AUDIT_ARCH_* */
	uint32_t actions[SYSCALLS_MAX];
};

/* Whether some layer has a profile or denies calls: without one there is no second filter. */
bool filter_profile_needed(const struct policy_set *set);

/* What one layer allows on an architecture (SYSCALLS_NATIVE ...). Pure. */
struct syscalls filter_profile_allowed(const struct policy *layer, uint32_t arch);

/*
 * A call is allowed when every layer allows it; of several answers the sterner one holds, of
 * several errors the smaller. What libseccomp does not know and what the base filter says ENOSYS
 * to is allowed here: ENOSYS stays the answer. Pure.
 */
void filter_profile_plan(const struct policy_set *set, uint32_t arch, struct filter_profile *ret);

/* The BPF program in a sealed memfd, as filter_build() makes it. 0 or a negative errno. */
int filter_profile_build(const struct policy_set *set, int *ret_memfd);
int filter_profile_compile(const struct filter_profile *profile, int *ret_memfd);
