/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Warnings for people. Looks at the policy that was made, and for missing paths at the machine. */

#include "policy-lint.h"

#include <stdio.h>

#include "str.h"

#define PORT_DNS 53

/* Only where the machine can say so: a specifier stands for something else at each login. */
void lint_missing_path(
	struct policy_check *check, const struct draft_span *word, const struct path_rule *rule)
{
	struct diag_place place = policy_draft_place(check->draft, word);
	_cleanup_free_ char *path = NULL;

	if (!check->options->lint || rule->may_be_missing || memchr(word->text, '%', word->length))
		return;
	path = str_format("%s%s", check->options->dirs->root, rule->path);
	if (!path) {
		check_out_of_memory(check);
		return;
	}
	if (access(path, F_OK) < 0 && (errno == ENOENT || errno == ENOTDIR))
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
		policy->ipc.signal != SCOPE_UNSET || policy->ipc.abstract_unix != SCOPE_UNSET)
		return;
	diag_warning(check->diags, &place, "empty-policy", NULL,
		"restricts nothing but what is always denied");
}

/* Words stand in a draft in the order of the text. */
static int compare_place(const void *a, const void *b)
{
	const struct rule *rule = a;
	const struct draft_span *word = b;

	if (rule->line != word->line)
		return rule->line < word->line ? -1 : 1;
	return rule->column < word->column ? -1 : rule->column > word->column;
}

/* The word that made a rule. */
static struct diag_place place_of(const struct include_list *files, const struct rule *rule)
{
	for (size_t i = 0; i < files->n_files; i++) {
		const struct policy_draft *draft = files->files[i].draft;
		const struct draft_span *word = NULL;

		if (draft && strcmp(draft->file, rule->file) == 0)
			word = bsearch(
				rule, draft->words, draft->n_words, sizeof(*word), compare_place);
		if (word)
			return policy_draft_place(draft, word);
	}
	return (struct diag_place){.file = rule->file, .line = rule->line, .column = rule->column};
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
	static const struct port_range all = {1, UINT16_MAX};

	if (inner->n_ports == 0)
		return range_in(outer, &all);
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
		place = place_of(files, &connect->rule);
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
	place = place_of(files, &deny->rule);
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
	place = place_of(files, &name->rule);
	diag_warning(check->diags, &place, "names-without-dns", NULL,
		"no rule lets the session itself look names up (as udp://ADDRESS:53 would); it "
		"needs a local resolver with a UNIX socket, such as systemd-resolved or nscd");
}

void lint_policy(struct policy_check *check, const struct include_list *files)
{
	const struct policy *policy = check->policy;

	/* What an error left out may be what a warning would miss. */
	if (!check->options->lint || check->error != 0 || diag_failed(check->diags))
		return;
	lint_empty(check, files);
	lint_names(check, files);
	for (size_t i = 0; i < policy->network.n_connect_rules; i++)
		lint_denied(check, files, &policy->network.connect_rules[i]);
	for (size_t i = 0; i < policy->network.n_deny_rules; i++)
		lint_deny(check, files, &policy->network.deny_rules[i]);
}
