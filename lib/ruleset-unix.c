/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Sockets of the session's own domain may be reached without a rule. A socket is known by the
 * folder it is in when its server has not made it yet, or makes it anew: then all of that folder is
 * open to Landlock, and the supervisor tells the sockets in it apart.
 */

#include "ruleset-unix.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"
#include "landlock-uapi.h"
#include "path-pin.h"
#include "verdict.h"

static int add_beneath(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr attr = {
		.allowed_access = LANDLOCK_ACCESS_FS_RESOLVE_UNIX,
	};
	_cleanup_close_ int fd = -1;
	int r = path_pin(path, &fd);

	if (r < 0)
		return r;
	attr.parent_fd = fd;
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &attr, 0) < 0)
		return -errno;
	return 0;
}

/* Narrower in each case, so no failure: as for the file rules. */
static int excuse_missing(int r)
{
	return r == -ENOENT || r == -ENOTDIR || r == -ELOOP || r == -EACCES ? 0 : r;
}

static int add_folder_of(int ruleset, const char *path)
{
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *folder = NULL;

	if (slash == path)
		return 0; /* a socket in / would open everything */
	folder = strndup(path, (size_t)(slash - path));
	return folder ? excuse_missing(add_beneath(ruleset, folder)) : -ENOMEM;
}

static int add_rules(int ruleset, const struct path_rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int r = add_beneath(ruleset, rules[i].path);

		if (r == -ENOENT)
			r = add_folder_of(ruleset, rules[i].path);
		if (excuse_missing(r) < 0)
			return r;
	}
	return 0;
}

int ruleset_add_unix(int ruleset, const struct policy *policy)
{
	int r = add_rules(ruleset, policy->network.unix_trees, policy->network.n_unix_trees);

	if (r == 0)
		r = add_rules(ruleset, policy->network.unix_rules, policy->network.n_unix_rules);
	/* Services come and go with their sockets. /dev/log is a link to one of the others. */
	for (size_t i = 0; r == 0 && verdict_common_sockets[i]; i++)
		if (strcmp(verdict_common_sockets[i], "/dev/log") != 0)
			r = add_folder_of(ruleset, verdict_common_sockets[i]);
	return r;
}
