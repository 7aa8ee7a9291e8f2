/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Whether a login shell could start under the grants of one layer. Computed, not tried: by the
 * program files of this machine and by the rules, as Landlock would put them together.
 */

#include "policy-lint.h"

#include <stdio.h>

#include "access.h"
#include "login-shell.h"
#include "path-resolve.h"
#include "str.h"

#define ACCESS_TERMINAL                                                                            \
	(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |                            \
		LANDLOCK_ACCESS_FS_IOCTL_DEV)

/* Where nobody's shell is meant: one of them. */
static const char *const usual_shells[] = {"/bin/bash", "/bin/sh"};

/* Rules whose words already say so cost no look at the machine; most are. At least `wanted`. */
static uint64_t access_by_words(const struct policy_check *check, const char *path, uint64_t wanted)
{
	const struct policy *policy = check->policy;
	uint64_t access = 0;

	for (size_t i = 0; i < policy->filesystem.n_rules && (access & wanted) != wanted; i++)
		if (lint_covers(policy->filesystem.rules[i].path, path))
			access |= policy->filesystem.rules[i].access;
	return access;
}

/* The same behind symbolic links. */
static uint64_t access_by_links(struct policy_check *check, const char *path)
{
	const struct policy *policy = check->policy;
	uint64_t access = 0;

	for (size_t i = 0; i < policy->filesystem.n_rules; i++) {
		const struct path_rule *rule = &policy->filesystem.rules[i];
		_cleanup_free_ char *resolved = NULL;
		int r = -ENOENT;

		if (rule->path[0] == '/')
			r = path_resolve(check->options->dirs->root, rule->path, &resolved);
		if (r == -ENOMEM)
			check_out_of_memory(check);
		if (r == 0 && lint_covers(resolved, path))
			access |= rule->access;
	}
	return access;
}

static bool is_granted(struct policy_check *check, const char *path, uint64_t access)
{
	uint64_t granted = access_by_words(check, path, access);

	if ((granted & access) == access)
		return true;
	granted |= access_by_links(check, path);
	return (granted & access) == access;
}

/* "%s" stands for the shell where no user is known. */
static bool is_granted_as_shell(const struct policy_check *check, uint64_t access)
{
	const struct policy *policy = check->policy;

	for (size_t i = 0; i < policy->filesystem.n_rules; i++)
		if (strcmp(policy->filesystem.rules[i].path, "%s") == 0 &&
			(policy->filesystem.rules[i].access & access) == access)
			return true;
	return false;
}

/* The first thing that is out of reach, or NULL. */
static const struct shell_need *find_lacking(
	struct policy_check *check, const struct shell_needs *needs)
{
	for (size_t i = 0; i < needs->n_needs; i++) {
		const struct shell_need *need = &needs->needs[i];

		if (i == 0 && is_granted_as_shell(check, need->access))
			continue;
		if (!is_granted(check, need->path, need->access))
			return need;
	}
	return NULL;
}

static void report(struct policy_check *check, const char *shell, const struct shell_need *lacking)
{
	const struct diag_place place = {.file = check->policy->file};
	const char *grant = lacking->access & LANDLOCK_ACCESS_FS_EXECUTE ? "execute" : "read";

	diag_warning(check->diags, &place, "shell-cannot-start", NULL,
		"a login shell could not start: %s needs \"%s\" on %s", shell, grant,
		lacking->path);
}

/* Whether one shell could start; NULL lacking where it could, or is not there. */
enum outcome {
	ABSENT,
	STARTS,
	LACKS,
};

/*
 * What the shells of this machine need is the same for every file of a check; following a program
 * costs more than all the rest of it. Kept until the process ends.
 */
static struct known_shell {
	char *root, *program;
	int r; /* of shell_needs_find() */
	struct shell_needs needs;
} known_shells[4];

static bool is_known_shell(const struct known_shell *known, const char *root, const char *program)
{
	return known->program && strcmp(known->root, root) == 0 &&
	       strcmp(known->program, program) == 0;
}

/* The one of them it is, or is made to be: the oldest goes. NULL without memory. */
static const struct known_shell *know_shell(const char *root, const char *program)
{
	static size_t next;
	struct known_shell *known;

	for (size_t i = 0; i < ARRAY_SIZE(known_shells); i++)
		if (is_known_shell(&known_shells[i], root, program))
			return &known_shells[i];
	known = &known_shells[next++ % ARRAY_SIZE(known_shells)];
	free(known->root);
	free(known->program);
	shell_needs_done(&known->needs);
	*known = (struct known_shell){.root = strdup(root), .program = strdup(program)};
	if (known->root && known->program)
		known->r = shell_needs_find(root, program, &known->needs);
	else
		known->r = -ENOMEM;
	if (known->r != -ENOMEM)
		return known;
	free(known->root);
	free(known->program);
	*known = (struct known_shell){0};
	return NULL;
}

static enum outcome try_shell(struct policy_check *check, const char *shell, bool tell)
{
	const struct known_shell *known = know_shell(check->options->dirs->root, shell);
	const struct shell_need *lacking;

	if (!known)
		check_out_of_memory(check);
	if (!known || known->r < 0)
		return ABSENT;
	lacking = find_lacking(check, &known->needs);
	if (lacking && tell)
		report(check, shell, lacking);
	return lacking ? LACKS : STARTS;
}

/* It is not to start. */
static bool is_no_shell(const char *shell)
{
	const char *slash = strrchr(shell, '/');

	return str_in_choices(slash ? slash + 1 : shell, strlen(slash ? slash + 1 : shell),
		"nologin|false", NULL);
}

/* Any of the usual ones will do. */
static enum outcome try_usual(struct policy_check *check)
{
	const char *first = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(usual_shells); i++) {
		enum outcome outcome = try_shell(check, usual_shells[i], false);

		if (outcome == STARTS)
			return STARTS;
		if (outcome == LACKS && !first)
			first = usual_shells[i];
	}
	return first ? try_shell(check, first, true) : ABSENT;
}

static enum outcome try_login(struct policy_check *check)
{
	const struct identity *identity = check->options->identity;
	const char *shell;

	if (!identity)
		return try_usual(check);
	/* An empty shell field is /bin/sh: passwd(5). */
	shell = identity->shell && *identity->shell ? identity->shell : "/bin/sh";
	return is_no_shell(shell) ? ABSENT : try_shell(check, shell, true);
}

static void lint_terminal(struct policy_check *check)
{
	static const char *const paths[] = {"/dev/tty", "/dev/pts"};
	const struct diag_place place = {.file = check->policy->file};

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		if (is_granted(check, paths[i], ACCESS_TERMINAL))
			continue;
		diag_warning(check->diags, &place, "shell-without-terminal", NULL,
			"a login shell could not open its terminal: it needs \"device\" on %s",
			paths[i]);
		return;
	}
}

static void lint_shell_home(struct policy_check *check)
{
	const struct diag_place place = {.file = check->policy->file};
	const struct policy *policy = check->policy;
	uint64_t access = 0;

	for (size_t i = 0; i < policy->filesystem.n_rules; i++)
		if (lint_covers_home(check, policy->filesystem.rules[i].path))
			access |= policy->filesystem.rules[i].access;
	if (check->options->identity && (access & ACCESS_READ) != ACCESS_READ)
		access |= access_by_links(check, check->options->identity->home);
	if ((access & ACCESS_READ) != ACCESS_READ)
		diag_warning(check->diags, &place, "shell-without-home", NULL,
			"a login shell would run in a home that it may not read: no rule grants "
			"\"read\" on %s",
			lint_home(check));
}

void lint_shell(struct policy_check *check)
{
	if (!check->policy->filesystem.present || check->options->fragment ||
		try_login(check) != STARTS)
		return;
	lint_terminal(check);
	lint_shell_home(check);
}
