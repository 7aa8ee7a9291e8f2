/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Warnings for people. Looks at the policy that was made, and for missing paths at the machine. */

#include "policy-lint.h"

#include <stdio.h>

#include "filter-denials.h"
#include "filter-profile.h"
#include "policy-cache.h"
#include "str.h"

#define PORT_DNS      53
#define COMPLAIN_DAYS 14
#define DAY           86400

static const struct port_range all_ports = {1, UINT16_MAX};

/* Only where the machine can say so: a specifier stands for something else at each login. */
void lint_missing_path(
	struct policy_check *check, const struct draft_span *word, const struct path_rule *rule)
{
	const char *root = check->options->dirs->root;
	_cleanup_free_ char *beneath = NULL;
	struct diag_place place;
	int r;

	if (!check->options->lint || rule->may_be_missing || memchr(word->text, '%', word->length))
		return;
	if (*root && !(beneath = str_format("%s%s", root, rule->path))) {
		check_out_of_memory(check);
		return;
	}
	r = policy_cache_access(check->options->cache, beneath ? beneath : rule->path);
	if (r != -ENOENT && r != -ENOTDIR)
		return;
	place = policy_draft_place(check->draft, word);
	diag_warning(check->diags, &place, "missing-path", NULL,
		"%s does not exist here; it would grant nothing (a leading \"-\" says that "
		"it may be missing)",
		rule->path);
}

static void lint_empty(struct policy_check *check, const struct include_list *files)
{
	const struct policy *policy = check->policy;
	const struct diag_place place = {.file = files->files[0].draft->file};

	if (policy->filesystem.present || policy->network.present ||
		policy->ipc.signal != SCOPE_UNSET || policy->ipc.abstract_unix != SCOPE_UNSET ||
		policy->syscalls.profile != PROFILE_UNRESTRICTED ||
		policy->syscalls.n_deny_rules > 0)
		return;
	diag_warning(check->diags, &place, "empty-policy", NULL,
		"restricts nothing but what is always denied");
}

/* Endpoints as sets of destinations. No ports means all. */

static bool range_in(const struct endpoint *outer, const struct port_range *range)
{
	for (size_t i = 0; i < outer->n_ports; i++)
		if (outer->ports[i].first <= range->first && range->last <= outer->ports[i].last)
			return true;
	return outer->n_ports == 0;
}

static bool ports_contain(const struct endpoint *outer, const struct endpoint *inner)
{
	if (inner->n_ports == 0)
		return range_in(outer, &all_ports);
	for (size_t i = 0; i < inner->n_ports; i++)
		if (!range_in(outer, &inner->ports[i]))
			return false;
	return true;
}

static bool ports_meet(const struct endpoint *a, const struct endpoint *b)
{
	if (a->n_ports == 0 || b->n_ports == 0)
		return true;
	for (size_t i = 0; i < a->n_ports; i++)
		for (size_t j = 0; j < b->n_ports; j++)
			if (a->ports[i].first <= b->ports[j].last &&
				b->ports[j].first <= a->ports[i].last)
				return true;
	return false;
}

static bool target_contains(const struct endpoint *outer, const struct endpoint *inner)
{
	unsigned whole = outer->prefix / 8, rest = outer->prefix % 8;

	if (outer->target == ENDPOINT_ANY)
		return true;
	if (outer->target != inner->target || outer->target == ENDPOINT_HOST ||
		outer->prefix > inner->prefix)
		return false;
	if (memcmp(outer->address, inner->address, whole) != 0)
		return false;
	return rest == 0 || ((outer->address[whole] ^ inner->address[whole]) >> (8 - rest)) == 0;
}

static bool contains(const struct endpoint *outer, const struct endpoint *inner)
{
	return outer->protocol == inner->protocol && target_contains(outer, inner) &&
	       ports_contain(outer, inner);
}

/* Of two networks that meet one contains the other. What a name stands for is not known here. */
static bool meet(const struct endpoint *a, const struct endpoint *b)
{
	return a->protocol == b->protocol && ports_meet(a, b) &&
	       (a->target == ENDPOINT_HOST || b->target == ENDPOINT_HOST || target_contains(a, b) ||
		       target_contains(b, a));
}

static void lint_denied(struct policy_check *check, const struct include_list *files,
	const struct endpoint_rule *connect)
{
	const struct policy *policy = check->policy;
	struct diag_place place;

	for (size_t i = 0; i < policy->network.n_deny_rules; i++) {
		if (!contains(&policy->network.deny_rules[i].endpoint, &connect->endpoint))
			continue;
		place = include_list_place(files, &connect->rule);
		diag_warning(check->diags, &place, "connect-denied", NULL,
			"allows nothing: deny takes all of it out (%s:%u)",
			policy->network.deny_rules[i].rule.file,
			policy->network.deny_rules[i].rule.line);
		return;
	}
}

static void lint_deny(struct policy_check *check, const struct include_list *files,
	const struct endpoint_rule *deny)
{
	const struct policy *policy = check->policy;
	struct diag_place place;

	if (policy->network.connect == LIST_ANY)
		return;
	for (size_t i = 0; i < policy->network.n_connect_rules; i++)
		if (meet(&deny->endpoint, &policy->network.connect_rules[i].endpoint))
			return;
	place = include_list_place(files, &deny->rule);
	diag_warning(check->diags, &place, "deny-without-effect", NULL,
		"takes nothing out: connect does not allow any of it");
}

/* A name whose ports are all ports is hardly that of a name server. */
static bool is_dns(const struct endpoint *endpoint)
{
	static const struct port_range dns = {PORT_DNS, PORT_DNS};

	return endpoint->protocol != ENDPOINT_ICMP && range_in(endpoint, &dns) &&
	       (endpoint->target != ENDPOINT_HOST || endpoint->n_ports > 0);
}

/*
 * Only a hint: a local resolver's socket may be there, by `unix` or because it always is allowed,
 * and what answers behind it is nothing that a text can tell.
 */
static void lint_names(struct policy_check *check, const struct include_list *files)
{
	const struct policy *policy = check->policy;
	const struct endpoint_rule *name = NULL;
	struct diag_place place;

	for (size_t i = policy->network.n_connect_rules; i-- > 0;) {
		const struct endpoint_rule *rule = &policy->network.connect_rules[i];

		if (is_dns(&rule->endpoint))
			return;
		if (rule->endpoint.target == ENDPOINT_HOST)
			name = rule;
	}
	if (!name)
		return;
	place = include_list_place(files, &name->rule);
	diag_warning(check->diags, &place, "names-without-dns", NULL,
		"no rule lets the session itself look names up (as udp://ADDRESS:53 would); it "
		"needs a local resolver with a UNIX socket, such as systemd-resolved or nscd");
}

static bool all_in(const struct syscalls *calls, const struct syscalls *others)
{
	struct syscalls left = *calls;

	syscalls_remove(&left, others);
	return syscalls_count(&left) == 0;
}

/* A word that adds nothing; one for calls that this machine has not says nothing here. */
static void lint_allow(struct policy_check *check, const struct include_list *files,
	const struct filter_denials *denials, const struct syscall_rule *allow)
{
	const struct policy *policy = check->policy;
	struct diag_place place = include_list_place(files, &allow->rule);
	struct syscalls denied = {0}, profile;

	if (syscalls_count(&allow->calls) == 0)
		return;
	for (size_t i = 0; i < policy->syscalls.n_deny_rules; i++)
		syscalls_unite(&denied, &policy->syscalls.deny_rules[i].calls);
	profile_calls(policy->syscalls.profile, SYSCALLS_NATIVE, &profile);
	syscalls_remove(&profile, &denials->optional);
	if (all_in(&allow->calls, &denied))
		diag_warning(check->diags, &place, "allow-denied", NULL,
			"adds nothing: deny takes all of it out");
	else if (!policy->ipc.sysv && all_in(&allow->calls, &denials->sysv))
		diag_warning(check->diags, &place, "allow-sysv", NULL,
			"adds nothing without \"sysv = yes\" in [ipc]");
	else if (all_in(&allow->calls, &profile))
		diag_warning(check->diags, &place, "allow-without-effect", NULL,
			"adds nothing: the profile \"%s\" has it",
			profiles[policy->syscalls.profile].name);
}

/* The section says where one may connect, and the profile that one may not at all. */
static void lint_profile(struct policy_check *check, const struct include_list *files)
{
	const struct policy *policy = check->policy;
	struct diag_place place = include_list_place(files, &policy->syscalls.profile_rule);
	struct syscalls allowed = filter_profile_allowed(policy, SYSCALLS_NATIVE), needed = {0};

	syscalls_add_word(&needed, SYSCALLS_NATIVE, "socket", strlen("socket"));
	syscalls_add_word(&needed, SYSCALLS_NATIVE, "connect", strlen("connect"));
	if (policy->network.connect != LIST_NONE && !all_in(&needed, &allowed))
		diag_warning(check->diags, &place, "profile-without-network", NULL,
			"[network] allows connections, but the profile \"%s\" has no sockets",
			profiles[policy->syscalls.profile].name);
}

static void lint_syscalls(struct policy_check *check, const struct include_list *files)
{
	const struct policy *policy = check->policy;
	const struct filter_spec any = {0};
	struct filter_denials denials;

	if (policy->syscalls.n_allow_rules > 0)
		filter_denials(&any, &denials);
	for (size_t i = 0; i < policy->syscalls.n_allow_rules; i++)
		lint_allow(check, files, &denials, &policy->syscalls.allow_rules[i]);
	if (policy->syscalls.profile_rule.id && policy->network.present)
		lint_profile(check, files);
}

static void warn_any(struct policy_check *check, const struct include_list *files,
	const struct rule *rule, const char *text)
{
	struct diag_place place = include_list_place(files, rule);

	diag_warning(check->diags, &place, "network-any", NULL, "%s", text);
}

/* A network of all addresses of one family is as good as both. */
static bool is_everywhere(const struct endpoint *endpoint)
{
	return endpoint->target == ENDPOINT_ANY ||
	       (endpoint->target != ENDPOINT_HOST && endpoint->prefix == 0);
}

/* `deny` alone is a choice that was made; `any` may be one that was put off. */
static void lint_any(struct policy_check *check, const struct include_list *files)
{
	static const char everywhere[] = "every address and port may be reached";
	static const char family[] = "every address of its family, and every port, may be reached";
	const struct policy *policy = check->policy;

	if (policy->network.connect_any.id)
		warn_any(check, files, &policy->network.connect_any, everywhere);
	for (size_t i = 0; i < policy->network.n_connect_rules; i++) {
		const struct endpoint_rule *rule = &policy->network.connect_rules[i];

		if (is_everywhere(&rule->endpoint) && range_in(&rule->endpoint, &all_ports) &&
			rule->endpoint.protocol != ENDPOINT_ICMP)
			warn_any(check, files, &rule->rule,
				rule->endpoint.target == ENDPOINT_ANY ? everywhere : family);
	}
	if (policy->network.bind_any.id)
		warn_any(check, files, &policy->network.bind_any, "every port may be listened on");
}

static bool is_complaining(const struct policy_draft *draft, const struct draft_span **ret_word)
{
	for (size_t i = 0; i < draft->n_keys; i++) {
		const struct draft_key *key = &draft->keys[i];
		const struct draft_span *section = &draft->sections[key->section].name;

		*ret_word = &key->words[0];
		if (str_equal(section->text, section->length, "policy") &&
			str_equal(key->name.text, key->name.length, "mode") &&
			str_equal(key->words[0].text, key->words[0].length, "complain"))
			return true;
	}
	return false;
}

/* By the file's age: whoever changed it since has seen the line. */
static void lint_complain(struct policy_check *check, const struct include_list *files)
{
	const struct policy_draft *draft = files->files[0].draft;
	const struct draft_span *word;
	struct diag_place place;
	time_t age = time(NULL) - check->options->written;

	if (check->options->written == 0 || age <= COMPLAIN_DAYS * DAY ||
		!is_complaining(draft, &word))
		return;
	place = policy_draft_place(draft, word);
	diag_warning(check->diags, &place, "complain-old", NULL,
		"nothing has been denied for %lld days: the file was last changed then",
		(long long)(age / DAY));
}

void lint_policy(struct policy_check *check, const struct include_list *files)
{
	const struct policy *policy = check->policy;

	/* What an error left out may be what a warning would miss. */
	if (!check->options->lint || check->error != 0 || diag_failed(check->diags))
		return;
	lint_empty(check, files);
	lint_names(check, files);
	lint_syscalls(check, files);
	lint_any(check, files);
	lint_complain(check, files);
	lint_files(check, files);
	lint_shell(check);
	for (size_t i = 0; i < policy->network.n_connect_rules; i++)
		lint_denied(check, files, &policy->network.connect_rules[i]);
	for (size_t i = 0; i < policy->network.n_deny_rules; i++)
		lint_deny(check, files, &policy->network.deny_rules[i]);
}
