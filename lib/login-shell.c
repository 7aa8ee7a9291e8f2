/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Reads programs, starts none. What the kernel asks of Landlock when a program is executed: execute
 * and read_file for the program and for its loader, read_file for what the loader opens.
 */

#include "login-shell.h"

#include <fcntl.h>

#include "access.h"
#include "elf-file.h"
#include "fd.h"
#include "path-resolve.h"
#include "str.h"

#define NEEDS_MAX   128
#define SCRIPTS_MAX 4   /* as the kernel: execve(2) */
#define SCRIPT_LINE 256 /* BINPRM_BUF_SIZE */

#define ACCESS_START (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE)

/* Where a loader looks, behind its own folder and what a file says itself: ld.so(8). */
static const char *const library_folders[] = {"/lib64", "/usr/lib64", "/lib", "/usr/lib"};

struct search {
	const char *root;
	struct shell_needs *needs;
	char *loader_folder; /* where the C library lies, too; NULL: not known */
};

static bool is_known(const struct search *search, const char *path)
{
	for (size_t i = 0; i < search->needs->n_needs; i++)
		if (strcmp(search->needs->needs[i].path, path) == 0)
			return true;
	return false;
}

/* Takes `path` over. 0 or -errno. */
static int add(struct search *search, char *path, uint64_t access)
{
	struct shell_needs *needs = search->needs;
	struct shell_need *grown;

	if (needs->n_needs == NEEDS_MAX || is_known(search, path)) {
		free(path);
		return 0;
	}
	grown = reallocarray(needs->needs, needs->n_needs + 1, sizeof(*grown));
	if (!grown) {
		free(path);
		return -ENOMEM;
	}
	needs->needs = grown;
	grown[needs->n_needs++] = (struct shell_need){path, access};
	return 0;
}

/* 0, -ENOENT or another negative errno. */
static int add_resolved(struct search *search, const char *path, uint64_t access)
{
	char *resolved;
	int r = path_resolve(search->root, path, &resolved);

	return r < 0 ? r : add(search, resolved, access);
}

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? strndup(path, (size_t)(slash - path)) : strdup("");
}

/* -ENOENT where the folder does not have it. */
static int add_from_folder(struct search *search, const char *folder, const char *name)
{
	_cleanup_free_ char *path = str_format("%s/%s", folder, name);

	return path ? add_resolved(search, path, LANDLOCK_ACCESS_FS_READ_FILE) : -ENOMEM;
}

/* One folder of a run path, with $ORIGIN for where the file lies. */
static int add_from_run_path(struct search *search, const char *file, const char *folder,
	size_t length, const char *name)
{
	static const char origin[] = "$ORIGIN";
	_cleanup_free_ char *own = folder_of(file), *path = NULL;
	size_t skip = strncmp(folder, origin, strlen(origin)) == 0 ? strlen(origin) : 0;

	if (!own || length < skip)
		return own ? -ENOENT : -ENOMEM;
	path = str_format("%s%.*s", skip ? own : "", (int)(length - skip), folder + skip);
	return path ? add_from_folder(search, path, name) : -ENOMEM;
}

/* A library that is found nowhere is left out: a cache may know of it. */
static int add_library(
	struct search *search, const char *file, const struct elf_file *elf, const char *name)
{
	int r = -ENOENT;

	if (strchr(name, '/'))
		r = add_resolved(search, name, LANDLOCK_ACCESS_FS_READ_FILE);
	for (const char *p = elf->run_path; p && *p && r == -ENOENT; p += *p == ':') {
		size_t n = strcspn(p, ":");

		r = add_from_run_path(search, file, p, n, name);
		p += n;
	}
	if (r == -ENOENT && search->loader_folder)
		r = add_from_folder(search, search->loader_folder, name);
	for (size_t i = 0; i < ARRAY_SIZE(library_folders) && r == -ENOENT; i++)
		r = add_from_folder(search, library_folders[i], name);
	return r == -ENOMEM ? r : 0;
}

static int add_loader(struct search *search, const char *loader)
{
	size_t before = search->needs->n_needs;
	int r = add_resolved(search, loader, ACCESS_START);

	if (r < 0 || search->loader_folder || search->needs->n_needs == before)
		return r == -ENOMEM ? r : 0;
	search->loader_folder = folder_of(search->needs->needs[before].path);
	return search->loader_folder ? 0 : -ENOMEM;
}

static int add_of_elf(struct search *search, const char *file, const struct elf_file *elf)
{
	int r = elf->interpreter ? add_loader(search, elf->interpreter) : 0;

	for (size_t i = 0; i < elf->n_needed && r == 0; i++)
		r = add_library(search, file, elf, elf->needed[i]);
	return r;
}

/* "#!/bin/sh -x" */
static int add_of_script(struct search *search, const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	char line[SCRIPT_LINE + 1];
	ssize_t n = fd < 0 ? -1 : pread(fd, line, SCRIPT_LINE, 0);
	char *start;

	if (n < 2 || line[0] != '#' || line[1] != '!')
		return 0;
	line[n] = '\0';
	start = line + 2 + strspn(line + 2, " \t");
	start[strcspn(start, " \t\n")] = '\0';
	return add_resolved(search, start, ACCESS_START) == -ENOMEM ? -ENOMEM : 0;
}

/* What one file of the list needs; one that cannot be read tells nothing. */
static int follow(struct search *search, size_t index, unsigned *n_scripts)
{
	_cleanup_free_ char *file = strdup(search->needs->needs[index].path), *path = NULL;
	struct elf_file elf;
	int r;

	path = file ? str_format("%s%s", search->root, file) : NULL;
	if (!path)
		return -ENOMEM;
	r = elf_file_read(path, &elf);
	if (r == 0) {
		r = add_of_elf(search, file, &elf);
		elf_file_done(&elf);
		return r;
	}
	if (r == ELF_E_OTHER && (*n_scripts)++ < SCRIPTS_MAX)
		return add_of_script(search, path);
	return r == -ENOMEM ? r : 0;
}

int shell_needs_find(const char *root, const char *program, struct shell_needs *ret)
{
	struct shell_needs needs = {0};
	struct search search = {.root = root, .needs = &needs};
	unsigned n_scripts = 0;
	int r = add_resolved(&search, program, ACCESS_START);

	/* The list grows while it is walked. */
	for (size_t i = 0; i < needs.n_needs && r == 0; i++)
		r = follow(&search, i, &n_scripts);
	free(search.loader_folder);
	if (r < 0) {
		shell_needs_done(&needs);
		return r;
	}
	*ret = needs;
	return 0;
}

void shell_needs_done(struct shell_needs *needs)
{
	for (size_t i = 0; i < needs->n_needs; i++)
		free(needs->needs[i].path);
	free(needs->needs);
	*needs = (struct shell_needs){0};
}
