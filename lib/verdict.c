/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Decides supervised calls: every layer must allow. Pure. */

#include "verdict.h"

#include <errno.h>

/*
 * nscd, sssd, systemd's userdb (one socket per provider) and resolved; then syslog and the journal,
 * whose /dev/log is a symlink on systemd machines.
 */
const char *const verdict_common_sockets[] = {
	"/run/nscd/socket",
	"/var/run/nscd/socket",
	"/var/lib/sss/pipes/nss",
	"/run/systemd/userdb/*",
	"/run/systemd/resolve/io.systemd.Resolve",
	"/dev/log",
	"/run/systemd/journal/dev-log",
	"/run/systemd/journal/socket",
	"/run/systemd/journal/stdout",
	NULL,
};

/* One layer's answer: `allowed`, and the number of the rule that gave it. */
struct answer {
	bool allowed;
	unsigned rule;
};

typedef struct answer layer_fn(const struct policy *layer, const void *object);

/*
 * The first layer that refuses and enforces decides; when none does, the first that allowed by a
 * rule. A layer that complains has no part in that: it leaves word.
 */
static struct verdict every_layer(
	const struct policy_set *set, layer_fn *ask, const void *object, int error)
{
	struct verdict verdict = {0};

	for (size_t i = 0; i < set->n_layers; i++) {
		struct answer answer = ask(set->layers[i], object);

		if (!answer.allowed && !set->layers[i]->complain)
			return (struct verdict){.error = error, .rule = answer.rule};
		if (!answer.allowed && verdict.would == 0) {
			verdict.would = error;
			verdict.would_rule = answer.rule;
		}
		if (answer.allowed && verdict.rule == 0)
			verdict.rule = answer.rule;
	}
	return verdict;
}

struct destination {
	const struct names *names;
	enum endpoint_protocol protocol;
	const struct net_address *address;
};

static const struct endpoint_rule *find_deny(
	const struct policy *layer, const struct destination *to)
{
	for (size_t i = 0; i < layer->network.n_deny_rules; i++) {
		const struct endpoint_rule *rule = &layer->network.deny_rules[i];

		if (endpoint_covers(&rule->endpoint, to->protocol, to->address))
			return rule;
	}
	return NULL;
}

static const struct endpoint_rule *find_connect(
	const struct policy *layer, const struct destination *to)
{
	for (size_t i = 0; i < layer->network.n_connect_rules; i++) {
		const struct endpoint_rule *rule = &layer->network.connect_rules[i];

		if (endpoint_matches(&rule->endpoint, to->protocol, to->address) ||
			endpoint_matches_name(
				&rule->endpoint, to->names, to->protocol, to->address))
			return rule;
	}
	return NULL;
}

static struct answer layer_connect(const struct policy *layer, const void *object)
{
	const struct endpoint_rule *rule;

	if (!layer->network.present)
		return (struct answer){true, 0};
	rule = find_deny(layer, object);
	if (rule)
		return (struct answer){false, rule->rule.number};
	if (layer->network.connect == LIST_ANY)
		return (struct answer){true, layer->network.connect_any.number};
	rule = find_connect(layer, object);
	return (struct answer){rule != NULL, rule ? rule->rule.number : 0};
}

struct verdict verdict_connect(const struct policy_set *set, const struct names *names,
	enum endpoint_protocol protocol, const struct net_address *address)
{
	const struct destination to = {names, protocol, address};

	/* Dissolving an association sends nothing anywhere. */
	if (address->family == AF_UNSPEC)
		return (struct verdict){0};
	return every_layer(set, layer_connect, &to, ECONNREFUSED);
}

static struct answer layer_bind(const struct policy *layer, const void *object)
{
	uint16_t port = *(const uint16_t *)object;

	if (!layer->network.present)
		return (struct answer){true, 0};
	if (layer->network.bind == LIST_ANY)
		return (struct answer){true, layer->network.bind_any.number};
	if (layer->network.bind == LIST_NONE)
		return (struct answer){false, 0};
	for (size_t i = 0; i < layer->network.n_bind_rules; i++) {
		const struct port_rule *rule = &layer->network.bind_rules[i];
		if (port >= rule->range.first && port <= rule->range.last)
			return (struct answer){true, rule->rule.number};
	}
	return (struct answer){false, 0};
}

struct verdict verdict_bind(const struct policy_set *set, uint16_t port)
{
	return every_layer(set, layer_bind, &port, EACCES);
}

/* The kernel would pick a port: no rule names port 0, so only `any` allows it. */
struct verdict verdict_listen_unbound(const struct policy_set *set)
{
	return verdict_bind(set, 0);
}

/* Not written means session here too: what Landlock would have refused, we refuse. */
static struct answer layer_abstract(const struct policy *layer, const void *object)
{
	return (struct answer){
		layer->ipc.abstract_unix == SCOPE_ANY, layer->ipc.abstract_unix_rule.number};
}

struct verdict verdict_abstract(const struct policy_set *set)
{
	return every_layer(set, layer_abstract, NULL, EPERM);
}

bool verdict_unix_restricted(const struct policy_set *set)
{
	for (size_t i = 0; i < set->n_layers; i++)
		if (set->layers[i]->network.present && !set->layers[i]->complain)
			return true;
	return false;
}
