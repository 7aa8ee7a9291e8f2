/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Opens files by names that others chose, where anything may lie. */

#include <stddef.h>
#include <stdio.h>
#include <time.h>

/*
 * Opens a regular file for reading, and nothing else. fd, -EISDIR for a folder, -ESPIPE for what is
 * neither, or another negative errno.
 */
int named_file_open(const char *path);

/* The same as a stream; NULL and errno. */
FILE *named_file_stream(const char *path);

/*
 * Reads what somebody named on a command line, at most max bytes: a file, or what can be read only
 * once and may have to be waited for, as a pipe. *ret_written is when a file was last changed, 0
 * for a pipe. 0, -E2BIG when longer, -EISDIR or another negative errno. *ret is NUL-terminated
 * beyond *ret_size.
 */
int named_file_read(
	const char *path, size_t max, char **ret, size_t *ret_size, time_t *ret_written);
