/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Options by table: getopt_long(3) takes them apart, offsets say where their values go. */

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "str.h"

#define OPTIONS_MAX  24
#define LETTER_FIRST 256 /* above every short option: stands for the long ones */

static const struct option_spec common[] = {
	{"json", 0, NULL, "print JSON", OPTION_FORMAT, offsetof(struct admin, format)},
	{"root", 0, "DIR", "look at another file-system root", OPTION_STRING,
		offsetof(struct admin, root)},
	{"no-color", 0, NULL, "no colours, as with NO_COLOR in the environment", OPTION_FLAG,
		offsetof(struct admin, no_color)},
	{"no-pager", 0, NULL, "print to the terminal, without a pager", OPTION_FLAG,
		offsetof(struct admin, no_pager)},
	{"help", 'h', NULL, "print this help", OPTION_FLAG, offsetof(struct admin, help)},
	{"version", 0, NULL, "print the version", OPTION_FLAG, offsetof(struct admin, version)},
};

/* One accepted option: its row and the struct its value goes to. */
struct bound {
	const struct option_spec *spec;
	char *values;
};

struct parser {
	struct bound bound[OPTIONS_MAX];
	struct option longs[OPTIONS_MAX + 1];
	size_t n;
	char shorts[2 * OPTIONS_MAX + 3];
};

static int argument_of(const struct option_spec *spec)
{
	if (spec->kind == OPTION_FORMAT)
		return optional_argument;
	return spec->argument ? required_argument : no_argument;
}

static void add_options(
	struct parser *parser, const struct option_spec *specs, size_t n_specs, void *values)
{
	for (size_t i = 0; i < n_specs && parser->n < OPTIONS_MAX; i++) {
		struct option *option = &parser->longs[parser->n];
		size_t end = strlen(parser->shorts);

		*option = (struct option){
			.name = specs[i].name,
			.has_arg = argument_of(&specs[i]),
			.val = LETTER_FIRST + (int)parser->n,
		};
		parser->bound[parser->n++] = (struct bound){&specs[i], values};
		if (specs[i].letter)
			snprintf(parser->shorts + end, sizeof(parser->shorts) - end, "%c%s",
				specs[i].letter, specs[i].argument ? ":" : "");
	}
}

static const struct bound *find(const struct parser *parser, int found)
{
	if (found >= LETTER_FIRST)
		return &parser->bound[found - LETTER_FIRST];
	for (size_t i = 0; i < parser->n; i++)
		if (parser->bound[i].spec->letter == found)
			return &parser->bound[i];
	return NULL;
}

static void store(const struct bound *bound, const char *argument)
{
	void *slot = bound->values + bound->spec->offset;

	if (bound->spec->kind == OPTION_FLAG)
		*(bool *)slot = true;
	else if (bound->spec->kind == OPTION_FORMAT)
		*(struct option_format *)slot = (struct option_format){true, argument};
	else
		*(const char **)slot = argument;
}

/* What getopt_long did not like, in our words: its own go past --json and the escaping. */
static void complain(struct admin *admin, const struct parser *parser, int answer, char **argv)
{
	const struct bound *bound = optopt ? find(parser, optopt) : NULL;

	if (answer == ':' || (bound && bound->spec->argument))
		admin_usage(admin, "option \"%s\" wants a value", argv[optind - 1]);
	else if (bound)
		admin_usage(admin, "option \"--%s\" takes no value", bound->spec->name);
	else if (optopt)
		admin_usage(admin, "unknown option \"-%c\"", optopt);
	else
		admin_usage(admin, "unknown option \"%s\"", argv[optind - 1]);
}

/* Whether the command can print what --json= asks for; without a command it is too early to say. */
static void settle_format(struct admin *admin, const struct command *command)
{
	const char *name = admin->format.name;

	admin->json = admin->format.wanted;
	if (!name || !command)
		return;
	if (!command->formats)
		admin_usage(admin, "option \"--json\" takes no value");
	else if (!str_in_choices(name, strlen(name), command->formats, NULL))
		admin_usage(admin, "\"--json=%s\": there is %s", name, command->formats);
}

bool options_parse(struct admin *admin, const struct command *command, void *values, int argc,
	char **argv, int *ret_operand)
{
	/* '+': the first operand ends the options; ':': a missing value is told apart. */
	struct parser parser = {.shorts = "+:"};
	int found;

	if (command && !command->stops_at_operand)
		strcpy(parser.shorts, ":");
	add_options(&parser, common, ARRAY_SIZE(common), admin);
	if (command)
		add_options(&parser, command->options, command->n_options, values);
	optind = 0;
	opterr = 0;
	while ((found = getopt_long(argc, argv, parser.shorts, parser.longs, NULL)) != -1) {
		if (found == '?' || found == ':')
			complain(admin, &parser, found, argv);
		else
			store(find(&parser, found), optarg);
	}
	*ret_operand = optind;
	settle_format(admin, command);
	/* Only now: a --json behind the mistake counts. */
	return admin->status == EXIT_YES;
}

void options_each(const struct command *command, option_fn *hear, void *userdata)
{
	for (size_t i = 0; command && i < command->n_options; i++)
		hear(userdata, &command->options[i]);
	for (size_t i = 0; i < ARRAY_SIZE(common); i++) {
		bool is_root = common[i].offset == offsetof(struct admin, root);

		if (!is_root || !command || !command->no_root)
			hear(userdata, &common[i]);
	}
}

/* userdata: the command, or NULL. */
static void print_row(void *userdata, const struct option_spec *spec)
{
	char name[40];
	char letter[8] = "    ";
	const struct command *command = userdata;

	if (spec->letter)
		snprintf(letter, sizeof(letter), "-%c, ", spec->letter);
	snprintf(name, sizeof(name), "--%s%s%s", spec->name, spec->argument ? " " : "",
		spec->argument ? spec->argument : "");
	if (spec->kind == OPTION_FORMAT && command && command->formats)
		snprintf(name, sizeof(name), "--%s[=%s]", spec->name, command->formats);
	printf("  %s%-18s %s\n", letter, name, spec->help);
}

void options_print(const struct command *command)
{
	options_each(command, print_row, (void *)command);
}
