/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Addresses and ports as sets of them, with the meaning that endpoint_matches() gives them. */

#include <string.h>
#include <strings.h>

#include "comparison.h"
#include "rule-list.h"
#include "str.h"

#define PORTS 65536

struct ports {
	uint64_t bits[PORTS / 64];
};

static void ports_change(struct ports *ports, const struct port_range *range, bool add)
{
	for (unsigned port = range->first; port <= range->last; port++) {
		uint64_t bit = UINT64_C(1) << port % 64;

		if (add)
			ports->bits[port / 64] |= bit;
		else
			ports->bits[port / 64] &= ~bit;
	}
}

/* None listed is all; icmp has none and all alike. */
static void ports_change_by(struct ports *ports, const struct endpoint *endpoint, bool add)
{
	if (endpoint->n_ports == 0)
		memset(ports, add ? 0xff : 0, sizeof(*ports));
	for (size_t i = 0; i < endpoint->n_ports; i++)
		ports_change(ports, &endpoint->ports[i], add);
}

static bool ports_any(const struct ports *ports)
{
	for (size_t i = 0; i < PORTS / 64; i++)
		if (ports->bits[i])
			return true;
	return false;
}

static void ports_intersect(struct ports *ports, const struct ports *others)
{
	for (size_t i = 0; i < PORTS / 64; i++)
		ports->bits[i] &= others->bits[i];
}

static bool prefix_equal(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || ((a[whole] ^ b[whole]) & (uint8_t)(0xff00 >> rest)) == 0;
}

static bool is_network(const struct endpoint *endpoint)
{
	return endpoint->target == ENDPOINT_INET || endpoint->target == ENDPOINT_INET6;
}

static bool is_everyone(const struct endpoint *endpoint)
{
	static const uint8_t everyone[4] = {255, 255, 255, 255};

	return endpoint->target == ENDPOINT_INET && endpoint->prefix == 32 &&
	       memcmp(endpoint->address, everyone, 4) == 0;
}

/* Multicast counts only where a network is nothing else (endpoint.c). */
static bool names_multicast(const struct endpoint *endpoint)
{
	if (endpoint->target == ENDPOINT_INET)
		return endpoint->prefix >= 4 && (endpoint->address[0] & 0xf0) == 0xe0;
	return endpoint->target == ENDPOINT_INET6 && endpoint->prefix >= 8 &&
	       endpoint->address[0] == 0xff;
}

/* Whether all that `a` stands for lies within `b`: the question of a deny rule. */
static bool within(const struct endpoint *a, const struct endpoint *b)
{
	if (a->protocol != b->protocol)
		return false;
	if (b->target == ENDPOINT_ANY)
		return true;
	if (a->target == ENDPOINT_HOST && b->target == ENDPOINT_HOST)
		return strcasecmp(a->host, b->host) == 0;
	return is_network(a) && a->target == b->target && a->prefix >= b->prefix &&
	       prefix_equal(a->address, b->address, b->prefix);
}

/*
 * The same for a rule that allows: it means multicast and broadcast only where it names them. A
 * name may lead to such an address; TCP does not go there.
 */
static bool granted_within(const struct endpoint *a, const struct endpoint *b)
{
	if (!within(a, b))
		return false;
	if (a->target == ENDPOINT_HOST)
		return b->target == ENDPOINT_HOST || a->protocol == ENDPOINT_TCP;
	if (is_everyone(a))
		return is_everyone(b);
	return !names_multicast(a) || names_multicast(b);
}

typedef bool within_fn(const struct endpoint *a, const struct endpoint *b);

/* Takes out of the ports of `endpoint` those with which some rule covers it. */
static void remove_covered(struct ports *ports, const struct endpoint *endpoint,
	const struct endpoint_rule *rules, size_t n, within_fn *covers)
{
	for (size_t i = 0; i < n; i++)
		if (covers(endpoint, &rules[i].endpoint))
			ports_change_by(ports, &rules[i].endpoint, false);
}

/* What a rule grants beside what its own layer denies. */
static void granted_ports(
	const struct policy *policy, const struct endpoint *endpoint, struct ports *ret)
{
	memset(ret, 0, sizeof(*ret));
	ports_change_by(ret, endpoint, true);
	remove_covered(
		ret, endpoint, policy->network.deny_rules, policy->network.n_deny_rules, within);
}

static bool connect_covered(const struct compared *of, const struct endpoint *endpoint)
{
	struct ports ports;

	if (of->theirs->network.connect == LIST_ANY)
		return true;
	granted_ports(of->mine, endpoint, &ports);
	if (of->theirs->network.connect == LIST_LISTED)
		remove_covered(&ports, endpoint, of->theirs->network.connect_rules,
			of->theirs->network.n_connect_rules, granted_within);
	return !ports_any(&ports);
}

int comparison_connect(const struct compared *of, struct comparison *ret)
{
	const struct policy *mine = of->mine;
	int r = 0;

	if (!of->theirs->network.present)
		return 0;
	if (!mine->network.present)
		return comparison_add(ret, mine, NULL, false, "the network is not restricted");
	if (mine->network.connect == LIST_ANY && of->theirs->network.connect != LIST_ANY)
		return comparison_add(ret, mine,
			mine->network.connect_any.id ? &mine->network.connect_any : NULL, false,
			mine->network.connect_any.id ? "any" : "any address may be connected to");
	for (size_t i = 0; i < mine->network.n_connect_rules && r == 0; i++) {
		const struct endpoint_rule *rule = &mine->network.connect_rules[i];
		_cleanup_free_ char *says = NULL;

		if (connect_covered(of, &rule->endpoint))
			continue;
		says = rule_endpoint_text(&rule->endpoint);
		r = says ? comparison_add(ret, mine, &rule->rule, false, says) : -ENOMEM;
	}
	return r;
}

/* What `a` and `b` have in common is the smaller of the two, or nothing. */
static const struct endpoint *common(const struct endpoint *a, const struct endpoint *b)
{
	if (within(a, b))
		return a;
	if (within(b, a))
		return b;
	/* A name may lead anywhere. */
	return a->protocol == b->protocol && a->target == ENDPOINT_HOST ? b : NULL;
}

/* Whether my rule opens something of what they deny that I do not deny myself. */
static bool opens(
	const struct policy *mine, const struct endpoint *granted, const struct endpoint *denied)
{
	const struct endpoint *both = common(granted, denied);
	struct ports ports = {0}, others = {0};

	if (!both)
		return false;
	ports_change_by(&ports, granted, true);
	ports_change_by(&others, denied, true);
	ports_intersect(&ports, &others);
	remove_covered(&ports, both, mine->network.deny_rules, mine->network.n_deny_rules, within);
	return ports_any(&ports);
}

static bool opens_any(const struct policy *mine, const struct endpoint *denied)
{
	if (mine->network.connect == LIST_ANY)
		return opens(mine, denied, denied);
	for (size_t i = 0; i < mine->network.n_connect_rules; i++)
		if (opens(mine, &mine->network.connect_rules[i].endpoint, denied))
			return true;
	return false;
}

int comparison_deny(const struct compared *of, struct comparison *ret)
{
	const struct policy *theirs = of->theirs;
	int r = 0;

	/* Not restricted at all is comparison_connect()'s to say. */
	if (!theirs->network.present || !of->mine->network.present)
		return 0;
	for (size_t i = 0; i < theirs->network.n_deny_rules && r == 0; i++) {
		const struct endpoint_rule *rule = &theirs->network.deny_rules[i];
		_cleanup_free_ char *says = NULL;

		if (!opens_any(of->mine, &rule->endpoint))
			continue;
		says = rule_endpoint_text(&rule->endpoint);
		r = says ? comparison_add(ret, theirs, &rule->rule, true, says) : -ENOMEM;
	}
	return r;
}

/* Port 0, and listening without bind, go with `any` alone. */
static int add_ports_beyond(const struct compared *of, struct comparison *ret)
{
	const struct policy *mine = of->mine, *theirs = of->theirs;
	int r = 0;

	for (size_t i = 0; i < mine->network.n_bind_rules && r == 0; i++) {
		const struct port_rule *rule = &mine->network.bind_rules[i];
		struct ports ports = {0};
		_cleanup_free_ char *says = NULL;

		ports_change(&ports, &rule->range, true);
		for (size_t j = 0; j < theirs->network.n_bind_rules; j++)
			ports_change(&ports, &theirs->network.bind_rules[j].range, false);
		if (!ports_any(&ports))
			continue;
		says = rule_ports_text(&rule->range);
		r = says ? comparison_add(ret, mine, &rule->rule, false, says) : -ENOMEM;
	}
	return r;
}

int comparison_bind(const struct compared *of, struct comparison *ret)
{
	const struct policy *mine = of->mine, *theirs = of->theirs;

	if (!theirs->network.present || !mine->network.present ||
		theirs->network.bind == LIST_ANY || mine->network.bind == LIST_NONE)
		return 0;
	if (mine->network.bind == LIST_ANY)
		return comparison_add(ret, mine, &mine->network.bind_any, false, "any");
	return add_ports_beyond(of, ret);
}
