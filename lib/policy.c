/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What policies and sets are made of: only their memory, and the one lookup by number. */

#include "policy.h"

#include <stdlib.h>

static void endpoint_rules_free(struct endpoint_rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++)
		endpoint_done(&rules[i].endpoint);
	free(rules);
}

static void syscall_rules_free(struct syscall_rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(rules[i].word);
	free(rules);
}

static void network_done(struct policy *policy)
{
	endpoint_rules_free(policy->network.connect_rules, policy->network.n_connect_rules);
	endpoint_rules_free(policy->network.deny_rules, policy->network.n_deny_rules);
	free(policy->network.bind_rules);
	free(policy->network.unix_trees);
	free(policy->network.unix_rules);
}

struct policy *policy_free(struct policy *policy)
{
	if (!policy)
		return NULL;
	free(policy->name);
	free(policy->file);
	free(policy->description);
	free(policy->filesystem.rules);
	network_done(policy);
	syscall_rules_free(policy->syscalls.allow_rules, policy->syscalls.n_allow_rules);
	syscall_rules_free(policy->syscalls.deny_rules, policy->syscalls.n_deny_rules);
	for (size_t i = 0; i < policy->lint.n_accepts; i++) {
		free(policy->lint.accepts[i].reason);
		free(policy->lint.accepts[i].file);
	}
	free(policy->lint.accepts);
	texts_done(&policy->texts);
	free(policy);
	return NULL;
}

struct policy_set *policy_set_free(struct policy_set *set)
{
	if (!set)
		return NULL;
	settings_done(&set->settings);
	for (size_t i = 0; i < set->n_layers; i++)
		policy_free(set->layers[i]);
	free(set->layers);
	free(set->rules);
	free(set);
	return NULL;
}

void settings_done(struct settings *settings)
{
	for (size_t i = 0; i < settings->n_exempt_groups; i++)
		free(settings->exempt_groups[i]);
	free(settings->exempt_groups);
	*settings = SETTINGS_DEFAULT;
}

void identity_done(struct identity *identity)
{
	free(identity->user);
	free(identity->home);
	free(identity->shell);
	free(identity->groups);
	for (size_t i = 0; identity->group_names && i < identity->n_groups; i++)
		free(identity->group_names[i]);
	free(identity->group_names);
	*identity = (struct identity){0};
}

const char *policy_set_rule_id(const struct policy_set *set, unsigned number)
{
	if (!set || number == 0 || number > set->n_rules)
		return "-";
	return set->rules[number - 1]->id;
}

bool policy_set_enforces(const struct policy_set *set)
{
	for (size_t i = 0; i < set->n_layers; i++)
		if (!set->layers[i]->complain)
			return true;
	return set->n_layers == 0;
}

/* When one wants them they are recorded. */
bool policy_set_logs_denials(const struct policy_set *set)
{
	for (size_t i = 0; i < set->n_layers; i++)
		if (set->layers[i]->log.denials)
			return true;
	return false;
}

/* The smallest of those that are written. */
void policy_set_rate(const struct policy_set *set, unsigned *ret_rate, unsigned *ret_period)
{
	unsigned rate = 0, period = 1;

	for (size_t i = 0; i < set->n_layers; i++) {
		const struct policy *policy = set->layers[i];

		if (!policy->log.rate_rule.id)
			continue;
		if (rate == 0 || (uint64_t)policy->log.rate * period <
					 (uint64_t)rate * policy->log.rate_period) {
			rate = policy->log.rate;
			period = policy->log.rate_period;
		}
	}
	*ret_rate = rate ? rate : POLICY_RATE;
	*ret_period = period;
}

/* The shortest. */
unsigned policy_set_resolve(const struct policy_set *set)
{
	unsigned period = 0;

	for (size_t i = 0; i < set->n_layers; i++) {
		unsigned layer = set->layers[i]->network.resolve;

		if (layer > 0 && (period == 0 || layer < period))
			period = layer;
	}
	return period;
}

const char *policy_set_mode(const struct policy_set *set)
{
	for (size_t i = 0; i < set->n_layers; i++)
		if (set->layers[i]->complain)
			return policy_set_enforces(set) ? "mixed" : "complain";
	return "enforce";
}
