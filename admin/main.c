/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sandlock-admin(8): finds the command and runs it. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "config.h"
#include "help.h"
#include "pager.h"
#include "screen.h"
#include "str.h"
#include "wrap.h"

static const struct command *const commands[] = {
	&command_check,
	&command_show,
	&command_test,
	&command_run,
	&command_sessions,
	&command_status,
	&command_log,
	&command_why,
	&command_suggest,
	&command_terminate,
	&command_lock,
	&command_unlock,
	&command_keys,
	&command_sets,
	&command_filter,
	&command_doctor,
};

static const struct command *find_command(struct admin *admin, const char *name)
{
	struct str_nearest nearest = STR_NEAREST(name, strlen(name));

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
		str_nearest_offer(&nearest, commands[i]->name);
	}
	admin_unknown(admin, "command", name, nearest.best);
	return NULL;
}

/* --help and --version win over whatever else is wanted. */
static bool answered(struct admin *admin)
{
	if (admin->version)
		printf("sandlock-admin %s\n", SANDLOCK_VERSION);
	else if (admin->help)
		help_print(admin, commands, ARRAY_SIZE(commands));
	return admin->help || admin->version;
}

static bool terminal_likes_color(void)
{
	const char *no_color = getenv("NO_COLOR"); /* no-color.org: set and not empty */
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term &&
	       strcmp(term, "dumb") != 0;
}

/* "/" and trailing slashes go, so that paths can be put behind it. */
static bool settle_root(struct admin *admin)
{
	size_t length = strlen(admin->root);
	char *argument = (char *)admin->root; /* of main's own argv */

	if (length > 0 && admin->command->no_root) {
		admin_usage(admin, "\"%s\" does not take --root: %s", admin->command->name,
			admin->command->no_root);
		return false;
	}
	while (length > 0 && argument[length - 1] == '/')
		argument[--length] = '\0';
	return true;
}

static int run_command(struct admin *admin, int argc, char **argv)
{
	const struct command *command = admin->command;
	_cleanup_free_ void *values = calloc(1, command->values_size + 1);
	int operand;

	if (!values)
		return admin_out_of_memory(admin);
	if (!options_parse(admin, command, values, argc, argv, &operand) || answered(admin))
		return admin->status;
	if (!settle_root(admin))
		return admin->status;
	admin->color = !admin->no_color && !admin->json && terminal_likes_color();
	if (command->wraps)
		wrap_open(admin);
	if (command->pages && command->pages(values))
		pager_open(admin);
	return command->run(admin, values, argc - operand, argv + operand);
}

/* Whether a word behind an unknown command asks for JSON: what it takes otherwise nobody knows. */
static bool wants_json(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--json") == 0 || strncmp(argv[i], "--json=", 7) == 0)
			return true;
	return false;
}

static int run(struct admin *admin, int argc, char **argv)
{
	int operand;

	if (!options_parse(admin, NULL, NULL, argc, argv, &operand) || answered(admin))
		return admin->status;
	if (operand == argc)
		return admin_usage(admin, "a command is missing");
	admin->command = find_command(admin, argv[operand]);
	if (!admin->command) {
		admin->json = admin->json || wants_json(argc - operand, argv + operand);
		return admin->status;
	}
	return run_command(admin, argc - operand, argv + operand);
}

int main(int argc, char **argv)
{
	struct admin admin = {.root = "", .columns = screen_columns(STDOUT_FILENO)};
	struct json json;

	admin.status = run(&admin, argc, argv);
	if (admin.json && !admin.json_begun && admin.errors.n > 0) {
		admin_json_begin(&admin, &json);
		admin_json_end(&admin, &json);
	}
	/* A full disk behind standard output must not look like success. */
	if (!wrap_close() || fflush(stdout) != 0 || ferror(stdout))
		admin_fail(&admin, EXIT_BUG, "cannot write to standard output");
	pager_close();
	admin_texts_done(&admin.errors);
	admin_texts_done(&admin.notes);
	return admin.status;
}
