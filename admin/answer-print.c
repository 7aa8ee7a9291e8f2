/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Answers as text and as JSON. */

#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "rule-list.h"
#include "text.h"

static void print_nearest(const struct rule *nearest)
{
	text_printf("        the nearest is %s, %s:%u", nearest->id, nearest->file, nearest->line);
	putchar('\n');
}

void answer_print(
	struct admin *admin, const char *prefix, const char *object, const struct answer *answer)
{
	const char *error = answer->error ? strerrorname_np(answer->error) : NULL;
	char by[ENFORCERS_TEXT_MAX];

	printf("%s%-7s%s ", admin_color(admin, answer->allowed ? COLOR_STRONG : COLOR_ERROR),
		answer->allowed ? "allowed" : "denied", admin_color(admin, COLOR_NONE));
	text_printf("%s%s", prefix ? prefix : "", object);
	if (error)
		printf(" (%s)", error);
	fputs("\n        ", stdout);
	if (answer->rule)
		text_printf("%s, %s:%u%s", answer->rule->id, answer->rule->file, answer->rule->line,
			answer->why[0] ? ": " : "");
	text_printf("%s", answer->why);
	if (answer->enforcer)
		printf(" [%s]", enforcers_text(answer->enforcer, by));
	putchar('\n');
	if (answer->nearest)
		print_nearest(answer->nearest);
}

static void put_place(struct json *json, const struct rule *rule)
{
	json_string(json, "rule", rule ? rule->id : NULL);
	json_string(json, "file", rule ? rule->file : NULL);
	if (rule)
		json_number(json, "line", rule->line);
	else
		json_null(json, "line");
}

void answer_put(struct json *json, const char *object, const struct answer *answer)
{
	char by[ENFORCERS_TEXT_MAX];

	json_string(json, "object", object);
	json_bool(json, "allowed", answer->allowed);
	json_string(json, "errno", answer->error ? strerrorname_np(answer->error) : NULL);
	put_place(json, answer->rule);
	json_string(json, "enforced_by",
		answer->enforcer ? enforcers_text(answer->enforcer, by) : NULL);
	json_string(json, "why", answer->why[0] ? answer->why : NULL);
	if (answer->nearest) {
		json_begin_object(json, "nearest");
		put_place(json, answer->nearest);
		json_end_object(json);
	} else {
		json_null(json, "nearest");
	}
}
