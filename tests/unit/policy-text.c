/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "policy-text.h"

#include <sys/socket.h>

static void add_rule(struct str *str, const struct rule *rule, const char *what)
{
	str_addf(str, "%u %s %s:%u:%u %s", rule->number, rule->id, rule->file, rule->line,
		rule->column, what);
}

static void add_files(struct str *str, const struct policy *policy)
{
	str_addf(str, "filesystem %s\n", policy->filesystem.present ? "present" : "absent");
	for (size_t i = 0; i < policy->filesystem.n_rules; i++) {
		const struct path_rule *rule = &policy->filesystem.rules[i];

		add_rule(str, &rule->rule, "");
		str_addf(str, "%#llx %s%s\n", (unsigned long long)rule->access, rule->path,
			rule->may_be_missing ? " may be missing" : "");
	}
}

static void add_endpoint(struct str *str, const struct endpoint *endpoint)
{
	static const char *const protocols[] = {"", "udp ", "icmp "};
	struct net_address address = {
		.family = endpoint->target == ENDPOINT_INET6 ? AF_INET6 : AF_INET};
	char text[ENDPOINT_TEXT_MAX];

	memcpy(address.bytes, endpoint->address, sizeof(address.bytes));
	str_puts(str, protocols[endpoint->protocol]);
	if (endpoint->target == ENDPOINT_ANY)
		str_puts(str, "*");
	else if (endpoint->target == ENDPOINT_HOST)
		str_puts(str, endpoint->host);
	else
		str_addf(str, "%s /%u", endpoint_format(&address, text), endpoint->prefix);
	for (size_t i = 0; i < endpoint->n_ports; i++)
		str_addf(str, " %u-%u", endpoint->ports[i].first, endpoint->ports[i].last);
	str_add_char(str, '\n');
}

static void add_endpoints(struct str *str, const struct endpoint_rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		add_rule(str, &rules[i].rule, "");
		add_endpoint(str, &rules[i].endpoint);
	}
}

static void add_network(struct str *str, const struct policy *policy)
{
	static const char *const kinds[] = {"none", "any", "listed"};

	if (!policy->network.present) {
		str_puts(str, "network absent\n");
		return;
	}
	str_addf(str, "connect %s\n", kinds[policy->network.connect]);
	if (policy->network.connect_any.id)
		add_rule(str, &policy->network.connect_any, "any\n");
	add_endpoints(str, policy->network.connect_rules, policy->network.n_connect_rules);
	if (policy->network.n_deny_rules > 0)
		str_puts(str, "deny\n");
	add_endpoints(str, policy->network.deny_rules, policy->network.n_deny_rules);
	if (policy->network.resolve > 0)
		str_addf(str, "resolve %u\n", policy->network.resolve);
	str_addf(str, "bind %s\n", kinds[policy->network.bind]);
	if (policy->network.bind_any.id)
		add_rule(str, &policy->network.bind_any, "any\n");
	for (size_t i = 0; i < policy->network.n_bind_rules; i++) {
		add_rule(str, &policy->network.bind_rules[i].rule, "");
		str_addf(str, "%u-%u\n", policy->network.bind_rules[i].range.first,
			policy->network.bind_rules[i].range.last);
	}
	for (size_t i = 0; i < policy->network.n_unix_rules; i++) {
		const struct path_rule *rule = &policy->network.unix_rules[i];

		add_rule(str, &rule->rule, "");
		str_addf(str, "%s%s\n", rule->path, rule->may_be_missing ? " may be missing" : "");
	}
	for (size_t i = 0; i < policy->network.n_unix_trees; i++)
		str_addf(str, "unix %u %s\n", policy->network.unix_trees[i].rule.number,
			policy->network.unix_trees[i].path);
}

static void add_calls(struct str *str, const char *list, const struct syscall_rule *rules, size_t n)
{
	if (n > 0)
		str_addf(str, "%s\n", list);
	for (size_t i = 0; i < n; i++) {
		add_rule(str, &rules[i].rule, rules[i].word);
		/* How many calls a set has is libseccomp's affair. */
		if (rules[i].word[0] != '@')
			str_addf(str, " %u", syscalls_count(&rules[i].calls));
		str_add_char(str, '\n');
	}
}

/* Nothing where nothing is written. */
static void add_syscalls(struct str *str, const struct policy *policy)
{
	if (policy->ipc.sysv_rule.id)
		add_rule(str, &policy->ipc.sysv_rule, policy->ipc.sysv ? "yes\n" : "no\n");
	if (policy->syscalls.profile_rule.id) {
		add_rule(str, &policy->syscalls.profile_rule, "");
		str_addf(str, "%s\n", profiles[policy->syscalls.profile].name);
	}
	add_calls(str, "allow", policy->syscalls.allow_rules, policy->syscalls.n_allow_rules);
	add_calls(str, "deny", policy->syscalls.deny_rules, policy->syscalls.n_deny_rules);
	if (policy->syscalls.error_rule.id) {
		add_rule(str, &policy->syscalls.error_rule, "");
		str_addf(str, "%d\n", policy->syscalls.error);
	}
}

static void add_rest(struct str *str, const struct policy *policy)
{
	static const char *const scopes[] = {"unset", "session", "any"};

	str_addf(str, "signal %s\n", scopes[policy->ipc.signal]);
	str_addf(str, "abstract-unix %s\n", scopes[policy->ipc.abstract_unix]);
	str_addf(str, "denials %s, %u per %us%s\n", policy->log.denials ? "yes" : "no",
		policy->log.rate, policy->log.rate_period,
		policy->log.rate_rule.id ? " written" : "");
}

void policy_text_add(struct str *str, const struct policy *policy)
{
	if (policy->description)
		str_addf(str, "description %s\n", policy->description);
	if (policy->complain)
		str_puts(str, "mode complain\n");
	add_files(str, policy);
	add_network(str, policy);
	add_syscalls(str, policy);
	add_rest(str, policy);
}
