/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Grants as pairs of device and inode, and the walk up that collects them. */

#include "file-grants.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "access.h"
#include "cleanup.h"
#include "path-pin.h"

#define DEPTH_MAX 256 /* folders above one another: further down nothing is granted */

struct file_grant {
	dev_t device;
	ino_t inode;
	uint64_t access;
	size_t layer;
};

static struct file_grant *grants;
static size_t n_grants;
static size_t n_layers; /* that complain, and restrict files */

/* What each layer grants so far. */
struct sum {
	uint64_t layers[POLICY_LAYERS_MAX];
};

/* What is missing or not to be trusted grants nothing, as in a ruleset. */
static void add(const struct path_rule *rule, size_t layer)
{
	_cleanup_close_ int fd = -1;
	struct stat st;

	if (path_pin(rule->path, &fd) < 0 || fstat(fd, &st) < 0)
		return;
	grants[n_grants++] = (struct file_grant){st.st_dev, st.st_ino, rule->access, layer};
}

static bool is_concerned(const struct policy *policy)
{
	return policy->complain && policy->filesystem.present;
}

int file_grants_prepare(const struct policy_set *set)
{
	size_t n = 0;

	for (size_t i = 0; i < set->n_layers; i++)
		if (is_concerned(set->layers[i]))
			n += set->layers[i]->filesystem.n_rules;
	grants = calloc(n + 1, sizeof(*grants));
	if (!grants)
		return -ENOMEM;
	for (size_t i = 0; i < set->n_layers; i++) {
		const struct policy *policy = set->layers[i];

		if (!is_concerned(policy))
			continue;
		for (size_t j = 0; j < policy->filesystem.n_rules; j++)
			add(&policy->filesystem.rules[j], n_layers);
		n_layers++;
	}
	return 0;
}

static void add_inode(struct sum *sum, const struct stat *st)
{
	for (size_t i = 0; i < n_grants; i++)
		if (grants[i].inode == st->st_ino && grants[i].device == st->st_dev)
			sum->layers[grants[i].layer] |= grants[i].access;
}

/* A thing is allowed when every layer allows it. */
static uint64_t common(const struct sum *sum)
{
	uint64_t access = UINT64_MAX;

	for (size_t i = 0; i < n_layers; i++)
		access &= sum->layers[i];
	return access;
}

/* Up to the root, over mount points. */
static int climb(int folder, struct sum *sum)
{
	_cleanup_close_ int fd = openat(folder, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st, before = {0};

	for (int depth = 0; depth < DEPTH_MAX; depth++) {
		int parent;

		if (fd < 0 || fstat(fd, &st) < 0)
			return -errno;
		if (depth > 0 && st.st_ino == before.st_ino && st.st_dev == before.st_dev)
			return 0;
		add_inode(sum, &st);
		before = st;
		parent = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		fd_close(fd);
		fd = parent;
	}
	return -ELOOP;
}

int file_grants_in(int folder, uint64_t *ret_access)
{
	struct sum sum = {{0}};
	int r = climb(folder, &sum);

	if (r < 0)
		return r;
	*ret_access = common(&sum);
	return 0;
}

int file_grants_on(int folder, const char *name, uint64_t *ret_access)
{
	struct sum sum = {{0}};
	struct stat st;
	int r = climb(folder, &sum);

	if (r < 0)
		return r;
	/* A file that is gone by now has no grant of its own any more, either. */
	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		add_inode(&sum, &st);
	*ret_access = common(&sum);
	return 0;
}
