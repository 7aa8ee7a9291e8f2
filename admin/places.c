/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Paths to places, by /proc/self/mountinfo (proc_pid_mountinfo(5)). Opens with O_PATH only. */

#include "places.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "path-pin.h"
#include "str.h"

#define PATH_SIZE 4096 /* PATH_MAX */

struct mount_row {
	uint64_t id;
	unsigned major, minor;
	char *root;  /* of the mount, within its file system */
	char *point; /* where it is mounted */
};

struct mounts {
	struct mount_row *rows;
	size_t n_rows;
};

/* \040 and the like, in place. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from; to++) {
		unsigned value;

		if (from[0] == '\\' && sscanf(from + 1, "%3o", &value) == 1) {
			*to = (char)value;
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = '\0';
}

static int add_row(struct mounts *mounts, const char *line)
{
	struct mount_row *rows = reallocarray(mounts->rows, mounts->n_rows + 1, sizeof(*rows));
	struct mount_row row = {0};
	unsigned long long id;

	if (!rows)
		return -ENOMEM;
	mounts->rows = rows;
	if (sscanf(line, "%llu %*u %u:%u %ms %ms ", &id, &row.major, &row.minor, &row.root,
		    &row.point) != 5) {
		free(row.root);
		return -EIO;
	}
	row.id = id;
	unescape(row.root);
	unescape(row.point);
	rows[mounts->n_rows++] = row;
	return 0;
}

int mounts_read(struct mounts **ret)
{
	_cleanup_file_ FILE *file = fopen("/proc/self/mountinfo", "re");
	_cleanup_free_ char *line = NULL;
	struct mounts *mounts = file ? calloc(1, sizeof(*mounts)) : NULL;
	size_t size = 0;
	int r = 0;

	if (!mounts)
		return file ? -ENOMEM : -errno;
	while (r == 0 && getline(&line, &size, file) > 0)
		r = add_row(mounts, line);
	if (r == 0 && ferror(file))
		r = -EIO;
	if (r < 0)
		mounts_free(mounts);
	else
		*ret = mounts;
	return r;
}

struct mounts *mounts_free(struct mounts *mounts)
{
	for (size_t i = 0; mounts && i < mounts->n_rows; i++) {
		free(mounts->rows[i].root);
		free(mounts->rows[i].point);
	}
	if (mounts)
		free(mounts->rows);
	free(mounts);
	return NULL;
}

/* What of `path` lies beneath `folder`, "" or beginning with a slash; NULL where it does not. */
static const char *rest_beneath(const char *path, const char *folder)
{
	size_t length = strcmp(folder, "/") == 0 ? 0 : strlen(folder);

	if (strncmp(path, folder, length) != 0 || (path[length] != '/' && path[length] != '\0'))
		return NULL;
	return strcmp(path, "/") == 0 ? "" : path + length;
}

static int add_place(
	struct places *places, const char *point, const char *within, const char *missing)
{
	char **grown = reallocarray(places->paths, places->n_paths + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	places->paths = grown;
	if (strcmp(point, "/") == 0 && (*within || *missing))
		point = "";
	grown[places->n_paths] = str_format("%s%s%s", point, within, missing);
	return grown[places->n_paths++] ? 0 : -ENOMEM;
}

static const struct mount_row *mount_of(const struct mounts *mounts, uint64_t id)
{
	for (size_t i = 0; i < mounts->n_rows; i++)
		if (mounts->rows[i].id == id)
			return &mounts->rows[i];
	return NULL;
}

/* Everywhere that `within`, a path of row's file system, is mounted. */
static int add_places(struct places *places, const struct mounts *mounts,
	const struct mount_row *row, const char *within, const char *missing)
{
	int r = 0;

	for (size_t i = 0; i < mounts->n_rows && r == 0; i++) {
		const struct mount_row *other = &mounts->rows[i];
		const char *rest = rest_beneath(within, other->root);

		if (other->major == row->major && other->minor == row->minor && rest)
			r = add_place(places, other->point, rest, missing);
	}
	return r;
}

static int find_by_fd(
	struct places *places, const struct mounts *mounts, int fd, const char *missing)
{
	_cleanup_free_ char *within = NULL;
	char link[64], resolved[PATH_SIZE];
	const struct mount_row *row;
	const char *rest;
	struct statx stx;
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, resolved, sizeof(resolved) - 1);
	if (n < 0 || statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_MNT_ID, &stx) < 0)
		return -errno;
	resolved[n] = '\0';
	row = stx.stx_mask & STATX_MNT_ID ? mount_of(mounts, stx.stx_mnt_id) : NULL;
	rest = row ? rest_beneath(resolved, row->point) : NULL;
	if (*missing == '\0') {
		places->exists = true;
		places->file = !S_ISDIR(stx.stx_mode);
		places->dev = makedev(stx.stx_dev_major, stx.stx_dev_minor);
		places->ino = stx.stx_ino;
		places->lost = places->file && stx.stx_nlink > 1;
	}
	if (!rest) {
		places->lost = true;
		return add_place(places, resolved, "", missing);
	}
	within = str_format("%s%s", strcmp(row->root, "/") == 0 ? "" : row->root, rest);
	return within ? add_places(places, mounts, row, within, missing) : -ENOMEM;
}

/* Pins the longest part that there is; *ret_length says how long that is. */
static int pin_existing(const char *path, struct places *places, int *ret_fd, size_t *ret_length)
{
	_cleanup_free_ char *part = strdup(path);
	int r = part ? path_pin(part, ret_fd) : -ENOMEM;

	while (r == -ENOENT || r == -ENOTDIR || r == -ELOOP || r == -EACCES) {
		char *slash = strrchr(part, '/');

		places->lost |= r == -EACCES; /* for us; perhaps not for a session's supervisor */
		while (slash > part && slash[-1] == '/')
			slash--;
		*slash = '\0';
		r = path_pin(slash > part ? part : "/", ret_fd);
	}
	*ret_length = part ? strlen(part) : 0;
	return r;
}

int places_find(const struct mounts *mounts, const char *path, struct places *ret)
{
	_cleanup_close_ int fd = -1;
	struct places places = {.written = path};
	size_t length = 0;
	int r = mounts ? pin_existing(path, &places, &fd, &length)
		       : add_place(&places, path, "", "");

	if (r == 0 && mounts)
		r = find_by_fd(&places, mounts, fd, path + length);
	if (r < 0)
		places_done(&places);
	else
		*ret = places;
	return r;
}

void places_done(struct places *places)
{
	for (size_t i = 0; i < places->n_paths; i++)
		free(places->paths[i]);
	free(places->paths);
	*places = (struct places){0};
}

bool places_same(const struct places *a, const struct places *b)
{
	if (strcmp(a->written, b->written) == 0)
		return true;
	return a->exists && b->exists && a->dev == b->dev && a->ino == b->ino;
}

bool places_hold(const struct places *places, const char *place)
{
	for (size_t i = 0; i < places->n_paths; i++)
		if (rest_beneath(place, places->paths[i]))
			return true;
	return false;
}
