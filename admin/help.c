/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Prints the table of commands and those of their options. */

#include "help.h"

#include <stdio.h>
#include <string.h>

#include "screen.h"
#include "str.h"
#include "text.h"

static void print_commands(const struct command *const *commands, size_t n)
{
	puts("Usage: sandlock-admin COMMAND [OPTION...] [ARGUMENT...]\n"
	     "\n"
	     "Checks policies, runs commands under them, shows confined sessions.\n"
	     "\n"
	     "Commands:");
	for (size_t i = 0; i < n; i++)
		printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
	puts("\nOptions of every command:");
	options_print(NULL);
	puts("\n\"sandlock-admin COMMAND --help\" tells more; so does sandlock-admin(8).");
}

/* A blank for each newline: where lines end is the terminal's affair. */
static void print_wrapped(const struct admin *admin, char *text)
{
	for (char *at = text; *at; at++)
		if (*at == '\n')
			*at = ' ';
	text_print_paragraph(text, 0, screen_prose(admin->columns));
}

static void print_command(struct admin *admin, const struct command *command)
{
	_cleanup_free_ char *usage = str_format(
		"Usage: sandlock-admin %s %s", command->name, command->synopsis);
	_cleanup_free_ char *help = command->help ? strdup(command->help) : NULL;

	if (!usage || (command->help && !help)) {
		admin_out_of_memory(admin);
		return;
	}
	print_wrapped(admin, usage);
	printf("\n%s.\n", command->summary);
	if (help) {
		putchar('\n');
		print_wrapped(admin, help);
	}
	puts("\nOptions:");
	options_print(command);
}

static void put_option(void *userdata, const struct option_spec *option)
{
	char letter[2] = {option->letter};
	struct json *json = userdata;

	json_begin_object(json, NULL);
	json_string(json, "name", option->name);
	json_string(json, "letter", option->letter ? letter : NULL);
	json_string(json, "argument", option->argument);
	json_string(json, "help", option->help);
	json_end_object(json);
}

static void put_command(struct json *json, const struct command *command)
{
	json_begin_object(json, NULL);
	json_string(json, "name", command->name);
	json_string(json, "synopsis", command->synopsis);
	json_string(json, "summary", command->summary);
	json_string(json, "actions", command->actions);
	json_begin_array(json, "options");
	options_each(command, put_option, json);
	json_end_array(json);
	json_end_object(json);
}

static void put_commands(struct json *json, const struct command *const *commands, size_t n)
{
	json_begin_array(json, "options");
	options_each(NULL, put_option, json);
	json_end_array(json);
	json_begin_array(json, "commands");
	for (size_t i = 0; i < n; i++)
		put_command(json, commands[i]);
	json_end_array(json);
}

void help_print(struct admin *admin, const struct command *const *commands, size_t n)
{
	const struct command *command = admin->command;
	struct json json;

	if (!admin->json && command) {
		print_command(admin, command);
	} else if (!admin->json) {
		print_commands(commands, n);
	} else {
		admin->command = NULL; /* the schema is that of the help */
		admin_json_begin(admin, &json);
		put_commands(&json, command ? &command : commands, command ? 1 : n);
		admin_json_end(admin, &json);
	}
}
