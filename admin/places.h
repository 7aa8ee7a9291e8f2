/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Where in the file tree a policy's path is met. Landlock ties a rule to an inode, so a grant on a
 * folder holds wherever that folder is mounted, and one on a file under each of its names.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct places {
	const char *written; /* borrowed */
	char **paths;        /* absolute, without symlinks */
	size_t n_paths;
	bool exists; /* then dev and ino are its own */
	bool file;   /* exists, and is no folder */
	bool lost;   /* it may be met elsewhere, too: not to be compared by its paths */
	dev_t dev;
	ino_t ino;
};

/* What the mount namespace looks like, read once. */
struct mounts;
int mounts_read(struct mounts **ret);
struct mounts *mounts_free(struct mounts *mounts);

/*
 * Follows `path` as a session's ruleset would (path-pin.h). What does not exist is taken for
 * something beneath what exists of it. Without mounts, for another machine's path, it is by its
 * name alone. 0 or -errno.
 */
int places_find(const struct mounts *mounts, const char *path, struct places *ret);
void places_done(struct places *places);

/* Whether they are one and the same: the same word, or the same inode. */
bool places_same(const struct places *a, const struct places *b);

/* Whether `place` is what `places` stands for, or lies beneath it. */
bool places_hold(const struct places *places, const char *place);
