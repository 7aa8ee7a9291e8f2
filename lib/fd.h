/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Small things done with file descriptors. Used by the module too: libc only. */

#include <stdbool.h>
#include <stddef.h>

#include "cleanup.h"

/* Moves fd to the lowest free number >= minimum, close-on-exec; closes the old one. -errno. */
int fd_move_above(int fd, int minimum);

/* A close-on-exec memfd holding a copy of bytes, sealed against every change. fd or -errno. */
int memfd_new_sealed(const char *name, const void *bytes, size_t size);

/* Seals an existing memfd against every change. 0 or -errno. */
int memfd_seal(int fd);

/* Whether fd is a memfd that nobody can change any more. */
bool memfd_is_sealed(int fd);

/*
 * Reads a file from its start to its end, at most max bytes. 0, -E2BIG when longer, -errno.
 * *ret is NUL-terminated beyond *ret_size.
 */
int fd_read_all(int fd, size_t max, char **ret, size_t *ret_size);

/* The same from where it stands, for what has no offset: a pipe. */
int fd_read_stream(int fd, size_t max, char **ret, size_t *ret_size);

/* Writes all of it, going on after EINTR. 0 or -errno. */
int fd_write_all(int fd, const void *bytes, size_t size);
