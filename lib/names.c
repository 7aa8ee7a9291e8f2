/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of names. Resolves nothing itself. */

#include "names.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "cleanup.h"
#include "policy.h"

static const struct name *find(const struct names *names, const char *host)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcasecmp(names->items[i].host, host) == 0)
			return &names->items[i];
	return NULL;
}

static int add(struct names *names, const struct endpoint *endpoint)
{
	if (endpoint->target != ENDPOINT_HOST || find(names, endpoint->host))
		return 0;
	if (names->n == NAMES_MAX)
		return -E2BIG;
	names->items[names->n++] = (struct name){.host = endpoint->host};
	return 0;
}

static int add_layer(struct names *names, const struct policy *policy)
{
	int r = 0;

	for (size_t i = 0; i < policy->network.n_connect_rules && r == 0; i++)
		r = add(names, &policy->network.connect_rules[i].endpoint);
	return r;
}

static bool has_names(const struct policy_set *set)
{
	for (size_t i = 0; i < set->n_layers; i++) {
		const struct policy *policy = set->layers[i];

		for (size_t j = 0; j < policy->network.n_connect_rules; j++)
			if (policy->network.connect_rules[j].endpoint.target == ENDPOINT_HOST)
				return true;
	}
	return false;
}

int names_collect(const struct policy_set *set, struct names *ret)
{
	struct names names = {0};
	int r = 0;

	if (!has_names(set)) {
		*ret = names;
		return 0;
	}
	names.items = calloc(NAMES_MAX, sizeof(*names.items));
	if (!names.items)
		return -ENOMEM;
	for (size_t i = 0; i < set->n_layers && r == 0; i++)
		r = add_layer(&names, set->layers[i]);
	if (r < 0) {
		names_done(&names);
		return r;
	}
	*ret = names;
	return 0;
}

static bool same_address(const struct net_address *a, const struct net_address *b)
{
	size_t size = a->family == AF_INET ? 4 : 16;

	return a->family == b->family && memcmp(a->bytes, b->bytes, size) == 0;
}

bool names_match(const struct names *names, const char *host, const struct net_address *address)
{
	const struct name *name = names ? find(names, host) : NULL;

	for (size_t i = 0; name && i < name->n_addresses; i++)
		if (same_address(&name->addresses[i], address))
			return true;
	return false;
}

void names_done(struct names *names)
{
	free(names->items);
	*names = (struct names){0};
}
