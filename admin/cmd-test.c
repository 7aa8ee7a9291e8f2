/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sandlock-admin test: would it be allowed, and which rule says so. */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "matrix.h"
#include "rule-list.h"
#include "ruleset.h"
#include "str.h"
#include "text.h"

struct test_options {
	const char *service, *matrix;
};

static const struct option_spec options[] = {
	{"service", 0, "SERVICE", "as for a login by this PAM service", OPTION_STRING,
		offsetof(struct test_options, service)},
	{"matrix", 0, "FILE", "ask what a table of expectations says", OPTION_STRING,
		offsetof(struct test_options, matrix)},
};

static const struct action {
	struct matrix_action what;
	answer_fn *answer;
} actions[] = {
	{{"read", MATRIX_PATH}, answer_read},
	{{"write", MATRIX_PATH}, answer_write},
	{{"execute", MATRIX_PATH}, answer_execute},
	{{"connect", MATRIX_WORD}, answer_connect},
	{{"bind", MATRIX_WORD}, answer_bind},
	{{"unix", MATRIX_SOCKET}, answer_unix},
	{{"syscall", MATRIX_WORD}, answer_syscall},
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
		if (strcmp(actions[i].what.name, name) == 0)
			return &actions[i];
		str_nearest_offer(&nearest, actions[i].what.name);
	}
	admin_unknown(admin, "action", name, nearest.best);
	return NULL;
}

/* Where there is no policy nothing is asked. */
static bool answer_unconfined(const struct question *question, struct answer *ret)
{
	*ret = (struct answer){.allowed = !question->subject->refused};
	answer_because(ret, "%s", question->subject->unconfined);
	return true;
}

/* Files and sockets are looked for here, and only here. */
static bool is_elsewhere(struct admin *admin, const struct action *action, const char *object)
{
	if (!*admin->root || action->what.object == MATRIX_WORD || object[0] == '@')
		return false;
	admin_usage(admin, "--root does not go with \"%s\": paths are tried on this system",
		action->what.name);
	return true;
}

/* False when it was reported instead. */
static bool ask(struct question *question, const struct action *action, const char *object,
	struct answer *ret)
{
	*ret = (struct answer){0};
	if (is_elsewhere(question->admin, action, object))
		return false;
	return question->subject->set ? action->answer(question, object, ret)
				      : answer_unconfined(question, ret);
}

static void tell_answer(
	struct admin *admin, struct json *json, const char *object, const struct answer *answer)
{
	if (!answer->allowed)
		admin_result(admin, EXIT_NO);
	if (!admin->json) {
		answer_print(admin, NULL, object, answer);
		return;
	}
	json_begin_object(json, NULL);
	answer_put(json, object, answer);
	json_end_object(json);
}

static void begin_json(struct question *question, struct json *json)
{
	admin_json_begin(question->admin, json);
	json_string(json, "user", question->subject->identity.user);
	json_bool(json, "confined", question->subject->set != NULL);
}

/* Of each object; which were answered and not reported instead is in `told`. */
struct answers {
	struct answer *answers;
	bool *told;
	size_t n;
};

static void tell_answers(struct question *question, const struct action *action, char **objects,
	const struct answers *answers)
{
	struct json json;

	if (question->admin->json) {
		begin_json(question, &json);
		json_string(&json, "action", action->what.name);
		json_begin_array(&json, "answers");
	}
	for (size_t i = 0; i < answers->n; i++)
		if (answers->told[i])
			tell_answer(question->admin, &json, objects[i], &answers->answers[i]);
	if (question->admin->json) {
		json_end_array(&json);
		admin_json_end(question->admin, &json);
	}
}

/* A command line that is wrong has no answer, not even for what is right in it. */
static void ask_objects(struct question *question, char **argv, int argc)
{
	const struct action *action = find_action(question->admin, argv[1]);
	size_t n = (size_t)argc - 2;
	_cleanup_free_ struct answer *list = calloc(n, sizeof(*list));
	_cleanup_free_ bool *told = calloc(n, sizeof(*told));
	const struct answers answers = {list, told, n};

	if (!action)
		return;
	if (!list || !told) {
		admin_out_of_memory(question->admin);
		return;
	}
	for (size_t i = 0; i < n; i++)
		told[i] = ask(question, action, argv[2 + i], &list[i]);
	if (question->admin->status != EXIT_USAGE)
		tell_answers(question, action, argv + 2, &answers);
}

/* Tables of expectations */

struct tally {
	size_t met, unmet, unanswered;
};

static void put_expectation(struct json *json, const struct expectation *row,
	const struct action *action, const struct answer *answer)
{
	json_begin_object(json, NULL);
	json_number(json, "matrix_line", row->line);
	json_string(json, "action", action->what.name);
	json_bool(json, "expected", row->allow);
	json_bool(json, "met", answer->allowed == row->allow);
	answer_put(json, row->object, answer);
	json_end_object(json);
}

static void print_unmet(struct admin *admin, const char *path, const struct expectation *row,
	const struct action *action, const struct answer *answer)
{
	char prefix[32];

	snprintf(prefix, sizeof(prefix), "%s ", action->what.name);
	text_printf("%s:%u: %s is expected, but", path, row->line, row->allow ? "allow" : "deny");
	putchar('\n');
	answer_print(admin, prefix, row->object, answer);
}

static void ask_expectation(struct question *question, const char *path, struct json *json,
	const struct expectation *row, struct tally *tally)
{
	struct admin *admin = question->admin;
	const struct action *action = &actions[row->action];
	struct answer answer;

	if (!ask(question, action, row->object, &answer)) {
		tally->unanswered++;
		admin_fail(admin, EXIT_NO, "%s:%u: could not be asked", path, row->line);
		return;
	}
	if (answer.allowed == row->allow)
		tally->met++;
	else
		tally->unmet++;
	if (admin->json)
		put_expectation(json, row, action, &answer);
	else if (answer.allowed != row->allow)
		print_unmet(admin, path, row, action, &answer);
}

static void ask_matrix(struct question *question, const char *path, const struct matrix *matrix)
{
	struct admin *admin = question->admin;
	struct tally tally = {0};
	struct json json;

	if (admin->json) {
		begin_json(question, &json);
		json_string(&json, "matrix", path);
		json_begin_array(&json, "answers");
	}
	for (size_t i = 0; i < matrix->n_rows; i++)
		ask_expectation(question, path, &json, &matrix->rows[i], &tally);
	if (tally.unmet > 0)
		admin_result(admin, EXIT_NO);
	if (!admin->json) {
		text_printf("%s: %zu as expected, %zu not, %zu could not be asked", path, tally.met,
			tally.unmet, tally.unanswered);
		putchar('\n');
		return;
	}
	json_end_array(&json);
	json_number(&json, "met", tally.met);
	json_number(&json, "unmet", tally.unmet);
	admin_json_end(admin, &json);
}

static void read_and_ask(struct question *question, const char *path)
{
	struct matrix_action names[ARRAY_SIZE(actions)];
	struct matrix matrix;

	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		names[i] = actions[i].what;
	if (matrix_read(question->admin, path, names, ARRAY_SIZE(names),
		    &question->subject->identity, &matrix))
		ask_matrix(question, path, &matrix);
	matrix_done(&matrix);
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

	if (wanted->matrix ? argc != 1 : argc < 3)
		return admin_usage(admin, wanted->matrix
						  ? "a user or a file, and nothing else"
						  : "a user or a file, an action, and objects");
	if (subject_find(admin, argv[0], wanted->service, &subject) && prepare(&question)) {
		subject_enforce(&subject);
		if (wanted->matrix)
			read_and_ask(&question, wanted->matrix);
		else
			ask_objects(&question, argv, argc);
		subject_print_complains(admin, &subject);
	}
	filters_done(&question.filters);
	subject_done(&subject);
	return admin->status;
}

const struct command command_test = {
	.name = "test",
	.synopsis = "[OPTION...] USER|FILE ACTION OBJECT... | --matrix FILE",
	.summary = "Says what a session may do, and by which rule",
	.help = "read PATH, write PATH, execute PATH: a confined child tries it, and changes "
		"nothing.\n"
		"connect [udp://|icmp://]ADDRESS:PORT, bind PORT, unix PATH|@NAME: the "
		"supervisor's\n"
		"own decision; nothing is connected. syscall NAME: by the filters.\n"
		"With --matrix, lines of FILE are \"allow ACTION OBJECT...\" or \"deny ACTION "
		"OBJECT...\",\n"
		"what is not so is told, and the exit code is 1 if anything is not.",
	.actions = "read|write|execute|connect|bind|unix|syscall",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.values_size = sizeof(struct test_options),
	.wraps = true,
	.run = run,
};
