/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * draft -> policy, draft -> settings: walks the files, nearest first, and hands every key to the
 * handler that its row of the table names.
 */

#include "policy-check.h"

#include "access.h"
#include "policy-chars.h"
#include "policy-include.h"
#include "policy-lint.h"
#include "policy-path.h"
#include "str.h"

/* Single values that are written already: the nearer file's holds. */
struct written {
	bool *keys; /* by index into policy_keys */
};

static void refuse_key(struct policy_check *check, const struct policy_section *section,
	const struct draft_span *name)
{
	const char *nearest = policy_key_nearest(section, name->text, name->length);

	for (size_t i = 0; i < n_policy_sections; i++) {
		const struct policy_section *other = &policy_sections[i];

		if (other == section || !policy_key_find(other, name->text, name->length))
			continue;
		if (nearest && *nearest)
			break;
		check_refuse(check, name, "unknown-key", NULL,
			"[%s] has no key \"%.*s\"; it belongs in [%s]%s", section->name,
			(int)name->length, name->text, other->name,
			other->conf && !section->conf ? " of sandlock.conf" : "");
		return;
	}
	check_refuse(check, name, "unknown-key", nearest, "[%s] has no key \"%.*s\"", section->name,
		(int)name->length, name->text);
}

static bool check_label(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	if (draft->label.length > 0 && key->label == KEY_LABEL_NONE) {
		check_refuse(check, &draft->label, "label-not-allowed", NULL,
			"\"%s\" takes no label", key->name);
		return false;
	}
	if (draft->label.length == 0 && key->label == KEY_LABEL_REQUIRED) {
		check_refuse(check, &draft->name, "label-missing", NULL,
			"\"%s\" needs a label: %s.LABEL", key->name, key->name);
		return false;
	}
	return true;
}

/* `mode` and `services` are the applying file's own affair. */
static bool check_may_include(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	if (!check->include || strcmp(key->section, "policy") != 0 ||
		!str_in_choices(key->name, strlen(key->name), "mode|services", NULL))
		return true;
	check_refuse(check, &draft->name, "not-in-include", NULL,
		"\"%s\" may not stand in an included file", key->name);
	return false;
}

static bool check_word_count(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft)
{
	if (key->list || key->type == KEY_TEXT || draft->n_words == 1)
		return true;
	check_refuse(
		check, &draft->words[1], "one-value", NULL, "\"%s\" takes one value", key->name);
	return false;
}

static void apply_key(struct policy_check *check, const struct policy_section *section,
	const struct draft_key *draft, struct written *written)
{
	const struct policy_key *key = policy_key_find(
		section, draft->name.text, draft->name.length);
	bool ok;

	if (!key) {
		refuse_key(check, section, &draft->name);
		return;
	}
	if (!policy_key_supported(key)) {
		check_refuse(check, &draft->name, "not-supported", NULL,
			"[%s] %s is not supported by this version", key->section, key->name);
		return;
	}
	ok = check_label(check, key, draft);
	ok = check_may_include(check, key, draft) && ok;
	ok = check_word_count(check, key, draft) && ok;
	/* Labels tell values apart. */
	if (!ok || (!key->list && key->label == KEY_LABEL_NONE && written->keys[key - policy_keys]))
		return;
	written->keys[key - policy_keys] = true;
	key->apply(check, key, draft);
}

static void refuse_section(struct policy_check *check, const struct draft_span *name,
	const struct policy_section *known, bool conf)
{
	if (known)
		check_refuse(check, name, "unknown-section", NULL,
			known->conf ? "[%s] belongs in sandlock.conf"
				    : "[%s] belongs in a policy, not in sandlock.conf",
			known->name);
	else
		check_refuse(check, name, "unknown-section",
			policy_section_nearest(name->text, name->length, conf),
			"there is no section [%.*s]", (int)name->length, name->text);
}

/* What an unknown section holds is not looked at: one finding is enough. */
static void apply_file(
	struct policy_check *check, const struct policy_draft *draft, struct written *written)
{
	bool conf = check->settings != NULL;
	size_t key = 0;

	check->draft = draft;
	for (size_t i = 0; i < draft->n_sections; i++) {
		const struct draft_span *name = &draft->sections[i].name;
		const struct policy_section *section = policy_section_find(
			name->text, name->length);
		size_t end = key + draft->sections[i].n_keys;

		if (!section || section->conf != conf) {
			refuse_section(check, name, section, conf);
			key = end;
			continue;
		}
		if (check->policy && strcmp(section->name, "filesystem") == 0)
			check->policy->filesystem.present = true;
		if (check->policy && strcmp(section->name, "network") == 0)
			check->policy->network.present = true;
		for (; key < end && check->error == 0; key++)
			apply_key(check, section, &draft->keys[key], written);
	}
}

static bool grants_sockets(const struct path_rule *rule)
{
	return (rule->access & ACCESS_WRITE) == ACCESS_WRITE;
}

/* `rule` and `path` are of the policy; the identity's home, /tmp ... have no rule. */
static void add_tree(struct policy_check *check, const struct rule *rule, const char *path)
{
	struct policy *policy = check->policy;
	size_t n = policy->network.n_unix_trees;
	struct path_rule *trees = check_grow(check, policy->network.unix_trees, n, sizeof(*trees));

	if (!trees)
		return;
	policy->network.unix_trees = trees;
	policy->network.n_unix_trees++;
	trees[n] = (struct path_rule){.path = path, .may_be_missing = true};
	if (rule)
		trees[n].rule = *rule;
}

/* A home that is the root, or is none, opens nothing: everything lies beneath it. */
static void add_unix_trees(struct policy_check *check)
{
	const struct policy *policy = check->policy;
	const struct identity *identity = check->options->identity;
	struct path_error error;
	const char *home = NULL;
	bool may_be_missing;
	int r;

	if (policy->filesystem.present) {
		for (size_t i = 0; i < policy->filesystem.n_rules; i++)
			if (grants_sockets(&policy->filesystem.rules[i]))
				add_tree(check, &policy->filesystem.rules[i].rule,
					policy->filesystem.rules[i].path);
		return;
	}
	r = policy_path_expand("%h", 2, identity, true, &check->scratch, &may_be_missing, &error);
	if (r < 0)
		check_out_of_memory(check);
	if (r == 0)
		home = check_keep(check, check->scratch.text);
	if (home)
		add_tree(check, NULL, home);
	add_tree(check, NULL, "/tmp");
	add_tree(check, NULL, "/var/tmp");
}

static struct policy *policy_new(const struct policy_check_options *options, const char *file)
{
	struct policy *policy = calloc(1, sizeof(*policy));

	if (!policy)
		return NULL;
	policy->syscalls.error = EPERM;
	policy->log.denials = true;
	policy->log.rate = POLICY_RATE;
	policy->log.rate_period = 1;
	policy->name = strdup(options->name);
	policy->file = strdup(file);
	return policy->name && policy->file ? policy : policy_free(policy);
}

static void apply_all(struct policy_check *check, const struct policy_draft *draft)
{
	_cleanup_(include_list_done) struct include_list files = {0};
	_cleanup_free_ bool *keys = calloc(n_policy_keys, sizeof(*keys));
	struct written written = {keys};

	if (!keys) {
		check_out_of_memory(check);
		return;
	}
	include_resolve(check, draft, &files);
	for (size_t i = 0; i < files.n_files && check->error == 0; i++) {
		check->include = files.files[i].name;
		if (files.files[i].draft)
			apply_file(check, files.files[i].draft, &written);
	}
	/* `deny` alone is everything but that. */
	if (!check->connect.first && check->policy->network.n_deny_rules > 0)
		check->policy->network.connect = LIST_ANY;
	if (check->policy->network.present)
		add_unix_trees(check);
	check_syscalls(check, &files);
	lint_policy(check, &files);
}

int policy_check(const struct policy_check_options *options, const struct policy_draft *draft,
	struct diag_list *diags, struct policy **ret)
{
	struct policy_check check = {.options = options, .diags = diags};

	check.policy = policy_new(options, draft->file);
	if (!check.policy)
		return -ENOMEM;
	apply_all(&check, draft);
	str_done(&check.scratch);
	if (check.error == 0 && diags->out_of_memory)
		check.error = -ENOMEM;
	if (check.error == 0 && diag_failed(diags))
		check.error = POLICY_E_INVALID;
	if (check.error != 0) {
		policy_free(check.policy);
		return check.error;
	}
	*ret = check.policy;
	return 0;
}

int settings_check(const struct policy_draft *draft, struct diag_list *diags, struct settings *ret)
{
	static const struct policy_check_options options = {.name = "sandlock.conf"};
	struct settings settings = SETTINGS_DEFAULT;
	struct policy_check check = {.options = &options, .diags = diags, .settings = &settings};
	_cleanup_free_ bool *keys = calloc(n_policy_keys, sizeof(*keys));
	struct written written = {keys};

	if (!keys)
		return -ENOMEM;
	apply_file(&check, draft, &written);
	str_done(&check.scratch);
	if (check.error == 0 && diags->out_of_memory)
		check.error = -ENOMEM;
	if (check.error == 0 && diag_failed(diags))
		check.error = POLICY_E_INVALID;
	if (check.error != 0) {
		settings_done(&settings);
		return check.error;
	}
	*ret = settings;
	return 0;
}

bool policy_draft_serves(const struct policy_draft *draft, const char *service)
{
	bool named = false;

	for (size_t i = 0; i < draft->n_keys; i++) {
		const struct draft_key *key = &draft->keys[i];
		const struct draft_span *section = &draft->sections[key->section].name;

		if (!str_equal(section->text, section->length, "policy") ||
			!str_equal(key->name.text, key->name.length, "services"))
			continue;
		named = true;
		for (size_t j = 0; j < key->n_words; j++) {
			const struct draft_span *word = &key->words[j];

			/* A word that the check refuses must reach the check. */
			if (str_equal(word->text, word->length, service) || key->label.length > 0 ||
				!is_label(word->text, word->length))
				return true;
		}
	}
	return !named;
}
