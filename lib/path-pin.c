/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Path lookup that follows trusted symlinks only. Opens with O_PATH, so it touches no device. */

#include "path-pin.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "cleanup.h"

#define LINKS_MAX 40 /* as in the kernel: MAXSYMLINKS */

struct walk {
	int dir;
	char rest[PATH_MAX];
	unsigned links;
	bool is_folder; /* what the descriptor found last is one */
};

static bool trusted_owner(const struct stat *st)
{
	return st->st_uid == 0 || st->st_uid == geteuid();
}

static bool trusted_link(int dir, const struct stat *link)
{
	struct stat st;

	if (fstat(dir, &st) < 0 || !trusted_owner(&st) || !trusted_owner(link))
		return false;
	return !(st.st_mode & (S_IWGRP | S_IWOTH)) || (st.st_mode & S_ISVTX);
}

/*
 * O_DIRECTORY first: without it O_PATH does not trigger an automount, and a rule on the folder
 * underneath would not hold for what is mounted later.
 */
static int open_component(int dir, const char *name)
{
	int fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == ENOTDIR)
		fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static void walk_move(struct walk *walk, int fd)
{
	fd_close(walk->dir);
	walk->dir = fd;
}

static void walk_done(struct walk *walk)
{
	fd_close(walk->dir);
}

static int walk_from_root(struct walk *walk)
{
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (root < 0)
		return -errno;
	walk_move(walk, root);
	walk->is_folder = true;
	return 0;
}

/* Puts the link's target in front of what is left, which begins with a slash, or is nothing. */
static int walk_link(struct walk *walk, int link)
{
	char target[PATH_MAX], joined[PATH_MAX];
	ssize_t n = readlinkat(link, "", target, sizeof(target));
	int r;

	if (n < 0)
		return -errno;
	if (n == sizeof(target) || ++walk->links > LINKS_MAX)
		return -ELOOP;
	r = snprintf(joined, sizeof(joined), "%.*s%s", (int)n, target, walk->rest);
	if (r < 0 || (size_t)r >= sizeof(joined))
		return -ENAMETOOLONG;
	memcpy(walk->rest, joined, (size_t)r + 1);
	return target[0] == '/' ? walk_from_root(walk) : 0;
}

/* Cuts the next component off what is left; false when nothing is. */
static bool walk_next(struct walk *walk, char name[NAME_MAX + 2])
{
	const char *start = walk->rest + strspn(walk->rest, "/");
	size_t n = strcspn(start, "/");

	/* One byte more than a name may have, for the kernel to refuse. */
	snprintf(name, NAME_MAX + 2, "%.*s", (int)n, start);
	memmove(walk->rest, start + n, strlen(start + n) + 1);
	return n > 0;
}

static int walk_step(struct walk *walk, const char *name)
{
	_cleanup_close_ int fd = open_component(walk->dir, name);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISLNK(st.st_mode)) {
		walk_move(walk, take_fd(&fd));
		walk->is_folder = S_ISDIR(st.st_mode);
		return 0;
	}
	return trusted_link(walk->dir, &st) ? walk_link(walk, fd) : -ELOOP;
}

static int open_without_links(int dir, const char *path, unsigned flags)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC | flags,
		.resolve = RESOLVE_NO_SYMLINKS,
	};
	int fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));

	return fd < 0 ? -errno : fd;
}

/* All that is left in one call, as long as there is no link in it: most paths have none. */
static int walk_rest(struct walk *walk)
{
	/* Before the first component the path is absolute, and the kernel needs no folder. */
	const char *rest = walk->rest + (walk->dir < 0 ? 0 : strspn(walk->rest, "/"));
	int fd;

	if (*rest == '\0')
		return take_fd(&walk->dir);
	fd = open_without_links(walk->dir, rest, O_DIRECTORY);
	walk->is_folder = fd >= 0;
	return fd == -ENOTDIR ? open_without_links(walk->dir, rest, 0) : fd;
}

/* One component after the other, up to and over the next link. */
static int walk_over_link(struct walk *walk)
{
	char name[NAME_MAX + 2];
	unsigned links = walk->links;
	int r = walk->dir < 0 ? walk_from_root(walk) : 0;

	while (r == 0 && walk->links == links && walk_next(walk, name))
		r = walk_step(walk, name);
	return r;
}

int path_pin_kind(const char *path, int *ret_fd, bool *ret_is_folder)
{
	_cleanup_(walk_done) struct walk walk = {.dir = -1};
	int fd, r;

	if (path[0] != '/')
		return -EINVAL;
	if (strlen(path) >= sizeof(walk.rest))
		return -ENAMETOOLONG;
	strcpy(walk.rest, path);
	/* ENOSYS: within a session of ours, whose filter does not know openat2(2). */
	while ((fd = walk_rest(&walk)) == -ELOOP || fd == -ENOSYS) {
		r = walk_over_link(&walk);
		if (r < 0)
			return r;
	}
	if (fd < 0)
		return fd;
	*ret_fd = fd;
	*ret_is_folder = walk.is_folder;
	return 0;
}

int path_pin(const char *path, int *ret_fd)
{
	bool unused;

	return path_pin_kind(path, ret_fd, &unused);
}
