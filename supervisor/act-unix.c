/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * connect(2) to a UNIX socket with a path. The path is resolved as the target would resolve it and
 * the inode it leads to is pinned; the decision is about where that inode is, and the connection
 * goes to that inode through /proc/self/fd, so that renames and symlinks have no second say.
 */

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "act.h"
#include "cleanup.h"
#include "path-pin.h"
#include "supervisor.h"
#include "target.h"
#include "verdict.h"

#define PATH_SIZE 4096 /* PATH_MAX */

/* The trees that one layer grants, without symlinks. The paths live as long as the worker. */
struct grant {
	char *tree;
	size_t length;
	unsigned rule;
};

struct layer_grants {
	struct grant *grants;
	size_t n_grants;
};

static struct layer_grants layers[POLICY_LAYERS_MAX];

/* Where a pinned tree is, once for all: path_pin() has seen to it that no user had a say in that.
 */
static int resolve_tree(const char *path, char **ret)
{
	_cleanup_close_ int fd = -1;
	char link[64], resolved[PATH_SIZE];
	ssize_t n;
	int r = path_pin(path, &fd);

	if (r < 0)
		return r;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, resolved, sizeof(resolved) - 1);
	if (n < 0)
		return -errno;
	resolved[n] = '\0';
	*ret = strdup(resolved);
	return *ret ? 0 : -ENOMEM;
}

/* A tree that is missing or not to be trusted grants nothing, as in the ruleset. */
static int prepare_layer(const struct policy *policy, struct layer_grants *ret)
{
	ret->grants = calloc(policy->network.n_unix_trees + 1, sizeof(*ret->grants));
	if (!ret->grants)
		return -ENOMEM;
	for (size_t i = 0; i < policy->network.n_unix_trees; i++) {
		const struct path_rule *rule = &policy->network.unix_trees[i];
		char *tree;
		int r = resolve_tree(rule->path, &tree);

		if (r == -ENOMEM)
			return r;
		if (r < 0)
			continue;
		ret->grants[ret->n_grants++] = (struct grant){
			tree, strlen(tree), rule->rule.number};
	}
	return 0;
}

int act_unix_prepare(const struct policy_set *set)
{
	for (size_t i = 0; i < set->n_layers; i++) {
		int r = prepare_layer(set->layers[i], &layers[i]);

		if (r < 0)
			return r;
	}
	return 0;
}

/* Deciding */

static bool is_common(const char *path)
{
	for (size_t i = 0; verdict_common_sockets[i]; i++)
		if (fnmatch(verdict_common_sockets[i], path, FNM_PATHNAME | FNM_PERIOD) == 0)
			return true;
	return false;
}

static bool is_granted(const struct layer_grants *layer, const char *path)
{
	for (size_t i = 0; i < layer->n_grants; i++) {
		const struct grant *grant = &layer->grants[i];

		if (strncmp(path, grant->tree, grant->length) != 0)
			continue;
		if (path[grant->length] == '/' || path[grant->length] == '\0')
			return true;
	}
	return false;
}

static bool is_allowed(const struct policy_set *set, const char *path)
{
	if (is_common(path))
		return true;
	for (size_t i = 0; i < set->n_layers; i++)
		if (set->layers[i]->network.present && !is_granted(&layers[i], path))
			return false;
	return true;
}

/* Pinning */

static bool same_inode(int a, int b)
{
	struct stat st_a, st_b;

	return fstat(a, &st_a) == 0 && fstat(b, &st_b) == 0 && st_a.st_dev == st_b.st_dev &&
	       st_a.st_ino == st_b.st_ino;
}

static int openat2_path(int dir, const char *path, uint64_t resolve)
{
	const struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = resolve | RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));

	return fd < 0 ? -errno : fd;
}

/*
 * A relative path starts in the target's working directory. Where the target has another root than
 * we have, nothing must climb above that directory: we could not tell where the root is.
 */
static int pin_relative(const struct job *job, int root, const char *path)
{
	_cleanup_close_ int ours = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	_cleanup_close_ int cwd = target_open_cwd(job);

	if (cwd < 0)
		return cwd;
	if (ours < 0)
		return -errno;
	return openat2_path(cwd, path, same_inode(ours, root) ? 0 : RESOLVE_BENEATH);
}

static int pin(const struct job *job, const char *path)
{
	_cleanup_close_ int root = target_open_root(job);

	if (root < 0)
		return root;
	if (path[0] == '/')
		return openat2_path(root, path, RESOLVE_IN_ROOT);
	return pin_relative(job, root, path);
}

/*
 * Where a pinned inode is: the path by which the kernel knows it, believed only if the inode is
 * found there. The folder is opened without following a symlink anywhere.
 */
static int locate(int pinned, char path[PATH_SIZE])
{
	_cleanup_close_ int dir = -1;
	char link[64], *slash;
	struct stat st, found;
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", pinned);
	n = readlink(link, path, PATH_SIZE - 1);
	if (n <= 0 || n == PATH_SIZE - 1 || path[0] != '/')
		return -EACCES;
	path[n] = '\0';
	slash = strrchr(path, '/');
	*slash = '\0';
	dir = openat2_path(AT_FDCWD, slash == path ? "/" : path, RESOLVE_NO_SYMLINKS);
	*slash = '/';
	if (dir < 0)
		return -EACCES;
	if (fstat(pinned, &st) < 0 || fstatat(dir, slash + 1, &found, AT_SYMLINK_NOFOLLOW) < 0)
		return -EACCES;
	return st.st_dev == found.st_dev && st.st_ino == found.st_ino ? 0 : -EACCES;
}

static void set_pinned(struct unix_destination *to, int pinned)
{
	struct sockaddr_un *un = &to->address;

	*un = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(un->sun_path, sizeof(un->sun_path), "/proc/self/fd/%d", pinned);
	to->length = sizeof(*un);
	to->pinned = pinned;
}

static int resolve_path(
	const struct job *job, const char *path, struct unix_destination *to, struct outcome *ret)
{
	_cleanup_close_ int pinned = pin(job, path);
	char located[PATH_SIZE];
	struct stat st;

	if (pinned < 0)
		return pinned;
	if (fstat(pinned, &st) < 0)
		return -errno;
	if (!S_ISSOCK(st.st_mode))
		return -ECONNREFUSED; /* unix(7) */
	if (locate(pinned, located) < 0)
		outcome_deny(ret, path, EACCES, 0);
	else if (!is_allowed(job->supervisor->set, located))
		outcome_deny(ret, located, EACCES, 0);
	else
		set_pinned(to, take_fd(&pinned));
	return 0;
}

/* The name in ss(8)'s spelling, with @ for the NUL in front. */
static void deny_abstract(
	const struct sockaddr_un *un, size_t length, struct verdict verdict, struct outcome *ret)
{
	char name[sizeof(un->sun_path) + 1] = "@";

	memcpy(name + 1, un->sun_path + 1, length - offsetof(struct sockaddr_un, sun_path) - 1);
	outcome_deny(ret, name, verdict.error, verdict.rule);
}

int act_unix_resolve(const struct job *job, const struct sockaddr_storage *address, size_t length,
	struct unix_destination *to, struct outcome *ret)
{
	const struct sockaddr_un *un = (const struct sockaddr_un *)address;
	char path[sizeof(un->sun_path) + 1] = {0};

	*to = UNIX_DESTINATION_INIT;
	memcpy(&to->address, un, length < sizeof(*un) ? length : sizeof(*un));
	to->length = length;
	/* Nothing to reach: the kernel says what is wrong with it, or dissolves (AF_UNSPEC). */
	if (length <= offsetof(struct sockaddr_un, sun_path) || length > sizeof(*un) ||
		un->sun_family != AF_UNIX)
		return 0;
	if (un->sun_path[0] == '\0') {
		struct verdict verdict = verdict_abstract(job->supervisor->set);

		if (verdict.error)
			deny_abstract(un, length, verdict, ret);
		return 0;
	}
	memcpy(path, un->sun_path, length - offsetof(struct sockaddr_un, sun_path));
	return resolve_path(job, path, to, ret);
}

int act_unix_connect(struct job *job, int sock, const struct sockaddr_storage *address,
	size_t length, struct outcome *ret)
{
	_cleanup_(unix_destination_done) struct unix_destination to = UNIX_DESTINATION_INIT;
	int r = act_unix_resolve(job, address, length, &to, ret);

	if (r < 0 || ret->denied)
		return r;
	/* A length that is no address (beyond the struct) goes as it came: EINVAL is the kernel's.
	 */
	ret->error = act_do_connect(job, sock,
		length > sizeof(to.address) ? (const void *)address : &to.address, to.length);
	return 0;
}
