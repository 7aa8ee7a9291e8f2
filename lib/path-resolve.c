/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Follows symbolic links by hand, since realpath(3) knows one root only. */

#include "path-resolve.h"

#include <limits.h>
#include <sys/stat.h>

#include "str.h"

#define LINKS_MAX 40 /* as the kernel: path_resolution(7) */

struct walk {
	const char *root;
	char *left;        /* of the path, to be walked */
	struct str so_far; /* without the root; "" is the root itself */
	unsigned n_links;
};

static void truncate_to(struct str *str, size_t length)
{
	str->length = length;
	if (str->text)
		str->text[length] = '\0';
}

static void go_up(struct walk *walk)
{
	const char *slash = walk->so_far.length ? strrchr(walk->so_far.text, '/') : NULL;

	truncate_to(&walk->so_far, slash ? (size_t)(slash - walk->so_far.text) : 0);
}

/* What a link says goes before what is left. */
static int follow(struct walk *walk, const char *path, size_t before, const char *rest)
{
	char link[PATH_MAX];
	ssize_t n = readlink(path, link, sizeof(link) - 1);
	char *left;

	if (n < 0)
		return -errno;
	if (++walk->n_links > LINKS_MAX)
		return -ELOOP;
	link[n] = '\0';
	left = str_format("%s/%s", link, rest);
	if (!left)
		return -ENOMEM;
	truncate_to(&walk->so_far, *link == '/' ? 0 : before);
	free(walk->left);
	walk->left = left;
	return 1;
}

/* One component further. 1: walk->left has changed; 0; or -errno. */
static int step(struct walk *walk, const char *name, size_t length, const char *rest)
{
	_cleanup_free_ char *path = NULL;
	size_t before = walk->so_far.length;
	struct stat st;

	if (length == 1 && *name == '.')
		return 0;
	if (str_equal(name, length, "..")) {
		go_up(walk);
		return 0;
	}
	str_add_char(&walk->so_far, '/');
	str_add(&walk->so_far, name, length);
	if (walk->so_far.failed)
		return -ENOMEM;
	path = str_format("%s%s", walk->root, walk->so_far.text);
	if (!path)
		return -ENOMEM;
	if (lstat(path, &st) < 0)
		return -errno;
	return S_ISLNK(st.st_mode) ? follow(walk, path, before, rest) : 0;
}

static int walk_all(struct walk *walk)
{
	const char *p = walk->left;

	while (*(p += strspn(p, "/"))) {
		size_t n = strcspn(p, "/");
		int r = step(walk, p, n, p + n);

		if (r < 0)
			return r;
		p = r > 0 ? walk->left : p + n;
	}
	return 0;
}

int path_resolve(const char *root, const char *path, char **ret)
{
	struct walk walk = {.root = root, .left = strdup(path), .so_far = STR_INIT};
	int r = walk.left ? walk_all(&walk) : -ENOMEM;

	free(walk.left);
	if (r == 0 && walk.so_far.length == 0)
		str_add_char(&walk.so_far, '/');
	if (r == 0 && !(*ret = str_take(&walk.so_far)))
		r = -ENOMEM;
	str_done(&walk.so_far);
	return r;
}
