/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Opens policy files and judges who could have changed them. Once open, only the descriptor is
 * asked. A walk with O_NOFOLLOW does on every kernel what openat2(2) could do on newer ones.
 */

#include "policy-file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "fd.h"
#include "str.h"

/* What a fault is about, and by which include one got there. */
struct subject {
	const struct policy_dirs *dirs;
	const char *path; /* dirs->root included */
	const char *included_from;
	struct diag_list *diags;
};

static int refuse(const struct subject *subject, const char *id, const char *text)
{
	const struct diag_place place = {
		.file = subject->path, .included_from = subject->included_from};

	diag_error(subject->diags, &place, id, NULL, "%s", text);
	return POLICY_E_INVALID;
}

static int refuse_open(const struct subject *subject, int error)
{
	const struct diag_place place = {
		.file = subject->path, .included_from = subject->included_from};

	if (error == ENOMEM)
		return -ENOMEM;
	if (error == ELOOP)
		return refuse(subject, "untrusted-symlink",
			"is a symbolic link; policies are not read through one");
	if (error == ENOTDIR)
		return refuse(
			subject, "untrusted-folder", "is no folder, or a symbolic link to one");
	errno = error;
	diag_error(subject->diags, &place, error == EACCES ? DIAG_NOT_PERMITTED : "unreadable",
		NULL, "cannot be read: %m");
	return POLICY_E_INVALID;
}

/* Who may write it decides whether it can be believed. */
static int check_owner(const struct subject *subject, const struct stat *st)
{
	if (subject->dirs->any_owner)
		return 0;
	if (st->st_uid != 0)
		return refuse(subject, "untrusted-owner", "is not owned by root");
	/* An ACL that lets anyone else write shows in the group bits too: acl(5). */
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return refuse(subject, "untrusted-mode", "can be written by group or others");
	return 0;
}

static int check_folder(const struct subject *subject, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return refuse_open(subject, errno);
	return check_owner(subject, &st);
}

static int check_file(const struct subject *subject, int fd, time_t *ret_written)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return refuse_open(subject, errno);
	*ret_written = st.st_mtime;
	if (!S_ISREG(st.st_mode))
		return refuse(subject, "untrusted-kind", "is no regular file");
	/* None at all: it has been replaced since it was opened, and is still whole. */
	if (!subject->dirs->any_owner && st.st_nlink > 1)
		return refuse(subject, "untrusted-links",
			"has more than one name (hard link); any of them could be changed");
	return check_owner(subject, &st);
}

/* One step of the walk; `path` is for messages. Closes nothing. */
static int step(const struct subject *subject, int fd, const char *name, int *ret_fd)
{
	_cleanup_close_ int next = openat(fd, name, O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);
	int r;

	if (next < 0)
		return errno == ENOENT ? -ENOENT : refuse_open(subject, errno);
	r = check_folder(subject, next);
	if (r != 0)
		return r;
	*ret_fd = take_fd(&next);
	return 0;
}

static int open_root(const struct subject *subject, int *ret_fd)
{
	_cleanup_close_ int fd = open(subject->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int r;

	if (fd < 0)
		return errno == ENOENT ? -ENOENT : refuse_open(subject, errno);
	r = check_folder(subject, fd);
	if (r != 0)
		return r;
	*ret_fd = take_fd(&fd);
	return 0;
}

/* Takes `fd` over. */
static int hand_over(const char *path, int fd, struct policy_folder *ret)
{
	struct policy_folder folder = {.path = strdup(path), .fd = fd};

	if (!folder.path) {
		fd_close(fd);
		return -ENOMEM;
	}
	*ret = folder;
	return 0;
}

int policy_folder_open(const struct policy_dirs *dirs, const char *path, const char *included_from,
	struct diag_list *diags, struct policy_folder *ret)
{
	struct subject subject = {dirs, *dirs->root ? dirs->root : "/", included_from, diags};
	_cleanup_str_ struct str so_far = STR_INIT;
	_cleanup_close_ int fd = -1;
	int r = open_root(&subject, &fd);

	str_puts(&so_far, dirs->root);
	for (const char *p = path + strspn(path, "/"); r == 0 && *p; p += strspn(p, "/")) {
		size_t n = strcspn(p, "/");
		int next = -1;

		str_add_char(&so_far, '/');
		str_add(&so_far, p, n);
		if (so_far.failed)
			return -ENOMEM;
		subject.path = so_far.text;
		p += n;
		r = step(&subject, fd, so_far.text + so_far.length - n, &next);
		if (r != 0)
			return r;
		fd_close(fd);
		fd = next;
	}
	return r == 0 ? hand_over(path, take_fd(&fd), ret) : r;
}

int policy_folder_enter(const struct policy_dirs *dirs, const struct policy_folder *parent,
	const char *name, const char *included_from, struct diag_list *diags,
	struct policy_folder *ret)
{
	struct subject subject = {dirs, NULL, included_from, diags};
	_cleanup_free_ char *path = NULL;
	int fd = -1, r;

	if (parent->fd < 0)
		return -ENOENT;
	path = str_format("%s%s/%s", dirs->root, parent->path, name);
	if (!path)
		return -ENOMEM;
	subject.path = path;
	r = step(&subject, parent->fd, name, &fd);
	return r == 0 ? hand_over(path + strlen(dirs->root), fd, ret) : r;
}

void policy_folder_done(struct policy_folder *folder)
{
	free(folder->path);
	fd_close(folder->fd);
	*folder = POLICY_FOLDER_NONE;
}

static int read_open(const struct subject *subject, int fd, struct policy_file *file)
{
	int r = check_file(subject, fd, &file->written);

	if (r != 0)
		return r;
	r = fd_read_all(fd, POLICY_FILE_MAX, &file->bytes, &file->size);
	if (r == -E2BIG)
		return refuse(subject, "file-too-big", "is longer than 256 KiB");
	return r < 0 ? refuse_open(subject, -r) : 0;
}

int policy_folder_read(const struct policy_dirs *dirs, const struct policy_folder *folder,
	const char *name, const char *included_from, struct diag_list *diags,
	struct policy_file *ret)
{
	_cleanup_(policy_file_done) struct policy_file file = {0};
	struct subject subject = {dirs, NULL, included_from, diags};
	_cleanup_close_ int fd = -1;
	int r;

	if (folder->fd < 0)
		return -ENOENT;
	file.path = str_format("%s%s/%s", dirs->root, folder->path, name);
	if (!file.path)
		return -ENOMEM;
	subject.path = file.path;
	/* A fifo or a terminal must not hold the login up before it is seen to be one. */
	fd = openat(folder->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ENOENT : refuse_open(&subject, errno);
	r = read_open(&subject, fd, &file);
	if (r != 0)
		return r;
	*ret = file;
	file = (struct policy_file){0};
	return 0;
}

/* The include folder of `base`; `open_base` is that folder, open already, or NULL. */
static int open_include(const struct policy_dirs *dirs, const struct policy_folder *open_base,
	const char *base, const char *included_from, struct diag_list *diags,
	struct policy_folder *ret)
{
	_cleanup_free_ char *path = NULL;

	if (open_base)
		return policy_folder_enter(dirs, open_base, "include", included_from, diags, ret);
	path = str_format("%s/include", base);
	return path ? policy_folder_open(dirs, path, included_from, diags, ret) : -ENOMEM;
}

int policy_file_read_include(const struct policy_dirs *dirs, const struct policy_folder *confdir,
	const char *name, const char *included_from, struct diag_list *diags,
	struct policy_file *ret)
{
	const struct {
		const struct policy_folder *open;
		const char *path;
	} bases[] = {{confdir, dirs->confdir}, {NULL, dirs->vendordir}};
	_cleanup_free_ char *file = str_format("%s.ini", name);
	int r = file ? -ENOENT : -ENOMEM;

	/* One that is there and cannot be trusted is no reason to take another. */
	for (size_t i = 0; i < ARRAY_SIZE(bases) && r == -ENOENT; i++) {
		_cleanup_(policy_folder_done) struct policy_folder folder = POLICY_FOLDER_NONE;

		r = open_include(dirs, bases[i].open, bases[i].path, included_from, diags, &folder);
		if (r == 0)
			r = policy_folder_read(dirs, &folder, file, included_from, diags, ret);
	}
	return r;
}

bool policy_folder_has(int folder_fd, const char *name)
{
	struct stat st;

	return fstatat(folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

bool policy_file_is_name(const char *name)
{
	if (*name == '\0' || *name == '.' || strchr(name, '/'))
		return false;
	for (const char *p = name; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	return true;
}

bool policy_file_is_policy(const char *file)
{
	size_t n = strlen(file);

	return n > 4 && file[0] != '.' && strcmp(file + n - 4, ".ini") == 0;
}

char *policy_file_name(const char *file)
{
	return policy_file_is_policy(file) ? strndup(file, strlen(file) - 4) : NULL;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int collect(DIR *dir, char ***names, size_t *n)
{
	for (;;) {
		struct dirent *entry;
		char **grown = reallocarray(*names, *n + 1, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		*names = grown;
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			return -errno;
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		grown[*n] = strdup(entry->d_name);
		if (!grown[*n])
			return -ENOMEM;
		*n += 1;
	}
}

int policy_folder_names(int folder_fd, char ***ret, size_t *ret_n)
{
	int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	char **names = NULL;
	size_t n = 0;
	int r;

	if (!dir) {
		r = -errno;
		fd_close(fd);
		return r;
	}
	r = collect(dir, &names, &n);
	closedir(dir);
	if (r < 0) {
		policy_names_free(names, n);
		return r;
	}
	qsort(names, n, sizeof(*names), compare_names);
	*ret = names;
	*ret_n = n;
	return 0;
}

void policy_names_free(char **names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

void policy_file_done(struct policy_file *file)
{
	free(file->path);
	free(file->bytes);
	*file = (struct policy_file){0};
}

/* The first near one of an include folder, when there is none yet. */
static void offer_includes(
	const struct policy_dirs *dirs, const char *base, const char *name, char **best)
{
	_cleanup_(diag_list_done) struct diag_list unheard = DIAG_LIST_INIT;
	_cleanup_(policy_folder_done) struct policy_folder folder = POLICY_FOLDER_NONE;
	char **names = NULL;
	size_t n = 0;

	if (open_include(dirs, NULL, base, NULL, &unheard, &folder) == 0 &&
		policy_folder_names(folder.fd, &names, &n) < 0)
		n = 0;
	for (size_t i = 0; i < n && !*best; i++) {
		struct str_nearest nearest = STR_NEAREST(name, strlen(name));
		char *dot = strrchr(names[i], '.');

		if (!dot || strcmp(dot, ".ini") != 0)
			continue;
		*dot = '\0';
		str_nearest_offer(&nearest, names[i]);
		*best = nearest.best ? strdup(nearest.best) : NULL;
	}
	policy_names_free(names, n);
}

char *policy_file_nearest_include(const struct policy_dirs *dirs, const char *name)
{
	char *best = NULL;

	offer_includes(dirs, dirs->confdir, name, &best);
	offer_includes(dirs, dirs->vendordir, name, &best);
	return best;
}
