/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sandlock-admin test: would it be allowed, and which rule says so. */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "rule-list.h"
#include "ruleset.h"
#include "str.h"
#include "text.h"

struct test_options {
	const char *service;
};

static const struct option_spec options[] = {
	{"service", 0, "SERVICE", "as for a login by this PAM service", OPTION_STRING,
		offsetof(struct test_options, service)},
};

static const struct action {
	const char *name;
	answer_fn *answer;
} actions[] = {
	{"read", answer_read},
	{"write", answer_write},
	{"execute", answer_execute},
	{"connect", answer_connect},
	{"bind", answer_bind},
	{"unix", answer_unix},
	{"syscall", answer_syscall},
};

void answer_because(struct answer *answer, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(answer->why, sizeof(answer->why), format, arguments);
	va_end(arguments);
}

const struct rule *answer_rule(const struct question *question, unsigned number)
{
	const struct policy_set *set = question->subject->set;

	return number > 0 && number <= set->n_rules ? set->rules[number - 1] : NULL;
}

static const struct action *find_action(struct admin *admin, const char *name)
{
	struct str_nearest nearest = STR_NEAREST(name, strlen(name));

	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
		str_nearest_offer(&nearest, actions[i].name);
	}
	if (nearest.best)
		admin_usage(
			admin, "unknown action \"%s\"; did you mean \"%s\"?", name, nearest.best);
	else
		admin_usage(admin, "unknown action \"%s\"", name);
	return NULL;
}

static void print_answer(struct admin *admin, const char *object, const struct answer *answer)
{
	const char *error = answer->error ? strerrorname_np(answer->error) : NULL;
	char by[ENFORCERS_TEXT_MAX];

	printf("%s%-7s%s ", admin_color(admin, answer->allowed ? COLOR_STRONG : COLOR_ERROR),
		answer->allowed ? "allowed" : "denied", admin_color(admin, COLOR_NONE));
	text_printf("%s", object);
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
}

static void put_answer(struct json *json, const char *object, const struct answer *answer)
{
	char by[ENFORCERS_TEXT_MAX];

	json_begin_object(json, NULL);
	json_string(json, "object", object);
	json_bool(json, "allowed", answer->allowed);
	json_string(json, "errno", answer->error ? strerrorname_np(answer->error) : NULL);
	json_string(json, "rule", answer->rule ? answer->rule->id : NULL);
	json_string(json, "file", answer->rule ? answer->rule->file : NULL);
	if (answer->rule)
		json_number(json, "line", answer->rule->line);
	else
		json_null(json, "line");
	json_string(json, "enforced_by",
		answer->enforcer ? enforcers_text(answer->enforcer, by) : NULL);
	json_string(json, "why", answer->why[0] ? answer->why : NULL);
	json_end_object(json);
}

/* Where there is no policy nothing is asked. */
static bool answer_unconfined(const struct question *question, struct answer *ret)
{
	*ret = (struct answer){.allowed = !question->subject->refused};
	answer_because(ret, "%s", question->subject->unconfined);
	return true;
}

static void ask(struct question *question, struct json *json, const struct action *action,
	const char *object)
{
	struct admin *admin = question->admin;
	struct answer answer = {0};
	bool answered = question->subject->set ? action->answer(question, object, &answer)
					       : answer_unconfined(question, &answer);

	if (!answered)
		return;
	if (!answer.allowed)
		admin_result(admin, EXIT_NO);
	if (admin->json)
		put_answer(json, object, &answer);
	else
		print_answer(admin, object, &answer);
}

static void ask_all(struct question *question, char **argv)
{
	const struct action *action = find_action(question->admin, argv[1]);
	struct json json;

	if (!action)
		return;
	if (question->admin->json) {
		admin_json_begin(question->admin, &json);
		json_string(&json, "user", question->subject->identity.user);
		json_bool(&json, "confined", question->subject->set != NULL);
		json_string(&json, "action", action->name);
		json_begin_array(&json, "answers");
	}
	for (char **object = argv + 2; *object; object++)
		ask(question, &json, action, *object);
	if (question->admin->json) {
		json_end_array(&json);
		admin_json_end(question->admin, &json);
	}
}

static bool prepare(struct question *question)
{
	int abi = ruleset_abi(), r = abi < 0 ? abi : 0;

	if (r == 0 && question->subject->set)
		r = filters_make(question->subject->set, &question->filters);
	question->abi = r == 0 ? (unsigned)abi : 0;
	if (r < 0)
		admin_fail(
			question->admin, EXIT_BUG, "%s: %s", question->subject->word, strerror(-r));
	return r == 0;
}

static int run(struct admin *admin, const void *values, int argc, char **argv)
{
	const struct test_options *wanted = values;
	struct subject subject = {.set = NULL};
	struct question question = {.admin = admin, .subject = &subject, .filters = FILTERS_NONE};

	if (argc < 3)
		return admin_usage(admin, "a user or a file, an action, and objects");
	if (subject_find(admin, argv[0], wanted->service, &subject) && prepare(&question))
		ask_all(&question, argv);
	filters_done(&question.filters);
	subject_done(&subject);
	return admin->status;
}

const struct command command_test = {
	.name = "test",
	.synopsis = "[OPTION...] USER|FILE ACTION OBJECT...",
	.summary = "Says what a session may do, and by which rule",
	.help = "read PATH, write PATH, execute PATH: a confined child tries it, and changes "
		"nothing.\n"
		"connect [udp://|icmp://]ADDRESS:PORT, bind PORT, unix PATH|@NAME: the "
		"supervisor's\n"
		"own decision; nothing is connected. syscall NAME: by the filters.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.values_size = sizeof(struct test_options),
	.run = run,
};
