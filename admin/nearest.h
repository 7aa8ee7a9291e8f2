/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Where no rule allows a thing: the one that comes nearest to it, for people to see what is
 * missing. NULL where none has anything to do with it.
 */

#include "policy.h"

/* place: absolute, without symlinks; right: LANDLOCK_ACCESS_FS_*, or 0 where rules have none. */
const struct rule *nearest_path(
	const struct path_rule *rules, size_t n, const char *place, uint64_t right);

const struct rule *nearest_endpoint(const struct policy *policy, enum endpoint_protocol protocol,
	const struct net_address *address);

const struct rule *nearest_port(const struct policy *policy, uint16_t port);
