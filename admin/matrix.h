/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A table of expectations, for policies what unit tests are for programs: a line is "allow" or
 * "deny", an action of `test`, and objects. Blanks separate words; an empty line or one that begins
 * with '#' is skipped. A path may have the specifiers and escapes that it may have in a policy.
 */

#include "command.h"
#include "policy.h"

struct expectation {
	unsigned line;
	bool allow;
	size_t action; /* index into the actions */
	char *object;
};

struct matrix {
	struct expectation *rows;
	size_t n_rows;
};

/* What an action's objects are. */
enum matrix_object {
	MATRIX_WORD,
	MATRIX_PATH,
	MATRIX_SOCKET, /* a path, or @NAME */
};

struct matrix_action {
	const char *name;
	enum matrix_object object;
};

/*
 * Reads all of the table, or reports everything that is wrong with it, line by line, and returns
 * false. Free with matrix_done() in any case.
 */
bool matrix_read(struct admin *admin, const char *path, const struct matrix_action *actions,
	size_t n_actions, const struct identity *identity, struct matrix *ret);
void matrix_done(struct matrix *matrix);
