/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rules back into words. Computes only. */

#include "rule-list.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "access.h"
#include "ruleset.h"
#include "str.h"

#define ABI_SCOPED 6

const char *const enforcer_names[ENFORCERS] = {"landlock", "filter", "supervisor"};

const char *enforcers_text(unsigned enforcers, char buffer[ENFORCERS_TEXT_MAX])
{
	size_t length = 0;

	for (unsigned i = 0; i < ENFORCERS; i++)
		if (enforcers & 1U << i)
			length += (size_t)snprintf(buffer + length, ENFORCERS_TEXT_MAX - length,
				"%s%s", length > 0 ? ", " : "", enforcer_names[i]);
	return length > 0 ? buffer : "-";
}

struct walk {
	const struct policy *policy;
	struct ruleset_plan plan;
	unsigned abi;
	rule_list_fn *hear;
	void *userdata;
	int r;
};

static void tell(struct walk *walk, const struct rule *rule, const char *says, unsigned enforcers)
{
	const struct listed_rule listed = {rule, says, enforcers};

	if (walk->r == 0)
		walk->r = walk->hear(walk->userdata, &listed);
}

/* Takes the text over. */
static void tell_text(
	struct walk *walk, const struct rule *rule, struct str *text, unsigned enforcers)
{
	_cleanup_free_ char *says = str_take(text);

	if (says)
		tell(walk, rule, says, enforcers);
	else
		walk->r = -ENOMEM;
}

/* Takes the text over. */
static void tell_written(struct walk *walk, const struct rule *rule, char *says, unsigned enforcers)
{
	if (!says)
		walk->r = -ENOMEM;
	else if (rule->id)
		tell(walk, rule, says, enforcers);
	free(says);
}

/* Only `rights` names rights one by one. */
static void add_rights(struct str *text, const struct path_rule *rule)
{
	const char *comma = "";

	if (!ruleset_names_rights(&rule->rule))
		return;
	for (size_t i = 0; i < n_access_rights; i++) {
		if (!(rule->access & access_rights[i].bit))
			continue;
		str_addf(text, "%s%s", comma, access_rights[i].name);
		comma = ",";
	}
	str_add_char(text, ':');
}

static void list_path(struct walk *walk, const struct path_rule *rule, unsigned enforcers)
{
	struct str text = STR_INIT;

	add_rights(&text, rule);
	str_addf(&text, "%s%s", rule->may_be_missing ? "-" : "", rule->path);
	tell_text(walk, &rule->rule, &text, enforcers);
}

static void add_ports(struct str *text, const struct port_range *ports, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		str_addf(text, "%s%u", i > 0 ? "," : "", ports[i].first);
		if (ports[i].last != ports[i].first)
			str_addf(text, "-%u", ports[i].last);
	}
}

static void add_target(struct str *text, const struct endpoint *endpoint)
{
	bool is_inet6 = endpoint->target == ENDPOINT_INET6;
	char address[INET6_ADDRSTRLEN];

	if (endpoint->target == ENDPOINT_ANY) {
		str_add_char(text, '*');
		return;
	}
	if (endpoint->target == ENDPOINT_HOST) {
		str_puts(text, endpoint->host);
		return;
	}
	inet_ntop(is_inet6 ? AF_INET6 : AF_INET, endpoint->address, address, sizeof(address));
	str_addf(text, "%s%s", is_inet6 ? "[" : "", address);
	if (is_inet6)
		str_add_char(text, ']');
	if (endpoint->prefix < (is_inet6 ? 128U : 32U))
		str_addf(text, "/%u", endpoint->prefix);
}

static void add_endpoint(struct str *text, const struct endpoint *endpoint)
{
	static const char *const schemes[] = {
		[ENDPOINT_TCP] = "", [ENDPOINT_UDP] = "udp://", [ENDPOINT_ICMP] = "icmp://"};

	str_puts(text, schemes[endpoint->protocol]);
	add_target(text, endpoint);
	if (endpoint->n_ports > 0)
		str_add_char(text, ':');
	add_ports(text, endpoint->ports, endpoint->n_ports);
}

char *rule_endpoint_text(const struct endpoint *endpoint)
{
	struct str text = STR_INIT;

	add_endpoint(&text, endpoint);
	return str_take(&text);
}

char *rule_ports_text(const struct port_range *range)
{
	struct str text = STR_INIT;

	add_ports(&text, range, 1);
	return str_take(&text);
}

/* Landlock knows ports, of some protocols. */
static bool by_port(const struct walk *walk, enum endpoint_protocol protocol)
{
	return (protocol == ENDPOINT_TCP && walk->plan.tcp_connect_by_port) ||
	       (protocol == ENDPOINT_UDP && walk->plan.udp_connect_by_port);
}

static void list_connect(struct walk *walk, const struct endpoint_rule *rules, size_t n, bool allow)
{
	for (size_t i = 0; i < n; i++) {
		const struct endpoint *endpoint = &rules[i].endpoint;
		unsigned enforcers = ENFORCER_SUPERVISOR;
		struct str text = STR_INIT;

		if (allow && by_port(walk, endpoint->protocol))
			enforcers |= ENFORCER_LANDLOCK;
		add_endpoint(&text, endpoint);
		tell_text(walk, &rules[i].rule, &text, enforcers);
	}
}

static void list_bind(struct walk *walk)
{
	const struct policy *policy = walk->policy;
	unsigned enforcers = ENFORCER_SUPERVISOR;

	if (walk->plan.tcp_bind_by_port)
		enforcers |= ENFORCER_LANDLOCK;
	if (policy->network.bind == LIST_ANY)
		tell(walk, &policy->network.bind_any, "any", 0);
	else if (policy->network.bind == LIST_NONE)
		tell(walk, NULL, "no TCP port may be listened on", enforcers);
	for (size_t i = 0; i < policy->network.n_bind_rules; i++) {
		struct str text = STR_INIT;

		add_ports(&text, &policy->network.bind_rules[i].range, 1);
		tell_text(walk, &policy->network.bind_rules[i].rule, &text, enforcers);
	}
}

static void list_unix(struct walk *walk)
{
	const struct policy *policy = walk->policy;
	unsigned enforcers = ENFORCER_SUPERVISOR;

	if (walk->plan.handled_fs & LANDLOCK_ACCESS_FS_RESOLVE_UNIX)
		enforcers |= ENFORCER_LANDLOCK;
	tell(walk, NULL, "UNIX sockets: beneath write grants, and the common ones", enforcers);
	for (size_t i = 0; i < policy->network.n_unix_rules; i++)
		list_path(walk, &policy->network.unix_rules[i], enforcers);
}

static void list_network(struct walk *walk)
{
	const struct policy *policy = walk->policy;

	if (!policy->network.present) {
		tell(walk, NULL, "the network is not restricted", 0);
		return;
	}
	if (policy->network.connect_any.id)
		tell(walk, &policy->network.connect_any, "any", ENFORCER_SUPERVISOR);
	else if (policy->network.connect == LIST_NONE)
		tell(walk, NULL, "no address may be connected or sent to",
			ENFORCER_SUPERVISOR |
				(by_port(walk, ENDPOINT_TCP) ? ENFORCER_LANDLOCK : 0));
	list_connect(walk, policy->network.connect_rules, policy->network.n_connect_rules, true);
	list_connect(walk, policy->network.deny_rules, policy->network.n_deny_rules, false);
	list_bind(walk);
	list_unix(walk);
	tell_written(walk, &policy->network.resolve_rule,
		rule_resolve_text(policy->network.resolve), ENFORCER_SUPERVISOR);
}

static void list_files(struct walk *walk)
{
	const struct policy *policy = walk->policy;

	if (!policy->filesystem.present)
		tell(walk, NULL, "files are not restricted", 0);
	for (size_t i = 0; i < policy->filesystem.n_rules; i++) {
		const struct path_rule *rule = &policy->filesystem.rules[i];

		list_path(walk, rule, rule->access & walk->plan.handled_fs ? ENFORCER_LANDLOCK : 0);
	}
}

/* sentence: what holds where nothing is written and somebody enforces the default. */
static void list_scope(struct walk *walk, enum scope_setting setting, const struct rule *rule,
	const char *sentence, unsigned enforcers)
{
	if (setting == SCOPE_UNSET && enforcers)
		tell(walk, NULL, sentence, enforcers);
	else if (setting != SCOPE_UNSET)
		tell(walk, rule, setting == SCOPE_ANY ? "any" : "session",
			setting == SCOPE_ANY ? 0 : enforcers);
}

static void list_ipc(struct walk *walk)
{
	const struct policy *policy = walk->policy;
	unsigned landlock = walk->abi >= ABI_SCOPED ? ENFORCER_LANDLOCK : 0;

	list_scope(walk, policy->ipc.signal, &policy->ipc.signal_rule,
		"signals stay within the session", landlock);
	list_scope(walk, policy->ipc.abstract_unix, &policy->ipc.abstract_unix_rule,
		"abstract UNIX sockets of others are out of reach",
		landlock | (policy->network.present ? ENFORCER_SUPERVISOR : 0));
	if (policy->ipc.sysv_rule.id)
		tell(walk, &policy->ipc.sysv_rule, policy->ipc.sysv ? "yes" : "no",
			policy->ipc.sysv ? 0 : ENFORCER_FILTER);
	else
		tell(walk, NULL, "no System V IPC, no POSIX queues", ENFORCER_FILTER);
}

static void list_calls(struct walk *walk, const struct syscall_rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++)
		tell(walk, &rules[i].rule, rules[i].word, ENFORCER_FILTER);
}

static const char *error_name(int error)
{
	const char *name = error == SYSCALLS_KILL  ? "kill"
			   : error == SYSCALLS_LOG ? "log"
						   : strerrorname_np(error);

	return name ? name : "?";
}

static void list_syscalls(struct walk *walk)
{
	const struct policy *policy = walk->policy;

	if (policy->syscalls.profile_rule.id)
		tell(walk, &policy->syscalls.profile_rule, profiles[policy->syscalls.profile].name,
			policy->syscalls.profile == PROFILE_UNRESTRICTED ? 0 : ENFORCER_FILTER);
	list_calls(walk, policy->syscalls.allow_rules, policy->syscalls.n_allow_rules);
	list_calls(walk, policy->syscalls.deny_rules, policy->syscalls.n_deny_rules);
	if (policy->syscalls.error_rule.id)
		tell(walk, &policy->syscalls.error_rule, error_name(policy->syscalls.error),
			ENFORCER_FILTER);
}

char *rule_rate_text(unsigned rate, unsigned period)
{
	return str_format("%u/%s", rate, period == 1 ? "s" : "min");
}

char *rule_resolve_text(unsigned seconds)
{
	return seconds == 0 ? strdup("login") : str_format("%us", seconds);
}

static void list_log(struct walk *walk)
{
	const struct policy *policy = walk->policy;

	tell_written(walk, &policy->log.denials_rule, strdup(policy->log.denials ? "yes" : "no"),
		ENFORCER_SUPERVISOR);
	tell_written(walk, &policy->log.rate_rule,
		rule_rate_text(policy->log.rate, policy->log.rate_period), ENFORCER_SUPERVISOR);
}

int rule_list(const struct policy *policy, unsigned abi, rule_list_fn *hear, void *userdata)
{
	struct walk walk = {
		.policy = policy,
		.plan = ruleset_plan(policy, abi),
		.abi = abi,
		.hear = hear,
		.userdata = userdata,
	};

	if (policy->services)
		tell(&walk, &policy->services_rule, policy->services, 0);
	list_files(&walk);
	list_network(&walk);
	list_ipc(&walk);
	list_syscalls(&walk);
	list_log(&walk);
	return walk.r;
}
