/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The file stands in for the policy whose file has its name, or else for all policies that are the
 * user's own; mandatory ones hold before and after.
 */

#include "show-diff.h"

#include <stdio.h>
#include <string.h>

#include "comparison.h"
#include "str.h"
#include "table.h"
#include "text.h"

struct diff {
	struct admin *admin;
	const struct subject *subject;
	const char *path;
	struct policy_set before, after; /* with layers of others */
	struct policy *layers[POLICY_LAYERS_MAX + 1];
	size_t n_replaced;
	const struct policy *replaced[POLICY_LAYERS_MAX];
	bool from_nothing; /* nothing was allowed: every login was refused */
	bool unconfined;   /* everything was */
	struct comparison widens, narrows;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_mandatory(const struct policy *policy)
{
	return strncmp(policy->name, "mandatory/", strlen("mandatory/")) == 0;
}

static bool is_named_so(const struct diff *diff, const struct policy *policy)
{
	return !is_mandatory(policy) && strcmp(base_name(policy->file), base_name(diff->path)) == 0;
}

static bool one_is_named_so(const struct diff *diff)
{
	for (size_t i = 0; i < diff->before.n_layers; i++)
		if (is_named_so(diff, diff->before.layers[i]))
			return true;
	return false;
}

/* The file, and what stays of those before it. */
static void put_after(struct diff *diff, const struct policy_set *file)
{
	bool by_name = one_is_named_so(diff);

	diff->after = *file;
	diff->after.layers = diff->layers;
	diff->layers[0] = file->layers[0];
	diff->after.n_layers = 1;
	for (size_t i = 0; i < diff->before.n_layers; i++) {
		struct policy *policy = diff->before.layers[i];
		bool replaced = by_name ? is_named_so(diff, policy) : !is_mandatory(policy);

		if (replaced)
			diff->replaced[diff->n_replaced++] = policy;
		else
			diff->layers[diff->after.n_layers++] = policy;
	}
}

static int compare(struct diff *diff, unsigned abi)
{
	bool here = *diff->admin->root == '\0';
	int r;

	if (diff->from_nothing)
		return comparison_add(&diff->widens, diff->after.layers[0], NULL, false,
			"logging in, which is refused now");
	if (diff->unconfined)
		return comparison_add(&diff->narrows, NULL, NULL, false,
			"everything, for it is not confined now");
	r = comparison_make(&diff->after, &diff->before, abi, here, &diff->widens);
	return r == 0 ? comparison_make(&diff->before, &diff->after, abi, here, &diff->narrows) : r;
}

/* Text */

static int add_row(struct table *table, const struct beyond *item)
{
	const struct rule *rule = item->rule;
	_cleanup_free_ char *where = rule ? str_format("%s:%u", rule->file, rule->line) : NULL;
	_cleanup_free_ char *says = str_format(
		"%s%s", item->lifted ? "no longer denied: " : "", item->says);
	const char *const cells[] = {rule ? rule->id : NULL, says, where};

	return says && (where || !rule) ? table_add(table, cells) : -ENOMEM;
}

static void print_items(struct diff *diff, const char *title, const struct comparison *comparison)
{
	static const struct table_column columns[] = {
		{"RULE", .wrap = true}, {"SAYS", .wrap = true}, {"WHERE", .wrap = true}};
	struct admin *admin = diff->admin;
	struct table table = TABLE_INIT(columns);
	int r = 0;

	if (comparison->n_items == 0)
		return;
	printf("\n%s%s%s\n", admin_color(admin, COLOR_STRONG), title,
		admin_color(admin, COLOR_NONE));
	for (size_t i = 0; i < comparison->n_items && r == 0; i++)
		r = add_row(&table, &comparison->items[i]);
	admin_table(admin, &table, COLOR_FAINT, r);
}

static void print(struct diff *diff)
{
	text_printf("%s in place of ", diff->path);
	for (size_t i = 0; i < diff->n_replaced; i++)
		text_printf("%s%s", i > 0 ? ", " : "", diff->replaced[i]->name);
	text_printf(
		"%s, for %s:", diff->n_replaced > 0 ? "" : "nothing", diff->subject->identity.user);
	if (diff->widens.n_items + diff->narrows.n_items == 0)
		text_printf(" nothing widens, nothing narrows");
	else if (diff->widens.n_items == 0)
		text_printf(" nothing widens");
	putchar('\n');
	print_items(diff, "Widens", &diff->widens);
	print_items(diff, "Narrows", &diff->narrows);
}

/* JSON */

static void put_item(struct json *json, const struct beyond *item)
{
	const struct rule *rule = item->rule;

	json_begin_object(json, NULL);
	json_string(json, "rule", rule ? rule->id : NULL);
	json_string(json, "says", item->says);
	json_bool(json, "denied_before", item->lifted);
	json_string(json, "file", rule ? rule->file : NULL);
	if (rule)
		json_number(json, "line", rule->line);
	else
		json_null(json, "line");
	json_end_object(json);
}

static void put_items(struct json *json, const char *key, const struct comparison *comparison)
{
	json_begin_array(json, key);
	for (size_t i = 0; i < comparison->n_items; i++)
		put_item(json, &comparison->items[i]);
	json_end_array(json);
}

static void put_json(struct diff *diff)
{
	struct json json;

	admin_json_begin(diff->admin, &json);
	json_string(&json, "user", diff->subject->identity.user);
	json_string(&json, "diff", diff->path);
	json_begin_array(&json, "replaces");
	for (size_t i = 0; i < diff->n_replaced; i++)
		json_string(&json, NULL, diff->replaced[i]->name);
	json_end_array(&json);
	put_items(&json, "widens", &diff->widens);
	put_items(&json, "narrows", &diff->narrows);
	admin_json_end(diff->admin, &json);
}

static void show(struct diff *diff, const struct policy_set *file, unsigned abi)
{
	int r;

	put_after(diff, file);
	r = compare(diff, abi);
	if (r < 0)
		admin_fail(diff->admin, EXIT_BUG, "%s: %s", diff->path, strerror(-r));
	else if (diff->admin->json)
		put_json(diff);
	else
		print(diff);
	if (r == 0 && diff->widens.n_items > 0)
		admin_result(diff->admin, EXIT_NO);
	comparison_done(&diff->widens);
	comparison_done(&diff->narrows);
}

void show_diff(struct admin *admin, const struct subject *subject, const char *path, unsigned abi)
{
	struct diff diff = {
		.admin = admin,
		.subject = subject,
		.path = path,
		.from_nothing = subject->refused,
		.unconfined = !subject->set && !subject->refused,
	};
	struct subject file;

	if (subject->set)
		diff.before = *subject->set;
	if (subject_load_for(admin, subject, path, &file) && file.set)
		show(&diff, file.set, abi);
	subject_done(&file);
}
