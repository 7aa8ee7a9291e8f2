/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Grants on paths. Landlock adds the rights up on the way from a file to the root, so a right is
 * covered when some rule of the other layer has it at the place or above, wherever the place is
 * met.
 */

#include <sys/stat.h>

#include "access.h"
#include "comparison.h"
#include "places.h"
#include "str.h"

/* What one layer grants: rules with where they hold. */
struct grants {
	struct grant {
		const struct path_rule *rule;
		struct places places;
		uint64_t access;
	} * list;
	size_t n;
};

static void free_grants(struct grants *grants)
{
	for (size_t i = 0; i < grants->n; i++)
		places_done(&grants->list[i].places);
	free(grants->list);
}

/* access: of all of them, or 0: the rules' own. */
static int add_grants(struct grants *grants, const struct mounts *mounts,
	const struct path_rule *rules, size_t n, uint64_t access)
{
	struct grant *list = reallocarray(grants->list, grants->n + n + 1, sizeof(*list));

	if (!list)
		return -ENOMEM;
	grants->list = list;
	for (size_t i = 0; i < n; i++) {
		struct grant *grant = &list[grants->n];
		int r = places_find(mounts, rules[i].path, &grant->places);

		if (r < 0)
			return r;
		grants->n++;
		grant->rule = &rules[i];
		grant->access = access ? access : rules[i].access;
		if (!access && grant->places.file)
			grant->access &= access_on_files();
	}
	return 0;
}

static uint64_t rights_at(const struct grants *theirs, const char *place)
{
	uint64_t rights = 0;

	for (size_t i = 0; i < theirs->n; i++)
		if (places_hold(&theirs->list[i].places, place))
			rights |= theirs->list[i].access;
	return rights;
}

static uint64_t rights_on_same(const struct grants *theirs, const struct places *places)
{
	uint64_t rights = 0;

	for (size_t i = 0; i < theirs->n; i++)
		if (places_same(&theirs->list[i].places, places))
			rights |= theirs->list[i].access;
	return rights;
}

static bool is_covered(const struct grant *grant, const struct grants *theirs)
{
	if ((grant->access & ~rights_on_same(theirs, &grant->places)) == 0)
		return true;
	if (grant->places.lost || grant->places.n_paths == 0)
		return false;
	for (size_t i = 0; i < grant->places.n_paths; i++)
		if (grant->access & ~rights_at(theirs, grant->places.paths[i]))
			return false;
	return true;
}

/* A tree that comes with nothing written: the home, /tmp. */
static int add_uncovered(
	const struct policy *policy, const struct path_rule *rule, struct comparison *ret)
{
	_cleanup_free_ char *sentence = NULL;

	if (rule->rule.id)
		return comparison_add(ret, policy, &rule->rule, false, rule->path);
	sentence = str_format("UNIX sockets beneath %s may be reached", rule->path);
	return sentence ? comparison_add(ret, policy, NULL, false, sentence) : -ENOMEM;
}

static int compare(const struct policy *policy, const struct grants *mine,
	const struct grants *theirs, struct comparison *ret)
{
	int r = 0;

	for (size_t i = 0; i < mine->n && r == 0; i++)
		if (!is_covered(&mine->list[i], theirs))
			r = add_uncovered(policy, mine->list[i].rule, ret);
	return r;
}

int comparison_files(const struct compared *of, struct comparison *ret)
{
	_cleanup_(free_grants) struct grants mine = {0};
	_cleanup_(free_grants) struct grants theirs = {0};
	int r;

	if (!of->theirs->filesystem.present)
		return 0;
	if (!of->mine->filesystem.present)
		return comparison_add(ret, of->mine, NULL, false, "files are not restricted");
	r = add_grants(
		&mine, of->mounts, of->mine->filesystem.rules, of->mine->filesystem.n_rules, 0);
	if (r == 0)
		r = add_grants(&theirs, of->mounts, of->theirs->filesystem.rules,
			of->theirs->filesystem.n_rules, 0);
	return r == 0 ? compare(of->mine, &mine, &theirs, ret) : r;
}

static int add_sockets(
	struct grants *grants, const struct mounts *mounts, const struct policy *policy)
{
	int r = add_grants(
		grants, mounts, policy->network.unix_trees, policy->network.n_unix_trees, 1);

	return r == 0 ? add_grants(grants, mounts, policy->network.unix_rules,
				policy->network.n_unix_rules, 1)
		      : r;
}

int comparison_unix(const struct compared *of, struct comparison *ret)
{
	_cleanup_(free_grants) struct grants mine = {0};
	_cleanup_(free_grants) struct grants theirs = {0};
	int r;

	/* Not restricted at all is the network's to say. */
	if (!of->theirs->network.present || !of->mine->network.present)
		return 0;
	r = add_sockets(&mine, of->mounts, of->mine);
	if (r == 0)
		r = add_sockets(&theirs, of->mounts, of->theirs);
	return r == 0 ? compare(of->mine, &mine, &theirs, ret) : r;
}
