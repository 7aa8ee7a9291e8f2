/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sandlock-admin show: the policy that is in force, layer by layer, and who enforces what of it. */

#include <stdio.h>
#include <string.h>

#include "filter-print.h"
#include "pager.h"
#include "rule-list.h"
#include "ruleset.h"
#include "show-diff.h"
#include "str.h"
#include "subject.h"
#include "table.h"
#include "text.h"

struct show_options {
	const char *service, *diff;
};

static const struct option_spec options[] = {
	{"service", 0, "SERVICE", "as for a login by this PAM service", OPTION_STRING,
		offsetof(struct show_options, service)},
	{"diff", 0, "FILE", "what would widen and narrow with FILE instead", OPTION_STRING,
		offsetof(struct show_options, diff)},
};

struct show {
	struct admin *admin;
	const struct subject *subject;
	unsigned abi;
	struct filters filters;
};

/* Text. The words of one line of a policy are one row, as they were written. */

struct rows {
	const struct policy *policy;
	struct table table;
	const struct rule *rule; /* of the row being gathered */
	struct str says;
	unsigned enforcers;
};

/* Without what the layer's heading says already: its name and its file. */
static const char *short_id(const struct policy *policy, const struct rule *rule)
{
	size_t length = strlen(policy->name);

	if (strncmp(rule->id, policy->name, length) != 0)
		return rule->id;
	return rule->id[length] == ':' ? rule->id + length + 1 : rule->id + length;
}

static char *place_of(const struct policy *policy, const struct rule *rule)
{
	if (strcmp(rule->file, policy->file) == 0)
		return str_format("line %u", rule->line);
	return str_format("%s:%u", rule->file, rule->line);
}

static int add_row(struct rows *rows, const struct rule *rule, const char *says, unsigned enforcers)
{
	_cleanup_free_ char *where = rule ? place_of(rows->policy, rule) : strdup("-");
	char by[ENFORCERS_TEXT_MAX];
	const char *const cells[] = {rule ? short_id(rows->policy, rule) : "-", says, where,
		enforcers_text(enforcers, by)};

	return where ? table_add(&rows->table, cells) : -ENOMEM;
}

static int end_row(struct rows *rows)
{
	const struct rule *rule = rows->rule;
	_cleanup_free_ char *says = str_take(&rows->says);

	rows->rule = NULL;
	rows->says = STR_INIT;
	if (!says)
		return -ENOMEM;
	return rule ? add_row(rows, rule, says, rows->enforcers) : 0;
}

static bool same_line(const struct rule *a, const struct rule *b)
{
	return a && b && a->line == b->line && strcmp(a->id, b->id) == 0 &&
	       strcmp(a->file, b->file) == 0;
}

static int gather(void *userdata, const struct listed_rule *listed)
{
	struct rows *rows = userdata;
	int r = 0;

	if (!same_line(rows->rule, listed->rule))
		r = end_row(rows);
	if (r < 0)
		return r;
	if (!listed->rule)
		return add_row(rows, NULL, listed->says, listed->enforcers);
	rows->enforcers = rows->rule ? rows->enforcers | listed->enforcers : listed->enforcers;
	str_addf(&rows->says, "%s%s", rows->rule ? " " : "", listed->says);
	rows->rule = listed->rule;
	return 0;
}

static void print_rules(const struct show *show, const struct policy *policy)
{
	static const struct table_column columns[] = {{"RULE", .wrap = true},
		{"SAYS", .wrap = true}, {"WHERE", .wrap = true}, {"BY", .wrap = true}};
	struct rows rows = {.policy = policy, .table = TABLE_INIT(columns)};
	int r = rule_list(policy, show->abi, gather, &rows);

	if (r == 0)
		r = end_row(&rows);
	str_done(&rows.says);
	admin_table(show->admin, &rows.table, COLOR_FAINT, r);
}

static void print_gaps(const struct show *show, const struct policy *policy)
{
	struct ruleset_gap gaps[RULESET_GAPS_MAX];
	size_t n = ruleset_gaps(policy, show->abi, gaps);

	for (size_t i = 0; i < n; i++)
		printf("%sThis kernel cannot enforce %s%s: it needs %s\n",
			admin_color(show->admin, COLOR_WARNING), gaps[i].key,
			admin_color(show->admin, COLOR_NONE), gaps[i].needs);
}

static void print_layer(const struct show *show, const struct policy *policy)
{
	fputs(admin_color(show->admin, COLOR_STRONG), stdout);
	text_printf("%s", policy->name);
	fputs(admin_color(show->admin, COLOR_NONE), stdout);
	if (strcmp(policy->file, policy->name) != 0)
		text_printf("  %s", policy->file);
	putchar('\n');
	if (policy->description) {
		text_printf("%s", policy->description);
		putchar('\n');
	}
	print_rules(show, policy);
	print_gaps(show, policy);
	if (policy->complain)
		puts("In complain mode: what it denies is only recorded.");
	putchar('\n');
}

/* Of what is one for all policies: what theirs come to. */
struct together {
	bool denials;
	char *rate, *resolve;
};

static int together_make(const struct policy_set *set, struct together *ret)
{
	unsigned rate, period;

	policy_set_rate(set, &rate, &period);
	*ret = (struct together){
		.denials = policy_set_logs_denials(set),
		.rate = rule_rate_text(rate, period),
		.resolve = rule_resolve_text(policy_set_resolve(set)),
	};
	return ret->rate && ret->resolve ? 0 : -ENOMEM;
}

static void together_done(struct together *together)
{
	free(together->rate);
	free(together->resolve);
}

static void print_together(const struct show *show)
{
	_cleanup_(together_done) struct together together = {0};

	if (together_make(show->subject->set, &together) < 0)
		admin_out_of_memory(show->admin);
	else
		printf("Together: log.denials = %s, log.rate-limit = %s, network.resolve = %s\n\n",
			together.denials ? "yes" : "no", together.rate, together.resolve);
}

static void put_together(struct json *json, const struct policy_set *set)
{
	_cleanup_(together_done) struct together together = {0};

	if (!set || together_make(set, &together) < 0) {
		json_null(json, "together");
		return;
	}
	json_begin_object(json, "together");
	json_bool(json, "log_denials", together.denials);
	json_string(json, "log_rate_limit", together.rate);
	json_string(json, "network_resolve", together.resolve);
	json_end_object(json);
}

static void print_set(const struct show *show)
{
	const struct policy_set *set = show->subject->set;

	if (set->n_layers > 1)
		printf("%zu policies apply: allowed is what every one of them allows.\n\n",
			set->n_layers);
	for (size_t i = 0; i < set->n_layers; i++)
		print_layer(show, set->layers[i]);
	if (set->n_layers > 1)
		print_together(show);
	filters_print(show->admin, &show->filters);
}

static void print_unconfined(const struct subject *subject)
{
	text_printf("%s: %s%s", subject->word, subject->unconfined,
		subject->refused ? "" : ": not confined");
	putchar('\n');
}

/* JSON */

static int put_rule(void *userdata, const struct listed_rule *listed)
{
	struct json *json = userdata;

	json_begin_object(json, NULL);
	json_string(json, "rule", listed->rule ? listed->rule->id : NULL);
	json_string(json, "says", listed->says);
	json_string(json, "file", listed->rule ? listed->rule->file : NULL);
	if (listed->rule)
		json_number(json, "line", listed->rule->line);
	else
		json_null(json, "line");
	json_begin_array(json, "enforced_by");
	for (unsigned i = 0; i < ENFORCERS; i++)
		if (listed->enforcers & 1U << i)
			json_string(json, NULL, enforcer_names[i]);
	json_end_array(json);
	json_end_object(json);
	return 0;
}

static void put_gaps(struct json *json, const struct policy *policy, unsigned abi)
{
	struct ruleset_gap gaps[RULESET_GAPS_MAX];
	size_t n = ruleset_gaps(policy, abi, gaps);

	json_begin_array(json, "not_enforced");
	for (size_t i = 0; i < n; i++) {
		json_begin_object(json, NULL);
		json_string(json, "key", gaps[i].key);
		json_string(json, "needs", gaps[i].needs);
		json_end_object(json);
	}
	json_end_array(json);
}

static void put_layer(const struct show *show, struct json *json, const struct policy *policy)
{
	json_begin_object(json, NULL);
	json_string(json, "name", policy->name);
	json_string(json, "file", policy->file);
	json_string(json, "description", policy->description);
	json_string(json, "mode", policy->complain ? "complain" : "enforce");
	json_begin_array(json, "rules");
	if (rule_list(policy, show->abi, put_rule, json) < 0)
		admin_out_of_memory(show->admin);
	json_end_array(json);
	put_gaps(json, policy, show->abi);
	json_end_object(json);
}

static void put_json(const struct show *show)
{
	const struct policy_set *set = show->subject->set;
	struct json json;

	admin_json_begin(show->admin, &json);
	json_string(&json, "user", show->subject->identity.user);
	json_bool(&json, "confined", set != NULL);
	json_string(&json, "reason", show->subject->unconfined);
	json_begin_array(&json, "policies");
	for (size_t i = 0; set && i < set->n_layers; i++)
		put_layer(show, &json, set->layers[i]);
	json_end_array(&json);
	put_together(&json, set);
	if (set) {
		json_begin_object(&json, "filter");
		filters_put_json(show->admin, &json, &show->filters);
		json_end_object(&json);
	} else {
		json_null(&json, "filter");
	}
	admin_json_end(show->admin, &json);
}

static void run_for(struct show *show, const char *diff)
{
	const struct subject *subject = show->subject;
	int abi = ruleset_abi(), r = abi < 0 ? abi : 0;

	if (r == 0 && subject->set && !diff)
		r = filters_make(subject->set, &show->filters);
	if (r < 0) {
		admin_fail(show->admin, EXIT_BUG, "%s: %s", subject->word, strerror(-r));
		return;
	}
	show->abi = (unsigned)abi;
	if (diff)
		show_diff(show->admin, subject, diff, show->abi);
	else if (show->admin->json)
		put_json(show);
	else if (subject->set)
		print_set(show);
	else
		print_unconfined(subject);
	filters_done(&show->filters);
}

static int run(struct admin *admin, const void *values, int argc, char **argv)
{
	const struct show_options *wanted = values;
	struct subject subject = {.set = NULL};
	struct show show = {.admin = admin, .subject = &subject, .filters = FILTERS_NONE};

	if (argc != 1)
		return admin_usage(admin, "a user or a file");
	if (subject_find(admin, argv[0], wanted->service, &subject))
		run_for(&show, wanted->diff);
	subject_done(&subject);
	return admin->status;
}

const struct command command_show = {
	.name = "show",
	.synopsis = "[OPTION...] USER|FILE",
	.summary = "Shows the policy that is in force",
	.help = "Layer by layer: each rule with its id and its place, and who holds the session to "
		"it:\n"
		"Landlock, the system-call filter or the supervisor. Then the filters in words. An "
		"id\n"
		"is the policy's name, \":\" and what the table says.\n"
		"With --diff, what FILE would grant beyond that, and what it would not grant any\n"
		"more; exits with 1 if it grants more. FILE stands in for the policy whose file "
		"has\n"
		"its name, else for all but the mandatory ones.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.values_size = sizeof(struct show_options),
	.wraps = true,
	.pages = pager_always,
	.run = run,
};
