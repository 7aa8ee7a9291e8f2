/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The host names of a policy set's endpoints and what they resolved to. The policy itself stays
 * const; this table changes while a session runs. A name without addresses grants nothing.
 */

#include <stdbool.h>
#include <stddef.h>

#include "endpoint.h"

#define NAMES_MAX           64 /* different names in one session's rules */
#define NAMES_ADDRESSES_MAX 32 /* of one name; more are left out, and said so */

struct policy_set;

struct name {
	const char *host;                                  /* borrowed from the policy set */
	struct net_address addresses[NAMES_ADDRESSES_MAX]; /* ports are 0 */
	size_t n_addresses;
};

struct names {
	struct name *items;
	size_t n;
};

/* Every name of the set once, none resolved yet. 0, -ENOMEM, or -E2BIG: more than NAMES_MAX. */
int names_collect(const struct policy_set *set, struct names *ret);

/*
 * The row `index` as a message, and a message into its row. -EPROTO for a message that no table of
 * this size could have been asked to take.
 */
struct wire_name;
void names_put(const struct names *names, size_t index, struct wire_name *ret);
int names_take(struct names *names, const struct wire_name *message);

/* Whether `host` is in the table and has resolved to this address, whatever the port. */
bool names_match(const struct names *names, const char *host, const struct net_address *address);

void names_done(struct names *names);
