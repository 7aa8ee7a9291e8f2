/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Grants that reach beyond the session: what is written under them is run or believed by somebody
 * who is not confined. By the words of the policy; links are not followed.
 */

#include "policy-lint.h"

#include <stdio.h>

#include "access.h"
#include "str.h"

#define CREATES                                                                                    \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SYM)

/* Beneath the home. */
static const char *const of_home[] = {
	".bashrc",
	".profile",
	".bash_profile",
	".zshrc",
	".ssh/authorized_keys",
	".config/systemd/user",
	".config/autostart",
};

/* Where crontab(1) and at(1) keep jobs. */
static const char *const spools[] = {"/var/spool/cron", "/var/spool/at"};

static const char *const system_folders[] = {
	"/etc",
	"/usr",
	"/bin",
	"/sbin",
	"/lib",
	"/lib32",
	"/lib64",
	"/libx32",
	"/boot",
};

bool lint_covers(const char *outer, const char *inner)
{
	size_t n = 0;

	/* Most differ early. */
	while (outer[n] && outer[n] == inner[n])
		n++;
	if (outer[n] && (outer[n] != '/' || outer[n + strspn(outer + n, "/")]))
		return false;
	while (n > 0 && outer[n - 1] == '/')
		n--;
	return inner[n] == '\0' || inner[n] == '/';
}

const char *lint_home(const struct policy_check *check)
{
	const struct identity *identity = check->options->identity;

	return identity ? identity->home : "%h";
}

bool lint_covers_home(const struct policy_check *check, const char *path)
{
	if (lint_covers(path, lint_home(check)))
		return true;
	if (check->options->identity)
		return false;
	/* Whose home it is is not known: where homes usually are. */
	return lint_covers(path, "/home") || strcmp(path, "/home/%u") == 0;
}

static bool meets(const char *path, const char *other)
{
	size_t n = 0;

	while (path[n] && path[n] == other[n])
		n++;
	/* Names that differ: most do. */
	if (path[n] && path[n] != '/' && other[n] && other[n] != '/')
		return false;
	return lint_covers(path, other) || lint_covers(other, path);
}

static void add_found(struct str *found, const char *what)
{
	str_puts(found, found->length ? ", " : "");
	str_puts(found, what);
}

/* Those of the home, with the home before them. */
struct persistent {
	char *paths[ARRAY_SIZE(of_home)];
};

static void persistent_done(struct persistent *persistent)
{
	for (size_t i = 0; i < ARRAY_SIZE(of_home); i++)
		free(persistent->paths[i]);
}

/* False without memory. */
static bool persistent_find(struct policy_check *check, struct persistent *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(of_home); i++) {
		ret->paths[i] = str_format("%s/%s", lint_home(check), of_home[i]);
		if (!ret->paths[i])
			check_out_of_memory(check);
	}
	return check->error == 0;
}

/* Which of the files one grant reaches. */
static void find_persistence(const struct policy_check *check, const struct persistent *persistent,
	const struct path_rule *rule, struct str *found)
{
	bool whole_home = lint_covers_home(check, rule->path);

	for (size_t i = 0; i < ARRAY_SIZE(of_home); i++)
		if (whole_home || meets(rule->path, persistent->paths[i]))
			add_found(found, of_home[i]);
	for (size_t i = 0; i < ARRAY_SIZE(spools); i++)
		if (meets(rule->path, spools[i]))
			add_found(found, spools[i]);
}

static void lint_persistence(struct policy_check *check, const struct include_list *files,
	const struct persistent *persistent, const struct path_rule *rule)
{
	_cleanup_str_ struct str found = STR_INIT;
	struct diag_place place;

	find_persistence(check, persistent, rule, &found);
	if (found.failed)
		check_out_of_memory(check);
	if (found.failed || found.length == 0)
		return;
	place = include_list_place(files, &rule->rule);
	diag_warning(check->diags, &place, "persistence", NULL,
		"a session can leave behind what later logins run or believe, confined or "
		"not: %s",
		found.text);
}

static void lint_system(
	struct policy_check *check, const struct include_list *files, const struct path_rule *rule)
{
	struct diag_place place;

	for (size_t i = 0; i < ARRAY_SIZE(system_folders); i++) {
		if (!meets(rule->path, system_folders[i]))
			continue;
		place = include_list_place(files, &rule->rule);
		diag_warning(check->diags, &place, "writes-system", NULL,
			"grants to change files of the system, which others run and believe: %s",
			system_folders[i]);
		return;
	}
}

/* One that is not there holds nothing; where that cannot be seen, it is taken to be there. */
static bool home_holds_ssh(const struct policy_check *check)
{
	const struct identity *identity = check->options->identity;
	_cleanup_free_ char *path = NULL;

	if (!identity)
		return true;
	path = str_format("%s%s/.ssh", check->options->dirs->root, identity->home);
	return !path || access(path, F_OK) == 0 || errno == EACCES;
}

static void lint_home_program(struct policy_check *check, const struct include_list *files)
{
	const struct policy *policy = check->policy;
	const struct path_rule *writes = NULL;
	uint64_t access = 0;
	struct diag_place place;

	for (size_t i = 0; i < policy->filesystem.n_rules; i++) {
		const struct path_rule *rule = &policy->filesystem.rules[i];

		if (!lint_covers_home(check, rule->path))
			continue;
		access |= rule->access;
		if (rule->access & CREATES)
			writes = rule;
	}
	if (!writes || !(access & LANDLOCK_ACCESS_FS_EXECUTE) || !home_holds_ssh(check))
		return;
	place = include_list_place(files, &writes->rule);
	diag_warning(check->diags, &place, "home-write-execute", NULL,
		"the home can be written and executed, and holds .ssh: whatever runs there once "
		"can stay, and has the keys");
}

void lint_files(struct policy_check *check, const struct include_list *files)
{
	_cleanup_(persistent_done) struct persistent persistent = {0};
	const struct policy *policy = check->policy;

	if (!persistent_find(check, &persistent))
		return;
	for (size_t i = 0; i < policy->filesystem.n_rules && check->error == 0; i++) {
		const struct path_rule *rule = &policy->filesystem.rules[i];

		if (!(rule->access & CREATES))
			continue;
		lint_persistence(check, files, &persistent, rule);
		lint_system(check, files, rule);
	}
	lint_home_program(check, files);
}
