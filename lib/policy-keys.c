/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The sections of the language, and how to look things up in the table (policy-keys-table.c). */

#include "policy-keys.h"

#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "str.h"

const struct policy_section policy_sections[] = {
	{"policy", "what the file is and to whom it applies", false},
	{"filesystem", "present: everything not listed is denied; absent: files are free", false},
	{"network", "present: only what is listed; absent: not restricted", false},
	{"ipc", "signals and sockets between processes", false},
	{"syscalls", "system calls beyond what is always denied", false},
	{"limits", "what a session may use up", false},
	{"session", "how a session looks from inside", false},
	{"log", "what is told", false},
	{"lint", "findings of the check that are meant so", false},
	{"sandlock", "settings for all users", true},
};

const size_t n_policy_sections = ARRAY_SIZE(policy_sections);

const struct policy_section *policy_section_find(const char *name, size_t length)
{
	for (size_t i = 0; i < n_policy_sections; i++)
		if (str_equal(name, length, policy_sections[i].name))
			return &policy_sections[i];
	return NULL;
}

const struct policy_key *policy_key_find(
	const struct policy_section *section, const char *name, size_t length)
{
	for (size_t i = 0; i < n_policy_keys; i++)
		if (strcmp(policy_keys[i].section, section->name) == 0 &&
			str_equal(name, length, policy_keys[i].name))
			return &policy_keys[i];
	return NULL;
}

const char *policy_section_nearest(const char *name, size_t length, bool conf)
{
	struct str_nearest nearest = STR_NEAREST(name, length);

	for (size_t i = 0; i < n_policy_sections; i++)
		if (policy_sections[i].conf == conf)
			str_nearest_offer(&nearest, policy_sections[i].name);
	return nearest.best;
}

const char *policy_key_nearest(
	const struct policy_section *section, const char *name, size_t length)
{
	struct str_nearest nearest = STR_NEAREST(name, length);

	for (size_t i = 0; i < n_policy_keys; i++)
		if (strcmp(policy_keys[i].section, section->name) == 0)
			str_nearest_offer(&nearest, policy_keys[i].name);
	return nearest.best;
}

const char *policy_key_type(const struct policy_key *key, char buffer[POLICY_KEY_TYPE_MAX])
{
	static const struct {
		const char *one, *many;
	} words[] = {
		[KEY_BOOL] = {"yes|no", NULL},
		[KEY_NUMBER] = {"number", NULL},
		[KEY_SIZE] = {"size", NULL},
		[KEY_DURATION] = {"duration", NULL},
		[KEY_RATE] = {"number/s or number/min", NULL},
		[KEY_OCTAL] = {"octal number", NULL},
		[KEY_TEXT] = {"text", NULL},
		[KEY_CHOICE] = {"", NULL},
		[KEY_NAME] = {"name", "names"},
		[KEY_GROUP] = {"group", "groups"},
		[KEY_PATH] = {"path", "paths"},
		[KEY_RIGHTS] = {NULL, "rights:path"},
		[KEY_ENDPOINT] = {NULL, "endpoints"},
		[KEY_PORTS] = {NULL, "ports"},
		[KEY_SYSCALL] = {NULL, "calls and @sets"},
		[KEY_ERRNO] = {"errno name", NULL},
		[KEY_CPUS] = {NULL, "cores and ranges"},
		[KEY_ENV] = {NULL, "NAME=value"},
		[KEY_GPUS] = {NULL, "numbers"},
	};
	const char *type = key->list ? words[key->type].many : words[key->type].one;

	snprintf(buffer, POLICY_KEY_TYPE_MAX, "%s%s%s", type, *type && key->choices ? "|" : "",
		key->choices ? key->choices : "");
	return buffer;
}
