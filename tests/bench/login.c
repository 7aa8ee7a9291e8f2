/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * How long a login takes: from before pam_open_session over the fork, the exec of /bin/true as the
 * user and its end to after pam_close_session.
 *
 *	bench-login ROUNDS NAME:CONFDIR:USER...
 *
 * Prints one line a variant: name, median, 5th and 95th percentile in microseconds. On a busy
 *machine the 5th is the steadiest.
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

/* A supervisor ends after its session has: let it, so that the next variant does not pay for it. */
#define PAUSE_US 15000

static double one_login(const struct variant *variant, const struct passwd *pw)
{
	char *const command[] = {(char *)"/bin/true", NULL};
	pam_handle_t *handle = session_start(variant);
	uint64_t start = nanoseconds(), end;
	int status;
	pid_t child;

	session_open(handle);
	child = fork();
	need(child >= 0, "fork");
	if (child == 0) {
		session_become(pw);
		execv(command[0], command);
		_exit(127);
	}
	need(waitpid(child, &status, 0) == child && status == 0, variant->name);
	session_close(handle);
	end = nanoseconds();
	session_end(handle);
	return (double)(end - start) / 1000;
}

static void serve(const struct variant *variant, int commands, int results)
{
	const struct passwd *pw = session_user(variant);
	char command;

	while (read(commands, &command, 1) == 1) {
		double us = one_login(variant, pw);

		transfer_out(results, &us, sizeof(us));
	}
}

int main(int argc, char **argv)
{
	struct variant variants[VARIANTS_MAX];
	size_t rounds = argc > 2 ? (size_t)atol(argv[1]) : 0, n;
	double *values;

	need(rounds > 0, "usage: bench-login ROUNDS NAME:CONFDIR:USER...");
	n = variants_parse(argv + 2, variants);
	values = calloc(n * rounds, sizeof(*values));
	need(values != NULL, "calloc");
	for (size_t i = 0; i < n; i++)
		variant_start(&variants[i], serve);
	for (size_t round = 0; round < rounds; round++) {
		for (size_t i = 0; i < n; i++) {
			transfer_out(variants[i].commands, "", 1);
			transfer_in(
				variants[i].results, &values[i * rounds + round], sizeof(double));
			usleep(PAUSE_US);
		}
		fprintf(stderr, "\rlogin: round %zu of %zu", round + 1, rounds);
	}
	fputc('\n', stderr);
	variants_end(variants, n);
	for (size_t i = 0; i < n; i++)
		printf("%s %.0f %.0f %.0f\n", variants[i].name, median(values + i * rounds, rounds),
			percentile(values + i * rounds, rounds, 5),
			percentile(values + i * rounds, rounds, 95));
	free(values);
	return 0;
}
