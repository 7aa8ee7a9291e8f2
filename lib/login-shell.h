/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What must be in reach for a program to start: itself, its loader, its libraries. */

#include <stddef.h>
#include <stdint.h>

struct shell_need {
	char *path;      /* without symbolic links, without the root */
	uint64_t access; /* LANDLOCK_ACCESS_FS_* */
};

struct shell_needs {
	struct shell_need *needs; /* the program itself first */
	size_t n_needs;
};

/*
 * Follows a program within a root of the file system: the interpreter of a script, the loader, and
 * the libraries that they and each other name, as far as they are found. 0, -ENOENT where there is
 * no such program, or another negative errno.
 */
int shell_needs_find(const char *root, const char *program, struct shell_needs *ret);
void shell_needs_done(struct shell_needs *needs);
