/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The decision on one supervised call, from copies only. Pure: no descriptor, no clock, no log.
 */

#include "policy.h"

struct verdict {
	int error;     /* 0: allowed; otherwise the positive errno the caller gets */
	unsigned rule; /* number of the deciding rule in the set, 0: none matched */
	int would;     /* what a layer in complain mode would have answered, 0: nothing */
	unsigned would_rule;
};

/*
 * connect(2) to an IPv4 or IPv6 address. ECONNREFUSED where refused. AF_UNSPEC is allowed. The
 * caller acts on a sockaddr that has been through endpoint_pin(). names: what the set's host names
 * have resolved to, may be NULL.
 */
struct names;
struct verdict verdict_connect(const struct policy_set *set, const struct names *names,
	enum endpoint_protocol protocol, const struct net_address *address);

/* listen(2) on a socket that has no local port yet (the kernel would pick one). EACCES. */
struct verdict verdict_listen_unbound(const struct policy_set *set);

/* bind(2) to a TCP port, 0 for "any free one". EACCES. */
struct verdict verdict_bind(const struct policy_set *set, uint16_t port);

/*
 * Whether an abstract UNIX address of somebody outside the session may be reached: asked where
 * the supervisor acts for the session and Landlock's scope does not hold it back. EPERM.
 */
struct verdict verdict_abstract(const struct policy_set *set);

/* Whether any layer that enforces restricts where UNIX-path sockets may be reached. */
bool verdict_unix_restricted(const struct policy_set *set);

/*
 * The sockets of name services and logging that every program needs, and that each policy with a
 * [network] section allows: absolute paths, NULL-terminated. A last component "*" stands for all
 * sockets directly in that folder; the star is nowhere else.
 */
extern const char *const verdict_common_sockets[];
