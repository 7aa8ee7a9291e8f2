/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Each rule gets a score, and the first of the best is the nearest. */

#include "nearest.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

/* What a score says before all else. */
#define HOLDS_THERE 1000000 /* the rule is about this object, but not about that */
#define NEARBY      1000

struct best {
	const struct rule *rule;
	int score;
};

static void offer(struct best *best, const struct rule *rule, int score)
{
	if (score > best->score)
		*best = (struct best){rule, score};
}

/* How many components two paths begin with together; *ret_all: all of `path`. */
static int common_components(const char *path, const char *place, bool *ret_all)
{
	int n = 0;

	path += strspn(path, "/");
	place += strspn(place, "/");
	while (*path) {
		size_t length = strcspn(path, "/");

		if (length != strcspn(place, "/") || memcmp(path, place, length) != 0)
			break;
		n++;
		path += length + strspn(path + length, "/");
		place += length + strspn(place + length, "/");
	}
	*ret_all = *path == '\0';
	return n;
}

static int path_score(const struct path_rule *rule, const char *place, uint64_t right)
{
	_cleanup_free_ char *resolved = realpath(rule->path, NULL);
	bool all;
	int n = common_components(resolved ? resolved : rule->path, place, &all);

	if (all)
		return HOLDS_THERE + n;
	return n > 0 ? 2 * n + ((rule->access & right) == right) : 0;
}

const struct rule *nearest_path(
	const struct path_rule *rules, size_t n, const char *place, uint64_t right)
{
	struct best best = {0};

	for (size_t i = 0; i < n; i++)
		if (rules[i].rule.id)
			offer(&best, &rules[i].rule, path_score(&rules[i], place, right));
	return best.rule;
}

static bool has_port(const struct endpoint *endpoint, uint16_t port)
{
	for (size_t i = 0; i < endpoint->n_ports; i++)
		if (port >= endpoint->ports[i].first && port <= endpoint->ports[i].last)
			return true;
	return endpoint->n_ports == 0;
}

static int common_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned n = 0;

	while (n < bits && ((a[n / 8] ^ b[n / 8]) & 0x80 >> n % 8) == 0)
		n++;
	return (int)n;
}

static int endpoint_score(const struct endpoint *endpoint, enum endpoint_protocol protocol,
	const struct net_address *address)
{
	struct net_address any_port = *address;
	sa_family_t family = endpoint->target == ENDPOINT_INET6 ? AF_INET6 : AF_INET;

	any_port.port = endpoint->n_ports > 0 ? endpoint->ports[0].first : 0;
	if (endpoint_matches(endpoint, endpoint->protocol, &any_port))
		return HOLDS_THERE + (endpoint->protocol == protocol);
	if (endpoint->protocol != protocol || !has_port(endpoint, address->port))
		return 0;
	if (endpoint->target == ENDPOINT_HOST || family != address->family)
		return NEARBY;
	return NEARBY + common_bits(endpoint->address, address->bytes, endpoint->prefix);
}

const struct rule *nearest_endpoint(const struct policy *policy, enum endpoint_protocol protocol,
	const struct net_address *address)
{
	struct best best = {0};

	for (size_t i = 0; i < policy->network.n_connect_rules; i++) {
		const struct endpoint_rule *rule = &policy->network.connect_rules[i];

		offer(&best, &rule->rule, endpoint_score(&rule->endpoint, protocol, address));
	}
	return best.rule;
}

const struct rule *nearest_port(const struct policy *policy, uint16_t port)
{
	struct best best = {0};

	for (size_t i = 0; i < policy->network.n_bind_rules; i++) {
		const struct port_rule *rule = &policy->network.bind_rules[i];
		int distance = port < rule->range.first ? rule->range.first - port
							: port - rule->range.last;

		offer(&best, &rule->rule, UINT16_MAX + 1 - distance);
	}
	return best.rule;
}
