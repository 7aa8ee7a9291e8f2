/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Where a session's UNIX sockets may be reached: beneath its write grants, at the places of `unix`,
 * and at the few that every program needs.
 */

#include <stdbool.h>

#include "policy.h"

/*
 * Resolves what the set grants, which all answers are about from then on. As root: path-pin.h says
 * why. What is missing or not to be trusted grants nothing. 0 or -ENOMEM.
 */
int grants_prepare(const struct policy_set *set);

/* The first layer that enforces and does not allow the socket at this path, or the number of
 * layers. */
size_t grants_refusing(const struct policy_set *set, const char *path);

/*
 * Whether every layer that enforces allows the socket at this path, which is absolute and without
 * symlinks; and whether one that complains would not.
 */
bool grants_allow(const struct policy_set *set, const char *path);
bool grants_complain(const struct policy_set *set, const char *path);

/* The number of the rule that grants it in the first layer that has one; 0: none does. */
unsigned grants_rule(const struct policy_set *set, const char *path);
