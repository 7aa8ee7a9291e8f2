/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sandlock-admin sets: the @sets of system calls, from their table. */

#include <stdio.h>
#include <string.h>

#include "calls.h"
#include "listing.h"
#include "pager.h"
#include "screen.h"
#include "str.h"
#include "table.h"

#define INDENT 4

static struct syscalls calls_of(const struct syscall_set *set)
{
	struct syscalls calls = {0};

	syscalls_add_word(&calls, SYSCALLS_NATIVE, set->name, strlen(set->name));
	return calls;
}

static void put_set(struct admin *admin, struct json *json, const struct syscall_set *set)
{
	struct syscalls calls = calls_of(set);

	json_begin_object(json, NULL);
	json_string(json, "set", set->name);
	json_string(json, "help", set->help);
	if (calls_put_json(json, "calls", &calls) < 0)
		admin_out_of_memory(admin);
	json_end_object(json);
}

static void print_json(struct admin *admin, const void *only)
{
	struct json json;

	admin_json_begin(admin, &json);
	json_begin_array(&json, "sets");
	for (size_t i = 0; i < n_syscall_sets; i++)
		if (!only || only == &syscall_sets[i])
			put_set(admin, &json, &syscall_sets[i]);
	json_end_array(&json);
	admin_json_end(admin, &json);
}

static void print_set(struct admin *admin, const void *one)
{
	const struct syscall_set *set = one;
	struct syscalls calls = calls_of(set);

	printf("%s%s%s %s\n", admin_color(admin, COLOR_STRONG), set->name,
		admin_color(admin, COLOR_NONE), set->help);
	if (calls_print(&calls, INDENT, screen_prose(admin->columns)) < 0)
		admin_out_of_memory(admin);
}

/* Not how many calls each has: that depends on the machine and on libseccomp. */
static void print_all(struct admin *admin)
{
	static const struct table_column columns[] = {{"SET"}, {"CALLS FOR", .wrap = true}};
	struct table table = TABLE_INIT(columns);
	int r = 0;

	for (size_t i = 0; i < n_syscall_sets && r == 0; i++) {
		const char *const cells[] = {syscall_sets[i].name, syscall_sets[i].help};

		r = table_add(&table, cells);
	}
	admin_table(admin, &table, COLOR_FAINT, r);
}

/* NULL after it was reported. */
static const void *find_set(struct admin *admin, const char *name)
{
	const struct syscall_set *set = syscall_set_find(name, strlen(name));
	_cleanup_free_ char *full = str_format("%s%s", name[0] == '@' ? "" : "@", name);
	char buffer[SYSCALL_NAME_MAX];

	if (set)
		return set;
	if (!full) {
		admin_out_of_memory(admin);
		return NULL;
	}
	admin_missing(admin, "set", name, syscall_nearest(full, strlen(full), buffer));
	return NULL;
}

static int run(struct admin *admin, const void *values, int argc, char **argv)
{
	static const struct listing listing = {find_set, print_json, print_set, print_all};

	return listing_run(admin, &listing, argc, argv);
}

const struct command command_sets = {
	.name = "sets",
	.synopsis = "[OPTION...] [@SET]",
	.summary = "Lists the sets of system calls",
	.help = "With a @SET, the calls of it that this machine has.",
	.wraps = true,
	.pages = pager_always,
	.run = run,
};
