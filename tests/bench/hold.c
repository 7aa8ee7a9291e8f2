/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Holds idle sessions open: opens N of them, each with one sleeping process, says "ready" on its
 * standard output and waits for the end of its standard input.
 *
 *	bench-hold N NAME:CONFDIR:USER
 */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"

/* The pipe's end, seen by the session's process, ends the session. */
static void wait_for_end(int commands, int results)
{
	char command;

	transfer_out(results, "", 1);
	need(read(commands, &command, 1) == 0, "read");
}

static void serve(const struct variant *variant, int commands, int results)
{
	session_serve(variant, commands, results, wait_for_end);
}

int main(int argc, char **argv)
{
	size_t n = argc == 3 ? (size_t)atol(argv[1]) : 0;
	struct variant parsed[VARIANTS_MAX], *variants = calloc(n + 1, sizeof(*variants));
	char byte;

	need(n > 0 && variants, "usage: bench-hold N NAME:CONFDIR:USER");
	variants_parse(argv + 2, parsed);
	for (size_t i = 0; i < n; i++) {
		variants[i] = parsed[0];
		variant_start(&variants[i], serve);
		transfer_in(variants[i].results, &byte, 1);
		fprintf(stderr, "\ridle: session %zu of %zu", i + 1, n);
	}
	fputc('\n', stderr);
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	variants_end(variants, n);
	free(variants);
	return 0;
}
