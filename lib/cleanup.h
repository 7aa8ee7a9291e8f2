/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Visible ownership: a variable declared with one of the _cleanup_*_ attributes owns what it holds
 * until take_fd() or take_ptr() hands it over, usually on the last line of the function.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(f)    __attribute__((cleanup(f)))
#define _cleanup_free_  _cleanup_(cleanup_free)
#define _cleanup_close_ _cleanup_(cleanup_close)
#define _cleanup_file_  _cleanup_(cleanup_file)

static inline void cleanup_free(void *p)
{
	free(*(void **)p);
}

/* Closes without touching errno, so that it may run between a failure and its report. */
static inline int fd_close(int fd)
{
	if (fd >= 0) {
		int saved = errno;
		close(fd);
		errno = saved;
	}
	return -1;
}

static inline void cleanup_file(FILE **file)
{
	if (*file)
		fclose(*file);
}

static inline void cleanup_close(const int *fd)
{
	fd_close(*fd);
}

static inline int take_fd(int *fd)
{
	int taken = *fd;
	*fd = -1;
	return taken;
}

#define take_ptr(p)                                                                                \
	({                                                                                         \
		__typeof__(p) *_slot = &(p);                                                       \
		__typeof__(p) _taken = *_slot;                                                     \
		*_slot = NULL;                                                                     \
		_taken;                                                                            \
	})

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
