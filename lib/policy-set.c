/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A set of layers: the numbers of its rules and the fingerprint of its meaning. Only computes. */

#include "policy-set.h"

#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "cleanup.h"
#include "sha256.h"

int policy_set_add(struct policy_set *set, struct policy *layer)
{
	struct policy **layers = reallocarray(set->layers, set->n_layers + 1, sizeof(*layers));

	if (!layers) {
		policy_free(layer);
		return -ENOMEM;
	}
	set->layers = layers;
	layers[set->n_layers++] = layer;
	return 0;
}

static size_t count_rules(const struct policy *policy)
{
	return policy->filesystem.n_rules + policy->network.n_connect_rules +
	       policy->network.n_deny_rules + policy->network.n_bind_rules +
	       policy->network.n_unix_rules + policy->syscalls.n_allow_rules +
	       policy->syscalls.n_deny_rules + 7 /* two times `any`, [ipc], profile, error */;
}

static void number(struct policy_set *set, struct rule *rule)
{
	if (!rule->id)
		return;
	set->rules[set->n_rules++] = rule;
	rule->number = (unsigned)set->n_rules;
}

/* The trees are the write grants over again, in the same order: they carry the same numbers. */
static void number_trees(struct policy *policy)
{
	size_t tree = 0;

	if (!policy->filesystem.present)
		return;
	for (size_t i = 0; i < policy->filesystem.n_rules; i++) {
		const struct path_rule *rule = &policy->filesystem.rules[i];

		if (tree < policy->network.n_unix_trees &&
			(rule->access & ACCESS_WRITE) == ACCESS_WRITE)
			policy->network.unix_trees[tree++].rule.number = rule->rule.number;
	}
}

static void number_layer(struct policy_set *set, struct policy *policy)
{
	for (size_t i = 0; i < policy->filesystem.n_rules; i++)
		number(set, &policy->filesystem.rules[i].rule);
	number(set, &policy->network.connect_any);
	for (size_t i = 0; i < policy->network.n_connect_rules; i++)
		number(set, &policy->network.connect_rules[i].rule);
	for (size_t i = 0; i < policy->network.n_deny_rules; i++)
		number(set, &policy->network.deny_rules[i].rule);
	number(set, &policy->network.bind_any);
	for (size_t i = 0; i < policy->network.n_bind_rules; i++)
		number(set, &policy->network.bind_rules[i].rule);
	for (size_t i = 0; i < policy->network.n_unix_rules; i++)
		number(set, &policy->network.unix_rules[i].rule);
	number(set, &policy->ipc.signal_rule);
	number(set, &policy->ipc.abstract_unix_rule);
	number(set, &policy->ipc.sysv_rule);
	number(set, &policy->syscalls.profile_rule);
	for (size_t i = 0; i < policy->syscalls.n_allow_rules; i++)
		number(set, &policy->syscalls.allow_rules[i].rule);
	for (size_t i = 0; i < policy->syscalls.n_deny_rules; i++)
		number(set, &policy->syscalls.deny_rules[i].rule);
	number(set, &policy->syscalls.error_rule);
	number_trees(policy);
}

/*
 * Seven bits a byte, the last one below 128; texts have their length before them: no two sets look
 * the same.
 */
static void hash_number(struct sha256 *hash, uint64_t value)
{
	uint8_t bytes[10];
	size_t n = 0;

	for (; value >= 0x80; value >>= 7)
		bytes[n++] = (uint8_t)(value | 0x80);
	bytes[n++] = (uint8_t)value;
	sha256_add(hash, bytes, n);
}

static void hash_text(struct sha256 *hash, const char *text)
{
	hash_number(hash, text ? strlen(text) + 2 : 0);
	if (text)
		sha256_add(hash, text, strlen(text));
}

/* The words of one key share its id: it is written out once, and 1 says "the same again". */
static const char *hash_id(struct sha256 *hash, const char *id, const char *before)
{
	if (id && before && strcmp(id, before) == 0)
		hash_number(hash, 1);
	else
		hash_text(hash, id);
	return id;
}

static void hash_paths(struct sha256 *hash, const struct path_rule *rules, size_t n)
{
	const char *id = NULL;

	hash_number(hash, n);
	for (size_t i = 0; i < n; i++) {
		id = hash_id(hash, rules[i].rule.id, id);
		hash_text(hash, rules[i].path);
		hash_number(hash, rules[i].access);
		hash_number(hash, rules[i].may_be_missing);
	}
}

static void hash_endpoint(struct sha256 *hash, const struct endpoint *endpoint)
{
	hash_number(hash, endpoint->protocol);
	hash_number(hash, endpoint->target);
	sha256_add(hash, endpoint->address, sizeof(endpoint->address));
	hash_number(hash, endpoint->prefix);
	hash_text(hash, endpoint->host);
	hash_number(hash, endpoint->n_ports);
	for (size_t i = 0; i < endpoint->n_ports; i++) {
		hash_number(hash, endpoint->ports[i].first);
		hash_number(hash, endpoint->ports[i].last);
	}
}

static void hash_endpoints(struct sha256 *hash, const struct endpoint_rule *rules, size_t n)
{
	const char *id = NULL;

	hash_number(hash, n);
	for (size_t i = 0; i < n; i++) {
		id = hash_id(hash, rules[i].rule.id, id);
		hash_endpoint(hash, &rules[i].endpoint);
	}
}

static void hash_network(struct sha256 *hash, const struct policy *policy)
{
	const char *id = NULL;

	hash_number(hash, policy->network.present);
	hash_number(hash, policy->network.connect);
	hash_text(hash, policy->network.connect_any.id);
	hash_endpoints(hash, policy->network.connect_rules, policy->network.n_connect_rules);
	hash_endpoints(hash, policy->network.deny_rules, policy->network.n_deny_rules);
	hash_number(hash, policy->network.resolve);
	hash_number(hash, policy->network.bind);
	hash_text(hash, policy->network.bind_any.id);
	hash_number(hash, policy->network.n_bind_rules);
	for (size_t i = 0; i < policy->network.n_bind_rules; i++) {
		id = hash_id(hash, policy->network.bind_rules[i].rule.id, id);
		hash_number(hash, policy->network.bind_rules[i].range.first);
		hash_number(hash, policy->network.bind_rules[i].range.last);
	}
	hash_paths(hash, policy->network.unix_rules, policy->network.n_unix_rules);
	/* With [filesystem] the trees are its write grants, which are in it already. */
	if (!policy->filesystem.present)
		hash_paths(hash, policy->network.unix_trees, policy->network.n_unix_trees);
}

/* By the words, not the numbers: the fingerprint is the same on every machine. */
static void hash_syscalls(struct sha256 *hash, const struct syscall_rule *rules, size_t n)
{
	const char *id = NULL;

	hash_number(hash, n);
	for (size_t i = 0; i < n; i++) {
		id = hash_id(hash, rules[i].rule.id, id);
		hash_text(hash, rules[i].word);
	}
}

/* What is enforced, and under which names; not where it is written or how it is described. */
static void hash_layer(struct sha256 *hash, const struct policy *policy)
{
	hash_text(hash, policy->name);
	hash_number(hash, policy->complain);
	hash_number(hash, policy->filesystem.present);
	hash_paths(hash, policy->filesystem.rules, policy->filesystem.n_rules);
	hash_network(hash, policy);
	hash_number(hash, policy->ipc.signal);
	hash_text(hash, policy->ipc.signal_rule.id);
	hash_number(hash, policy->ipc.abstract_unix);
	hash_text(hash, policy->ipc.abstract_unix_rule.id);
	hash_number(hash, policy->ipc.sysv);
	hash_text(hash, policy->ipc.sysv_rule.id);
	hash_number(hash, policy->syscalls.profile);
	hash_text(hash, policy->syscalls.profile_rule.id);
	hash_syscalls(hash, policy->syscalls.allow_rules, policy->syscalls.n_allow_rules);
	hash_syscalls(hash, policy->syscalls.deny_rules, policy->syscalls.n_deny_rules);
	hash_number(hash, (uint64_t)policy->syscalls.error);
	hash_text(hash, policy->syscalls.error_rule.id);
	hash_number(hash, policy->log.denials);
	hash_number(hash, policy->log.rate);
	hash_number(hash, policy->log.rate_period);
}

int policy_set_finish(struct policy_set *set)
{
	struct sha256 hash;
	size_t n = 1;

	for (size_t i = 0; i < set->n_layers; i++)
		n += count_rules(set->layers[i]);
	set->rules = calloc(n, sizeof(*set->rules));
	if (!set->rules)
		return -ENOMEM;
	sha256_init(&hash);
	hash_number(&hash, set->settings.degrade_on_old_kernel);
	hash_number(&hash, set->n_layers);
	for (size_t i = 0; i < set->n_layers; i++) {
		number_layer(set, set->layers[i]);
		hash_layer(&hash, set->layers[i]);
	}
	sha256_finish(&hash, set->hash);
	return 0;
}
