/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * connect(2) to a UNIX socket with a path. The path is resolved as the target would resolve it and
 * the inode it leads to is pinned; the decision is about where that inode is, and the connection
 * goes to that inode through /proc/self/fd (where the worker is at home), so that renames and
 * symlinks have no second say.
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "abstract.h"
#include "act.h"
#include "cleanup.h"
#include "grants.h"
#include "supervisor.h"
#include "target.h"
#include "verdict.h"

#define PATH_SIZE 4096 /* PATH_MAX */

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

	snprintf(link, sizeof(link), "%d", pinned); /* in WORKER_FOLDER */
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
	snprintf(un->sun_path, sizeof(un->sun_path), "%d", pinned);
	to->length = sizeof(*un);
	to->pinned = pinned;
}

static void refuse(const struct job *job, const char *path, struct outcome *ret)
{
	if (verdict_unix_restricted(job->supervisor->set))
		outcome_deny(ret, path, EACCES, 0);
	else
		outcome_complain(ret, path, EACCES, 0);
}

/* Where the inode is, and so whether it may be reached; *ret says. */
static void decide_path(const struct job *job, int pinned, const char *path, struct outcome *ret)
{
	const struct policy_set *set = job->supervisor->set;
	char located[PATH_SIZE];

	if (locate(pinned, located) < 0)
		refuse(job, path, ret);
	else if (!grants_allow(set, located))
		outcome_deny(ret, located, EACCES, 0);
	else if (grants_complain(set, located))
		outcome_complain(ret, located, EACCES, 0);
}

static int resolve_path(
	const struct job *job, const char *path, struct unix_destination *to, struct outcome *ret)
{
	_cleanup_close_ int pinned = pin(job, path);
	struct stat st;

	if (pinned < 0)
		return pinned;
	if (fstat(pinned, &st) < 0)
		return -errno;
	if (!S_ISSOCK(st.st_mode))
		return -ECONNREFUSED; /* unix(7) */
	decide_path(job, pinned, path, ret);
	if (!ret->denied)
		set_pinned(to, take_fd(&pinned));
	return 0;
}

/* Its name without the leading NUL. */
static int hold(const struct unix_destination *to)
{
	return abstract_hold(to->sock, to->address.sun_path + 1,
		to->length - offsetof(struct sockaddr_un, sun_path) - 1);
}

/*
 * Without a mark (an ordinary user's session) everything would look like ours. With a time-out on
 * the socket an act ends by itself, and would start it over each time.
 */
static bool hold_ours(struct job *job, struct unix_destination *to)
{
	if (job->supervisor->privileged)
		to->pinned = hold(to);
	to->renews = to->pinned >= 0 && act_interrupted(to->sock) == ERESTARTSYS;
	job->renews = to->renews;
	return to->pinned >= 0;
}

bool act_unix_renew(const struct job *job, struct unix_destination *to, int *error)
{
	if (*error != ERESTARTSYS || !to->renews || notify_valid(job) < 0 || target_has_signal(job))
		return false;
	fd_close(to->pinned);
	to->pinned = hold(to);
	if (to->pinned < 0)
		*error = ECONNREFUSED;
	return to->pinned >= 0;
}

/* Denied unless the policy says any, or the name is the session's own. In ss(8)'s spelling. */
static void decide_abstract(struct job *job, struct unix_destination *to, struct outcome *ret)
{
	struct verdict verdict = verdict_abstract(job->supervisor->set);
	const struct sockaddr_un *un = &to->address;
	char name[sizeof(un->sun_path) + 1] = "@";

	if ((!verdict.error && !verdict.would) || hold_ours(job, to))
		return;
	memcpy(name + 1, un->sun_path + 1, to->length - offsetof(struct sockaddr_un, sun_path) - 1);
	if (verdict.error)
		outcome_deny(ret, name, verdict.error, verdict.rule);
	else
		outcome_complain(ret, name, verdict.would, verdict.would_rule);
}

int act_unix_resolve(struct job *job, const struct sockaddr_storage *address, size_t length,
	struct unix_destination *to, struct outcome *ret)
{
	const struct sockaddr_un *un = (const struct sockaddr_un *)address;
	char path[sizeof(un->sun_path) + 1] = {0};

	job->renews = false;
	memcpy(&to->address, un, length < sizeof(*un) ? length : sizeof(*un));
	to->length = length;
	/* Nothing to reach: the kernel says what is wrong with it, or dissolves (AF_UNSPEC). */
	if (length <= offsetof(struct sockaddr_un, sun_path) || length > sizeof(*un) ||
		un->sun_family != AF_UNIX)
		return 0;
	if (un->sun_path[0] == '\0') {
		decide_abstract(job, to, ret);
		return 0;
	}
	memcpy(path, un->sun_path, length - offsetof(struct sockaddr_un, sun_path));
	return resolve_path(job, path, to, ret);
}

int act_unix_connect(struct job *job, int sock, const struct sockaddr_storage *address,
	size_t length, struct outcome *ret)
{
	_cleanup_(unix_destination_done) struct unix_destination to = UNIX_DESTINATION(sock);
	int r = act_unix_resolve(job, address, length, &to, ret);

	if (r < 0 || ret->denied)
		return r;
	/* A length that is no address (beyond the struct) goes as it came: EINVAL is the kernel's.
	 */
	do
		ret->error = act_do_connect(job, sock,
			length > sizeof(to.address) ? (const void *)address : &to.address,
			to.length);
	while (act_unix_renew(job, &to, &ret->error));
	return 0;
}
