/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A set is what all of its layers allow. So it goes beyond another one where, for some layer of
 * that one, none of its own stays within; and what is told then is by how much the nearest of them
 * does not.
 */

#include "comparison.h"

#include <string.h>

#include "places.h"
#include "rule-list.h"
#include "str.h"

#define ABI_SCOPED 6

static bool is_same(
	const struct beyond *item, const struct rule *rule, bool lifted, const char *says)
{
	if (strcmp(item->says, says) != 0 || item->lifted != lifted || !item->rule != !rule)
		return false;
	return !rule || (strcmp(item->rule->id, rule->id) == 0 && item->rule->line == rule->line);
}

int comparison_add(struct comparison *comparison, const struct policy *policy,
	const struct rule *rule, bool lifted, const char *says)
{
	struct beyond *items;

	for (size_t i = 0; i < comparison->n_items; i++)
		if (is_same(&comparison->items[i], rule, lifted, says))
			return 0;
	items = reallocarray(comparison->items, comparison->n_items + 1, sizeof(*items));
	if (!items)
		return -ENOMEM;
	comparison->items = items;
	items[comparison->n_items] = (struct beyond){policy, rule, lifted, strdup(says)};
	return items[comparison->n_items++].says ? 0 : -ENOMEM;
}

static int add_all(struct comparison *comparison, const struct comparison *others)
{
	int r = 0;

	for (size_t i = 0; i < others->n_items && r == 0; i++) {
		const struct beyond *item = &others->items[i];

		r = comparison_add(comparison, item->policy, item->rule, item->lifted, item->says);
	}
	return r;
}

void comparison_done(struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->n_items; i++)
		free(comparison->items[i].says);
	free(comparison->items);
	*comparison = (struct comparison){0};
}

/* Where nothing is written, Landlock keeps to the session where it can. */
static bool leaves(enum scope_setting setting, bool enforced)
{
	return setting == SCOPE_ANY || (setting == SCOPE_UNSET && !enforced);
}

static const struct rule *written(const struct rule *rule)
{
	return rule->id ? rule : NULL;
}

static int compare_signal(const struct compared *of, struct comparison *ret)
{
	bool scoped = of->abi >= ABI_SCOPED;

	if (!leaves(of->mine->ipc.signal, scoped) || leaves(of->theirs->ipc.signal, scoped))
		return 0;
	return comparison_add(ret, of->mine, written(&of->mine->ipc.signal_rule), false,
		"signals may leave the session");
}

static bool reaches_abstract(const struct policy *policy, unsigned abi)
{
	return leaves(policy->ipc.abstract_unix, policy->network.present || abi >= ABI_SCOPED);
}

static int compare_abstract(const struct compared *of, struct comparison *ret)
{
	if (!reaches_abstract(of->mine, of->abi) || reaches_abstract(of->theirs, of->abi))
		return 0;
	return comparison_add(ret, of->mine, written(&of->mine->ipc.abstract_unix_rule), false,
		"abstract UNIX sockets of others may be reached");
}

static comparison_fn *const parts[] = {
	comparison_files,
	comparison_connect,
	comparison_deny,
	comparison_bind,
	comparison_unix,
	compare_signal,
	compare_abstract,
};

/* By the layer that goes least beyond. */
static int compare_part(comparison_fn *part, const struct policy_set *mine,
	const struct compared *like, struct comparison *ret)
{
	_cleanup_(comparison_done) struct comparison best = {0};
	bool any = false;
	int r;

	for (size_t i = 0; i < mine->n_layers; i++) {
		_cleanup_(comparison_done) struct comparison found = {0};
		const struct compared of = {mine->layers[i], like->theirs, like->mounts, like->abi};

		if (mine->layers[i]->complain)
			continue;
		r = part(&of, &found);
		if (r < 0)
			return r;
		if (any && found.n_items >= best.n_items)
			continue;
		any = true;
		comparison_done(&best);
		best = found;
		found = (struct comparison){0};
	}
	return add_all(ret, &best);
}

/* A layer that complains restricts nothing: what has no other is beyond all that enforces. */
static int compare_modes(
	const struct policy_set *mine, const struct policy_set *theirs, struct comparison *ret)
{
	if (policy_set_enforces(mine) || !policy_set_enforces(theirs))
		return 0;
	return comparison_add(
		ret, mine->layers[0], NULL, false, "nothing is denied (mode = complain)");
}

static void free_mounts(struct mounts **mounts)
{
	mounts_free(*mounts);
}

int comparison_make(const struct policy_set *mine, const struct policy_set *theirs, unsigned abi,
	bool of_this_machine, struct comparison *ret)
{
	_cleanup_(free_mounts) struct mounts *mounts = NULL;
	int r = of_this_machine ? mounts_read(&mounts) : 0;

	*ret = (struct comparison){0};
	if (r == 0)
		r = compare_modes(mine, theirs, ret);
	for (size_t part = 0; part < ARRAY_SIZE(parts); part++) {
		for (size_t i = 0; i < theirs->n_layers && r == 0; i++) {
			const struct compared like = {NULL, theirs->layers[i], mounts, abi};

			if (theirs->layers[i]->complain)
				continue;
			r = compare_part(parts[part], mine, &like, ret);
		}
	}
	return r == 0 ? comparison_calls(mine, theirs, abi, ret) : r;
}
