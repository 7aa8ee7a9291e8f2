/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of names. Resolves nothing itself. */

#include "names.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "cleanup.h"
#include "policy.h"
#include "wire.h"

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

_Static_assert(WIRE_ADDRESSES_MAX == NAMES_ADDRESSES_MAX, "a row fits a message");

void names_put(const struct names *names, size_t index, struct wire_name *ret)
{
	const struct name *name = &names->items[index];

	*ret = (struct wire_name){
		.type = WIRE_NAME,
		.index = (uint32_t)index,
		.n_addresses = (uint32_t)name->n_addresses,
	};
	for (size_t i = 0; i < name->n_addresses; i++) {
		ret->addresses[i].family = name->addresses[i].family;
		memcpy(ret->addresses[i].bytes, name->addresses[i].bytes, 16);
	}
}

static bool message_ok(const struct names *names, const struct wire_name *message)
{
	if (message->type != WIRE_NAME || message->index >= names->n ||
		message->n_addresses > NAMES_ADDRESSES_MAX)
		return false;
	for (size_t i = 0; i < message->n_addresses; i++)
		if (message->addresses[i].family != AF_INET &&
			message->addresses[i].family != AF_INET6)
			return false;
	return true;
}

int names_take(struct names *names, const struct wire_name *message)
{
	struct name *name;

	if (!message_ok(names, message))
		return -EPROTO;
	name = &names->items[message->index];
	name->n_addresses = message->n_addresses;
	for (size_t i = 0; i < name->n_addresses; i++) {
		struct net_address address = {.family = (sa_family_t)message->addresses[i].family};

		memcpy(address.bytes, message->addresses[i].bytes, 16);
		name->addresses[i] = address;
	}
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
