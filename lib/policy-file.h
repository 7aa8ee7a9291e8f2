/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The only code that opens policy files: folder by folder from the root, no symlink followed,
 * each one asked who may change it. A fault is reported with the file or folder it is about.
 */

#include <time.h>

#include "policy-lookup.h"

struct policy_file {
	char *path; /* dirs->root included */
	char *bytes;
	size_t size;
	time_t written; /* when it was last changed */
};

void policy_file_done(struct policy_file *file);

/* A folder that was walked to and can be trusted. */
struct policy_folder {
	char *path; /* within dirs->root */
	int fd;     /* O_PATH; -1: it is not open */
};

#define POLICY_FOLDER_NONE ((struct policy_folder){.fd = -1})

void policy_folder_done(struct policy_folder *folder);

/*
 * Walks to a folder, `path` absolute within dirs->root. 0, -ENOENT (nothing reported),
 * POLICY_E_INVALID (reported) or another negative errno.
 */
int policy_folder_open(const struct policy_dirs *dirs, const char *path, const char *included_from,
	struct diag_list *diags, struct policy_folder *ret);

/* One step further, to folder NAME of an open one. Same returns; -ENOENT where `parent` is none. */
int policy_folder_enter(const struct policy_dirs *dirs, const struct policy_folder *parent,
	const char *name, const char *included_from, struct diag_list *diags,
	struct policy_folder *ret);

/* Reads a file of an open folder. Same returns; -ENOENT where the folder is none. */
int policy_folder_read(const struct policy_dirs *dirs, const struct policy_folder *folder,
	const char *name, const char *included_from, struct diag_list *diags,
	struct policy_file *ret);

/*
 * include/NAME.ini of confdir, or of vendordir. `confdir` is the former, open already, or NULL:
 * then it is walked to. Same returns.
 */
int policy_file_read_include(const struct policy_dirs *dirs, const struct policy_folder *confdir,
	const char *name, const char *included_from, struct diag_list *diags,
	struct policy_file *ret);

/*
 * The name of an existing include that is most like `name`: allocated, or NULL. A folder that
 * cannot be read has none.
 */
char *policy_file_nearest_include(const struct policy_dirs *dirs, const char *name);

/* Whether a name is one that can stand before ".ini" and stays in its folder. */
bool policy_file_is_name(const char *name);

/* Whether a file has the name of a policy: "10-site.ini", not hidden. */
bool policy_file_is_policy(const char *file);

/* "10-site" of "10-site.ini", allocated; NULL where it is no policy's name, or without memory. */
char *policy_file_name(const char *file);

/* Whether a file of that name exists in an open folder, of whatever kind. */
bool policy_folder_has(int folder_fd, const char *name);

/*
 * The names in an open folder, sorted, but "." and "..". 0 or a negative errno. Free with
 * policy_names_free().
 */
int policy_folder_names(int folder_fd, char ***ret, size_t *ret_n);
void policy_names_free(char **names, size_t n);
