/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sandlock-admin keys: the policy language, from its table. */

#include <stdio.h>
#include <string.h>

#include "listing.h"
#include "pager.h"
#include "policy-keys.h"
#include "screen.h"
#include "str.h"
#include "table.h"
#include "text.h"

#define INDENT          4
#define NAME_MAX_LENGTH 64

static const char *const label_names[] = {
	[KEY_LABEL_NONE] = "none",
	[KEY_LABEL_ALLOWED] = "allowed",
	[KEY_LABEL_REQUIRED] = "required",
};

/* "read[.LABEL]", "rights.LABEL" */
static const char *full_name(const struct policy_key *key, char buffer[NAME_MAX_LENGTH])
{
	static const char *const endings[] = {
		[KEY_LABEL_NONE] = "",
		[KEY_LABEL_ALLOWED] = "[.LABEL]",
		[KEY_LABEL_REQUIRED] = ".LABEL",
	};

	snprintf(buffer, NAME_MAX_LENGTH, "%s%s", key->name, endings[key->label]);
	return buffer;
}

/* Keys of later versions are refused by the check: they are no part of the language yet. */
static bool is_in(const struct policy_key *key, const struct policy_section *section)
{
	return policy_key_supported(key) && strcmp(key->section, section->name) == 0;
}

static bool has_keys(const struct policy_section *section)
{
	for (size_t i = 0; i < n_policy_keys; i++)
		if (is_in(&policy_keys[i], section))
			return true;
	return false;
}

static void put_key(struct json *json, const struct policy_key *key)
{
	char type[POLICY_KEY_TYPE_MAX];

	json_begin_object(json, NULL);
	json_string(json, "section", key->section);
	json_string(json, "key", key->name);
	json_string(json, "label", label_names[key->label]);
	json_string(json, "type", policy_key_type(key, type));
	json_bool(json, "list", key->list);
	json_string(json, "default", key->fallback);
	json_string(json, "since", key->since);
	json_string(json, "help", key->help);
	json_string(json, "description", key->man);
	json_end_object(json);
}

static void put_section(struct json *json, const struct policy_section *section)
{
	json_begin_object(json, NULL);
	json_string(json, "section", section->name);
	json_string(json, "file", section->conf ? "sandlock.conf" : "policy");
	json_string(json, "help", section->help);
	json_begin_array(json, "keys");
	for (size_t i = 0; i < n_policy_keys; i++)
		if (is_in(&policy_keys[i], section))
			put_key(json, &policy_keys[i]);
	json_end_array(json);
	json_end_object(json);
}

static void print_json(struct admin *admin, const void *only)
{
	struct json json;

	admin_json_begin(admin, &json);
	json_begin_array(&json, "sections");
	for (size_t i = 0; i < n_policy_sections; i++)
		if ((!only || only == &policy_sections[i]) && has_keys(&policy_sections[i]))
			put_section(&json, &policy_sections[i]);
	json_end_array(&json);
	admin_json_end(admin, &json);
}

static void print_heading(const struct admin *admin, const struct policy_section *section)
{
	printf("%s[%s]%s %s%s\n", admin_color(admin, COLOR_STRONG), section->name,
		admin_color(admin, COLOR_NONE), section->help,
		section->conf ? " (in sandlock.conf)" : "");
}

static void print_table(struct admin *admin, const struct policy_section *section)
{
	static const struct table_column columns[] = {
		{"KEY"},
		{"VALUE", .wrap = true},
		{"DEFAULT", .wrap = true},
		{"MEANING", .wrap = true},
	};
	struct table table = TABLE_INIT(columns);
	int r = 0;

	for (size_t i = 0; i < n_policy_keys && r == 0; i++) {
		const struct policy_key *key = &policy_keys[i];
		char name[NAME_MAX_LENGTH], type[POLICY_KEY_TYPE_MAX];
		const char *const cells[] = {
			full_name(key, name), policy_key_type(key, type), key->fallback, key->help};

		if (is_in(key, section))
			r = table_add(&table, cells);
	}
	print_heading(admin, section);
	admin_table(admin, &table, COLOR_FAINT, r);
}

static void print_key(const struct admin *admin, const struct policy_key *key)
{
	size_t width = screen_prose(admin->columns);
	char name[NAME_MAX_LENGTH], type[POLICY_KEY_TYPE_MAX];

	printf("\n%s%s%s = %s", admin_color(admin, COLOR_STRONG), full_name(key, name),
		admin_color(admin, COLOR_NONE), policy_key_type(key, type));
	if (key->fallback)
		printf("   (default: %s)", key->fallback);
	putchar('\n');
	text_print_paragraph(key->help, INDENT, width);
	text_print_paragraph(key->man, INDENT, width);
}

static void print_section(struct admin *admin, const void *one)
{
	const struct policy_section *section = one;

	print_heading(admin, section);
	for (size_t i = 0; i < n_policy_keys; i++)
		if (is_in(&policy_keys[i], section))
			print_key(admin, &policy_keys[i]);
}

static void print_all(struct admin *admin)
{
	bool first = true;

	for (size_t i = 0; i < n_policy_sections; i++) {
		if (!has_keys(&policy_sections[i]))
			continue;
		if (!first)
			putchar('\n');
		first = false;
		print_table(admin, &policy_sections[i]);
	}
}

/* NULL after a usage error. */
static const void *find_section(struct admin *admin, const char *name)
{
	size_t length = strlen(name);
	const struct policy_section *section = policy_section_find(name, length);
	const char *nearest;

	if (section && has_keys(section))
		return section;
	if (section) {
		admin_usage(admin, "section [%s] is not supported by this version", name);
		return NULL;
	}
	nearest = policy_section_nearest(name, length, false);
	if (!nearest)
		nearest = policy_section_nearest(name, length, true);
	admin_missing(admin, "section", name, nearest);
	return NULL;
}

static int run(struct admin *admin, const void *values, int argc, char **argv)
{
	static const struct listing listing = {find_section, print_json, print_section, print_all};

	return listing_run(admin, &listing, argc, argv);
}

const struct command command_keys = {
	.name = "keys",
	.synopsis = "[OPTION...] [SECTION]",
	.summary = "Lists the keys of the policy language",
	.help = "With a SECTION, each of its keys in more words. sandlock-policy(5) has it all.",
	.wraps = true,
	.pages = pager_always,
	.run = run,
};
