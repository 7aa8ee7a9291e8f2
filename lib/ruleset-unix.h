/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* UNIX sockets by path as Landlock rules, from ABI 9 on: beside the supervisor, which decides too.
 */

#include "policy.h"

/*
 * Adds what a layer's [network] section grants to a ruleset that handles RESOLVE_UNIX: the trees,
 * the `unix` rules and the common sockets. What is missing grants nothing. 0 or -errno.
 */
int ruleset_add_unix(int ruleset, const struct policy *policy);
