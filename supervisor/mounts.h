/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The mounts of this process, as far as files in them can be watched. */

#include <stddef.h>
#include <sys/types.h>

struct mount {
	char *path;
	int fd;      /* the folder at its root, for open_by_handle_at(2) */
	fsid_t fsid; /* of its file system, as events name it */
};

struct mounts {
	struct mount *items;
	size_t n;
	char *unwatched; /* "/srv (nfs4) ...": where the kernel would not say, or must not be asked
			  */
};

#define MOUNTS_INIT ((struct mounts){0})

/*
 * Opens a mount's folder by its path beneath `root`, or AT_FDCWD: our own. A user may own folders
 * on the way there and put a symlink in a folder's place: -ELOOP. The descriptor or -errno.
 */
int mounts_open(int root, const char *path, int flags);

/* 0 or -errno. */
int mounts_load(struct mounts *ret);

void mounts_done(struct mounts *mounts);
