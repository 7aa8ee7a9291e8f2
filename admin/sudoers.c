/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Joins lines, leaves comments out, follows includes. */

#include "sudoers.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "named-file.h"
#include "str.h"

#define LEVELS_MAX 8

struct reading {
	const char *root;
	sudoers_fn *hear;
	void *userdata;
	unsigned level;
};

static int read_file(struct reading *reading, const char *path);

/* Names with a dot or a tilde at the end are left out by sudo. */
static int is_read(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return !strchr(entry->d_name, '.') && entry->d_name[n - 1] != '~';
}

static int read_folder(struct reading *reading, const char *path)
{
	_cleanup_free_ char *full = str_format("%s%s", reading->root, path);
	struct dirent **entries;
	int n = full ? scandir(full, &entries, is_read, alphasort) : -1, r = 0;

	if (n < 0)
		return errno == ENOENT ? 0 : -errno;
	for (int i = 0; i < n; i++) {
		_cleanup_free_ char *file = str_format("%s/%s", path, entries[i]->d_name);

		if (r == 0)
			r = file ? read_file(reading, file) : -ENOMEM;
		free(entries[i]);
	}
	free(entries);
	return r;
}

/* What does not begin with a slash lies beside the file that names it. NULL without memory. */
static char *beside(const char *file, const char *path)
{
	const char *slash = strrchr(file, '/');

	if (*path == '/' || !slash)
		return strdup(path);
	return str_format("%.*s/%s", (int)(slash - file), file, path);
}

/* sudo complains of one that is not there, and goes on. */
static int read_included(struct reading *reading, const char *file, const char *path,
	int (*read)(struct reading *reading, const char *path))
{
	_cleanup_free_ char *whole = beside(file, path);
	int r = whole ? read(reading, whole) : -ENOMEM;

	return r == -ENOENT ? 0 : r;
}

/*
 * "@includedir /etc/sudoers.d" in `file`; older ones write '#' for '@'. False: it is something
 * else.
 */
static bool include(struct reading *reading, const char *file, const char *line, int *ret)
{
	const char *word = line + 1, *path = word + strcspn(word, " \t");
	size_t n = (size_t)(path - word);

	if (*line != '@' && *line != '#')
		return false;
	path += strspn(path, " \t");
	if (str_equal(word, n, "includedir"))
		*ret = read_included(reading, file, path, read_folder);
	else if (str_equal(word, n, "include"))
		*ret = read_included(reading, file, path, read_file);
	else
		return false;
	return true;
}

static int take_line(struct reading *reading, const char *path, char *line)
{
	char *end;
	int r = 0;

	line += strspn(line, " \t");
	end = line + strlen(line);
	while (end > line && strchr(" \t", end[-1]))
		*--end = '\0';
	if (include(reading, path, line, &r))
		return r;
	/* "#1000" is a uid. */
	if (*line == '#' && (line[1] < '0' || line[1] > '9'))
		return 0;
	if (*line)
		reading->hear(reading->userdata, path, line);
	return 0;
}

static int read_lines(struct reading *reading, FILE *file, const char *path)
{
	_cleanup_free_ char *text = NULL;
	_cleanup_str_ struct str line = STR_INIT;
	size_t size = 0;
	int r = 0;

	while (r == 0 && getline(&text, &size, file) >= 0) {
		size_t n = strcspn(text, "\n");
		bool goes_on = n > 0 && text[n - 1] == '\\';

		str_add(&line, text, n - goes_on);
		str_puts(&line, "");
		if (goes_on)
			continue;
		r = line.failed ? -ENOMEM : take_line(reading, path, line.text);
		str_done(&line);
		line = STR_INIT;
	}
	return r == 0 && ferror(file) ? -EIO : r;
}

static int read_file(struct reading *reading, const char *path)
{
	_cleanup_free_ char *full = str_format("%s%s", reading->root, path);
	_cleanup_file_ FILE *file = full ? named_file_stream(full) : NULL;
	int r;

	if (!file)
		return -errno;
	if (reading->level == LEVELS_MAX)
		return -ELOOP;
	reading->level++;
	r = read_lines(reading, file, path);
	reading->level--;
	return r;
}

int sudoers_read(const char *root, sudoers_fn *hear, void *userdata)
{
	struct reading reading = {.root = root, .hear = hear, .userdata = userdata};

	return read_file(&reading, "/etc/sudoers");
}
