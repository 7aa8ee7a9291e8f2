/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Files, by trying: a child that has entered the session's rulesets, and become the user where root
 * asks, opens the object. What would be changed by that (devices, pipes, what is not there yet) is
 * answered by the rules that cover it and by its permissions. The kernel does not say which rule it
 * went by, so that is looked for in any case.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access.h"
#include "answer.h"
#include "cover.h"
#include "launch.h"
#include "nearest.h"
#include "rule-list.h"
#include "ruleset.h"
#include "str.h"

#define PATH_SIZE 4096 /* PATH_MAX */

struct kind {
	const char *verb;
	uint64_t on_file, on_folder, beneath; /* beneath: for what is not there yet */
	int flags;
	int permission;        /* of access(2), for what is not tried */
	int folder_permission; /* for what is not there yet */
};

static const struct kind kind_read = {"read", LANDLOCK_ACCESS_FS_READ_FILE,
	LANDLOCK_ACCESS_FS_READ_DIR, LANDLOCK_ACCESS_FS_READ_FILE, O_RDONLY, R_OK, X_OK};
static const struct kind kind_write = {"write", LANDLOCK_ACCESS_FS_WRITE_FILE,
	LANDLOCK_ACCESS_FS_MAKE_REG, LANDLOCK_ACCESS_FS_MAKE_REG, O_WRONLY, W_OK, W_OK | X_OK};
static const struct kind kind_execute = {
	"execute", LANDLOCK_ACCESS_FS_EXECUTE, 0, LANDLOCK_ACCESS_FS_EXECUTE, 0, X_OK, X_OK};

/* In the child */

struct attempt {
	const struct kind *kind;
	const char *path;
};

struct attempted {
	bool missing;
	bool opened;           /* tried for real, not by its permissions */
	bool folder;           /* of the object, or in which it would be */
	bool placed;           /* the place that follows is known */
	int error;             /* negative errno, 0: it went well */
	char place[PATH_SIZE]; /* of what was looked at, without symlinks */
};

static int open_object(const struct attempt *attempt, struct attempted *ret)
{
	_cleanup_free_ char *folder = NULL;
	const char *slash = strrchr(attempt->path, '/');
	int fd = open(attempt->path, O_PATH | O_CLOEXEC);

	if (fd >= 0 || errno != ENOENT)
		return fd < 0 ? -errno : fd;
	ret->missing = true;
	folder = slash == attempt->path ? strdup("/")
					: strndup(attempt->path, (size_t)(slash - attempt->path));
	fd = folder ? open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	return fd < 0 ? -errno : fd;
}

static void find_place(int fd, struct attempted *ret)
{
	char link[64];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, ret->place, sizeof(ret->place) - 1);
	ret->placed = n > 0;
	ret->place[n > 0 ? n : 0] = '\0';
}

/* By the descriptor, so that it is the object that was looked at; not through /proc, which the
 * rules may not grant. */
static int permitted(int fd, int mode)
{
	return faccessat(fd, "", mode, AT_EMPTY_PATH | AT_EACCESS) < 0 ? -errno : 0;
}

static int try_open(const char *path, int flags)
{
	int fd = open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int try_object(const struct attempt *attempt, int fd, mode_t mode, struct attempted *ret)
{
	const struct kind *kind = attempt->kind;
	int r;

	if (ret->missing)
		return permitted(fd, kind->folder_permission);
	if (kind == &kind_execute && S_ISREG(mode)) {
		r = launch_could_execute(fd);
		ret->opened = r != LAUNCH_E_UNKNOWN;
		return ret->opened ? r : permitted(fd, kind->permission);
	}
	if (kind == &kind_execute)
		return -EACCES;
	if (S_ISREG(mode) || (S_ISDIR(mode) && kind == &kind_read)) {
		ret->opened = true;
		return try_open(attempt->path, kind->flags | (S_ISDIR(mode) ? O_DIRECTORY : 0));
	}
	return permitted(fd, S_ISDIR(mode) ? kind->folder_permission : kind->permission);
}

static void try_it(void *userdata, void *results)
{
	const struct attempt *attempt = userdata;
	struct attempted *ret = results;
	_cleanup_close_ int fd = open_object(attempt, ret);
	struct stat st;

	ret->error = fd < 0 ? fd : 0;
	if (fd < 0)
		return;
	if (fstat(fd, &st) < 0) {
		ret->error = -errno;
		return;
	}
	ret->folder = S_ISDIR(st.st_mode);
	find_place(fd, ret);
	ret->error = try_object(attempt, fd, st.st_mode, ret);
}

/* Which rule covers it */

/* The first layer without a rule, or NULL: then *ret_rule is that of the first one that has any. */
static const struct policy *refusing_layer(const struct policy_set *set, const char *place,
	uint64_t right, const struct rule **ret_rule)
{
	for (size_t i = 0; i < set->n_layers; i++) {
		const struct policy *layer = set->layers[i];
		const struct rule *rule;

		if (!layer->filesystem.present)
			continue;
		rule = cover_rule(layer, place, right);
		if (!rule)
			return layer;
		*ret_rule = *ret_rule ? *ret_rule : rule;
	}
	return NULL;
}

static uint64_t right_for(const struct kind *kind, const struct attempted *tried)
{
	if (tried->missing)
		return kind->beneath;
	return tried->folder ? kind->on_folder : kind->on_file;
}

static void deny_by_policy(const struct policy *layer, const struct attempted *tried,
	const struct kind *kind, struct answer *ret)
{
	*ret = (struct answer){.error = EACCES, .enforcer = ENFORCER_LANDLOCK};
	ret->nearest = nearest_path(layer->filesystem.rules, layer->filesystem.n_rules,
		tried->place, right_for(kind, tried));
	answer_because(ret, "no rule of %s grants %s%s", layer->name, kind->verb,
		tried->missing ? " in its folder" : "");
}

static void judge(const struct question *question, const struct kind *kind,
	const struct attempted *tried, struct answer *ret)
{
	const struct rule *rule = NULL;
	const struct policy *layer = NULL;

	if (tried->placed)
		layer = refusing_layer(
			question->subject->set, tried->place, right_for(kind, tried), &rule);
	if (layer && (tried->error == -EACCES || (!tried->opened && question->abi > 0))) {
		deny_by_policy(layer, tried, kind, ret);
		return;
	}
	*ret = (struct answer){.allowed = tried->error == 0, .error = -tried->error};
	if (tried->error < 0) {
		answer_because(ret, "not by the policy: %s", strerror(-tried->error));
		return;
	}
	ret->rule = rule;
	ret->enforcer = rule ? ENFORCER_LANDLOCK : 0;
	if (layer)
		answer_because(ret, "this kernel does not hold it back");
	else if (!rule)
		answer_because(ret, "not restricted");
	else if (tried->missing)
		answer_because(ret, "by its folder");
}

/* Asking */

static int make_rulesets(const struct question *question, struct arm *arm)
{
	const struct policy_set *set = question->subject->set;

	/* Nobody is to read of these attempts in the audit log. */
	if (question->abi >= 7)
		arm->restrict_flags = LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF;
	for (size_t i = 0; question->abi > 0 && i < set->n_layers; i++) {
		int r = ruleset_compile(
			set->layers[i], question->abi, NULL, NULL, &arm->rulesets[i]);

		if (r < 0)
			return r;
		arm->n_rulesets++;
	}
	return 0;
}

static int attempt(
	const struct question *question, const struct attempt *attempt, struct attempted *ret)
{
	const struct identity *identity = &question->subject->identity;
	struct arm arm = ARM_INIT;
	int r = make_rulesets(question, &arm);

	if (r == 0)
		r = launch_attempt(&arm, identity->uid == geteuid() ? NULL : identity, try_it,
			(void *)attempt, ret, sizeof(*ret));
	arm_done(&arm);
	return r;
}

static bool answer_file(
	struct question *question, const struct kind *kind, const char *object, struct answer *ret)
{
	struct admin *admin = question->admin;
	_cleanup_free_ char *folder = object[0] == '/' ? strdup("") : getcwd(NULL, 0);
	_cleanup_free_ char *path = folder ? str_format(
						     "%s%s%s", folder, folder[0] ? "/" : "", object)
					   : NULL;
	_cleanup_free_ struct attempted *tried = calloc(1, sizeof(*tried));
	const struct attempt wanted = {kind, path};
	int r;

	if (geteuid() != 0 && question->subject->identity.uid != geteuid()) {
		admin_fail(admin, EXIT_NOT_PERMITTED, "only root may try files as %s",
			question->subject->identity.user);
		return false;
	}
	if (!path || !tried) {
		admin_out_of_memory(admin);
		return false;
	}
	r = attempt(question, &wanted, tried);
	if (r < 0)
		admin_fail(admin, EXIT_BUG, "%s: %s", object, strerror(-r));
	else
		judge(question, kind, tried, ret);
	return r == 0;
}

bool answer_read(struct question *question, const char *object, struct answer *ret)
{
	return answer_file(question, &kind_read, object, ret);
}

bool answer_write(struct question *question, const char *object, struct answer *ret)
{
	return answer_file(question, &kind_write, object, ret);
}

bool answer_execute(struct question *question, const char *object, struct answer *ret)
{
	return answer_file(question, &kind_execute, object, ret);
}
