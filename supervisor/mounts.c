/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Reads /proc/self/mountinfo. What is asked of a mount is asked by root before the login goes on,
 * so only file systems are that answer out of the kernel and at once: a FUSE mount is its user's,
 * and an NFS server may be gone.
 */

#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "str.h"

#define UNWATCHED_MAX 300 /* bytes of what is told */

enum kind {
	KIND_OTHER,   /* not touched */
	KIND_KERNEL,  /* nor told of: the kernel's own, without files that a handle could name */
	KIND_WALKED,  /* what is mounted in it can be reached, but its own files have no handles */
	KIND_WATCHED, /* files can be opened by what fanotify(7) says of them */
};

static const struct {
	const char *type;
	enum kind kind;
} kinds[] = {
	{"ext2", KIND_WATCHED},
	{"ext3", KIND_WATCHED},
	{"ext4", KIND_WATCHED},
	{"xfs", KIND_WATCHED},
	{"btrfs", KIND_WATCHED},
	{"f2fs", KIND_WATCHED},
	{"tmpfs", KIND_WATCHED},
	{"devtmpfs", KIND_WATCHED},
	{"bcachefs", KIND_WATCHED},
	{"overlay", KIND_WALKED},
	{"squashfs", KIND_WALKED},
	{"erofs", KIND_WALKED},
	{"proc", KIND_KERNEL},
	{"sysfs", KIND_KERNEL},
	{"cgroup", KIND_KERNEL},
	{"cgroup2", KIND_KERNEL},
	{"devpts", KIND_KERNEL},
	{"mqueue", KIND_KERNEL},
	{"hugetlbfs", KIND_KERNEL},
	{"debugfs", KIND_KERNEL},
	{"tracefs", KIND_KERNEL},
	{"securityfs", KIND_KERNEL},
	{"selinuxfs", KIND_KERNEL},
	{"configfs", KIND_KERNEL},
	{"fusectl", KIND_KERNEL},
	{"pstore", KIND_KERNEL},
	{"bpf", KIND_KERNEL},
	{"efivarfs", KIND_KERNEL},
	{"binfmt_misc", KIND_KERNEL},
	{"rpc_pipefs", KIND_KERNEL},
	{"autofs", KIND_KERNEL},
	{"nsfs", KIND_KERNEL},
};

static enum kind kind_of(const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strcmp(kinds[i].type, type) == 0)
			return kinds[i].kind;
	return KIND_OTHER;
}

/* A line of mountinfo, as far as it matters: proc_pid_mountinfo(5). */
struct line {
	int id, parent;
	char *path, *type;
};

/* "\040" is a blank; also tab, newline and the backslash. In place. */
static void unescape(char *path)
{
	char *to = path;

	for (const char *p = path; *p; to++) {
		unsigned code;

		if (p[0] == '\\' && sscanf(p + 1, "%3o", &code) == 1) {
			*to = (char)code;
			p += 4;
		} else {
			*to = *p++;
		}
	}
	*to = '\0';
}

static bool parse(char *text, struct line *ret)
{
	char *dash = strstr(text, " - "), *rest = NULL;
	int path = 0;

	if (!dash || sscanf(text, "%d %d %*s %*s %n", &ret->id, &ret->parent, &path) != 2 ||
		path == 0)
		return false;
	ret->type = strtok_r(dash + 3, " ", &rest);
	ret->path = strtok_r(text + path, " ", &rest);
	if (!ret->type || !ret->path)
		return false;
	unescape(ret->path);
	return true;
}

/* The mounts on which others may lie, by their ids. */
struct reading {
	struct mounts mounts;
	struct str unwatched;
	int *walked;
	size_t n_walked;
	bool any;
};

static bool can_walk(const struct reading *reading, int parent)
{
	/* The first line is the root's, whose parent is somebody else's. */
	if (!reading->any)
		return true;
	for (size_t i = 0; i < reading->n_walked; i++)
		if (reading->walked[i] == parent)
			return true;
	return false;
}

static int add_walked(struct reading *reading, int id)
{
	int *grown = reallocarray(reading->walked, reading->n_walked + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	reading->walked = grown;
	grown[reading->n_walked++] = id;
	return 0;
}

int mounts_open(int root, const char *path, int flags)
{
	const struct open_how how = {
		.flags = (uint64_t)(flags | O_DIRECTORY | O_CLOEXEC),
		.resolve = RESOLVE_NO_SYMLINKS | (root == AT_FDCWD ? 0 : RESOLVE_IN_ROOT),
	};
	int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));

	return fd < 0 ? -errno : fd;
}

static void tell(struct reading *reading, const struct line *line)
{
	if (reading->unwatched.length < UNWATCHED_MAX)
		str_addf(&reading->unwatched, "%s%s (%s)", reading->unwatched.length > 0 ? " " : "",
			line->path, line->type);
}

static int add_mount(struct reading *reading, const struct line *line)
{
	struct mount *grown = reallocarray(
		reading->mounts.items, reading->mounts.n + 1, sizeof(*grown));
	_cleanup_close_ int fd = -1;
	struct statfs fs;

	if (!grown)
		return -ENOMEM;
	reading->mounts.items = grown;
	fd = mounts_open(AT_FDCWD, line->path, O_RDONLY);
	/* A file that something is mounted on, or what has moved meanwhile. */
	if (fd < 0 || fstatfs(fd, &fs) < 0) {
		tell(reading, line);
		return 0;
	}
	grown += reading->mounts.n;
	*grown = (struct mount){.path = strdup(line->path), .fsid = fs.f_fsid};
	if (!grown->path)
		return -ENOMEM;
	grown->fd = take_fd(&fd);
	reading->mounts.n++;
	return 0;
}

static int take_line(struct reading *reading, const struct line *line)
{
	enum kind kind = kind_of(line->type);
	bool reachable = can_walk(reading, line->parent);
	int r = 0;

	reading->any = true;
	if (kind == KIND_KERNEL)
		return 0;
	if (!reachable || kind != KIND_WATCHED)
		tell(reading, line);
	if (!reachable || kind == KIND_OTHER)
		return 0;
	r = add_walked(reading, line->id);
	return r == 0 && kind == KIND_WATCHED ? add_mount(reading, line) : r;
}

static void reading_done(struct reading *reading)
{
	mounts_done(&reading->mounts);
	str_done(&reading->unwatched);
	free(reading->walked);
}

int mounts_load(struct mounts *ret)
{
	_cleanup_(reading_done) struct reading reading = {.unwatched = STR_INIT};
	_cleanup_file_ FILE *file = fopen("/proc/self/mountinfo", "re");
	_cleanup_free_ char *text = NULL;
	size_t room = 0;
	int r = 0;

	if (!file)
		return -errno;
	while (r == 0 && getline(&text, &room, file) > 0) {
		struct line line;

		text[strcspn(text, "\n")] = '\0';
		if (parse(text, &line))
			r = take_line(&reading, &line);
	}
	if (r < 0)
		return r;
	reading.mounts.unwatched = str_take(&reading.unwatched);
	if (!reading.mounts.unwatched)
		return -ENOMEM;
	*ret = reading.mounts;
	reading.mounts = MOUNTS_INIT;
	return 0;
}

void mounts_done(struct mounts *mounts)
{
	for (size_t i = 0; i < mounts->n; i++) {
		fd_close(mounts->items[i].fd);
		free(mounts->items[i].path);
	}
	free(mounts->items);
	free(mounts->unwatched);
	*mounts = MOUNTS_INIT;
}
