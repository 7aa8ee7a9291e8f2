/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Resolves the granted places when the session opens, and compares canonical paths with them. */

#include "grants.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "path-pin.h"
#include "str.h"
#include "verdict.h"

#define PATH_SIZE 4096 /* PATH_MAX */

/* The places that one layer grants, without symlinks: sockets, and trees of them. */
struct grant {
	char *place;
	size_t length;
	unsigned rule;
};

struct layer_grants {
	struct grant *grants;
	size_t n_grants;
};

static struct layer_grants layers[POLICY_LAYERS_MAX];

/* Where a pinned path is, once for all: path_pin() has seen to it that no user had a say in that.
 */
static int resolve(const char *path, struct str *ret)
{
	_cleanup_close_ int fd = -1;
	char link[64], resolved[PATH_SIZE];
	ssize_t n;
	int r = path_pin(path, &fd);

	if (r < 0)
		return r;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, resolved, sizeof(resolved));
	if (n < 0)
		return -errno;
	str_add(ret, resolved, (size_t)n);
	return 0;
}

/* A socket that its server has not made yet is known by its folder. */
static int resolve_socket(const char *path, struct str *ret)
{
	_cleanup_free_ char *folder = NULL;
	const char *slash = strrchr(path, '/');
	int r = resolve(path, ret);

	if (r != -ENOENT || slash == path)
		return r;
	folder = strndup(path, (size_t)(slash - path));
	if (!folder)
		return -ENOMEM;
	r = resolve(folder, ret);
	if (r == 0)
		str_puts(ret, slash);
	return r;
}

typedef int resolve_fn(const char *path, struct str *ret);

/* What is missing or not to be trusted grants nothing, as in the ruleset. */
static int add_grants(
	struct layer_grants *layer, const struct path_rule *rules, size_t n, resolve_fn *resolver)
{
	for (size_t i = 0; i < n; i++) {
		_cleanup_str_ struct str place = STR_INIT;
		struct grant *grant = &layer->grants[layer->n_grants];
		int r = resolver(rules[i].path, &place);

		if (r == -ENOMEM)
			return r;
		if (r < 0)
			continue;
		*grant = (struct grant){.rule = rules[i].rule.number, .length = place.length};
		grant->place = str_take(&place);
		if (!grant->place)
			return -ENOMEM;
		layer->n_grants++;
	}
	return 0;
}

static void layer_done(struct layer_grants *layer)
{
	for (size_t i = 0; i < layer->n_grants; i++)
		free(layer->grants[i].place);
	free(layer->grants);
	*layer = (struct layer_grants){0};
}

static int prepare_layer(const struct policy *policy, struct layer_grants *ret)
{
	size_t n = policy->network.n_unix_trees + policy->network.n_unix_rules;
	int r;

	layer_done(ret);
	ret->grants = calloc(n + 1, sizeof(*ret->grants));
	if (!ret->grants)
		return -ENOMEM;
	r = add_grants(ret, policy->network.unix_trees, policy->network.n_unix_trees, resolve);
	if (r < 0)
		return r;
	return add_grants(
		ret, policy->network.unix_rules, policy->network.n_unix_rules, resolve_socket);
}

int grants_prepare(const struct policy_set *set)
{
	for (size_t i = 0; i < set->n_layers; i++) {
		int r = prepare_layer(set->layers[i], &layers[i]);

		if (r < 0)
			return r;
	}
	return 0;
}

static bool is_common(const char *path)
{
	for (size_t i = 0; verdict_common_sockets[i]; i++)
		if (fnmatch(verdict_common_sockets[i], path, FNM_PATHNAME | FNM_PERIOD) == 0)
			return true;
	return false;
}

static const struct grant *find_grant(const struct layer_grants *layer, const char *path)
{
	for (size_t i = 0; i < layer->n_grants; i++) {
		const struct grant *grant = &layer->grants[i];

		if (strncmp(path, grant->place, grant->length) != 0)
			continue;
		if (path[grant->length] == '/' || path[grant->length] == '\0')
			return grant;
	}
	return NULL;
}

size_t grants_refusing(const struct policy_set *set, const char *path)
{
	for (size_t i = 0; i < set->n_layers; i++)
		if (set->layers[i]->network.present && !set->layers[i]->complain &&
			!find_grant(&layers[i], path))
			return is_common(path) ? set->n_layers : i;
	return set->n_layers;
}

bool grants_allow(const struct policy_set *set, const char *path)
{
	return grants_refusing(set, path) == set->n_layers;
}

bool grants_complain(const struct policy_set *set, const char *path)
{
	for (size_t i = 0; i < set->n_layers; i++)
		if (set->layers[i]->network.present && set->layers[i]->complain &&
			!find_grant(&layers[i], path))
			return !is_common(path);
	return false;
}

unsigned grants_rule(const struct policy_set *set, const char *path)
{
	for (size_t i = 0; i < set->n_layers; i++) {
		const struct grant *grant = find_grant(&layers[i], path);

		if (set->layers[i]->network.present && grant)
			return grant->rule;
	}
	return 0;
}
