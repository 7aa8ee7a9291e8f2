/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Preloaded into everything of a throw-away host (/etc/ld.so.preload; a supervisor has an empty
 * environment): makes one allocation of a program fail. /run/faults/allocation says which: the
 * program's name and a number from 1. An empty file /run/faults/failed says that it was made.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define POINT  "/run/faults/allocation"
#define FAILED "/run/faults/failed"

/* glibc's own names of what is replaced here. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static unsigned long fails_at; /* 0: not in this program */
static atomic_ulong count;

__attribute__((constructor)) static void find_point(void)
{
	char text[128] = "", name[64];
	unsigned long number;
	int fd = open(POINT, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n > 0 && sscanf(text, "%63s %lu", name, &number) == 2 &&
		strcmp(name, program_invocation_short_name) == 0)
		fails_at = number;
}

static int fails(void)
{
	int fd;

	if (fails_at == 0 || atomic_fetch_add(&count, 1) + 1 != fails_at)
		return 0;
	fd = open(FAILED, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd >= 0)
		close(fd);
	errno = ENOMEM;
	return 1;
}

__attribute__((visibility("default"))) void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

__attribute__((visibility("default"))) void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

__attribute__((visibility("default"))) void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}
