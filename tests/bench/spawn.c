/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * How long commands take, in turn, so that the machine's moods hit all alike.
 *
 *	bench-spawn ROUNDS COMMAND [ARGUMENT]... [-- COMMAND [ARGUMENT]...]...
 *
 * Prints the median of each in microseconds, a line each. A command that fails ends it all.
 */

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define COMMANDS_MAX 8

struct command {
	char **argv;
	double *us;
};

static double run(char **argv, posix_spawn_file_actions_t *actions)
{
	uint64_t start = nanoseconds();
	int status;
	pid_t pid;

	need(posix_spawn(&pid, argv[0], actions, NULL, argv, environ) == 0, argv[0]);
	need(waitpid(pid, &status, 0) == pid && status == 0, argv[0]);
	return (double)(nanoseconds() - start) / 1e3;
}

/* Cuts the words up in place. Returns how many commands they are. */
static size_t split(char **words, int n_words, size_t rounds, struct command ret[COMMANDS_MAX])
{
	size_t n = 0;

	for (int i = 0, first = 0; i <= n_words; i++) {
		if (i < n_words && strcmp(words[i], "--") != 0)
			continue;
		need(i > first && n < COMMANDS_MAX, "COMMAND");
		words[i] = NULL;
		ret[n].us = calloc(rounds, sizeof(double));
		need(ret[n].us != NULL, "memory");
		ret[n++].argv = words + first;
		first = i + 1;
	}
	return n;
}

int main(int argc, char **argv)
{
	struct command commands[COMMANDS_MAX];
	posix_spawn_file_actions_t actions;
	size_t rounds, n;

	need(argc > 2, "bench-spawn ROUNDS COMMAND...");
	rounds = strtoul(argv[1], NULL, 10);
	need(rounds > 0, "ROUNDS");
	n = split(argv + 2, argc - 2, rounds, commands);
	need(posix_spawn_file_actions_init(&actions) == 0 &&
			posix_spawn_file_actions_addopen(
				&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) == 0,
		"file actions");
	for (size_t i = 0; i < rounds; i++)
		for (size_t j = 0; j < n; j++)
			commands[j].us[i] = run(commands[j].argv, &actions);
	for (size_t j = 0; j < n; j++)
		printf("%.0f\n", median(commands[j].us, rounds));
	return 0;
}
