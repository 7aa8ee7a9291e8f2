/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A command that shows all rows of a table of ours, or the one that its operand names. */

#include "command.h"

struct listing {
	const void *(*find)(struct admin *admin, const char *name); /* NULL after it was reported */
	void (*print_json)(struct admin *admin, const void *only);  /* NULL: all */
	void (*print_one)(struct admin *admin, const void *one);
	void (*print_all)(struct admin *admin);
};

/* Returns the exit code. */
int listing_run(struct admin *admin, const struct listing *listing, int argc, char **argv);
