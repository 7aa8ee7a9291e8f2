/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* UNIX sockets, by path or abstract, by the code that the supervisor decides with. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "grants.h"
#include "nearest.h"
#include "rule-list.h"
#include "str.h"
#include "verdict.h"

#define ABI_SCOPED 6

/* Without [network] only Landlock's scope holds them back. */
static void decide_abstract(const struct question *question, struct answer *ret)
{
	if (!verdict_unix_restricted(question->subject->set) && question->abi < ABI_SCOPED) {
		*ret = (struct answer){.allowed = true};
		answer_because(ret, "this kernel has no scope for it");
		return;
	}
	answer_verdict(question, verdict_abstract(question->subject->set), ret);
	if (!verdict_unix_restricted(question->subject->set))
		ret->enforcer = ENFORCER_LANDLOCK;
	if (!ret->allowed)
		answer_because(ret, "only those of the session itself");
}

/* Without symlinks; a socket that is not there is where its folder is, or would be. */
static char *canonical(const char *path)
{
	_cleanup_free_ char *folder = NULL;
	_cleanup_free_ char *resolved = realpath(path, NULL);
	const char *slash = strrchr(path, '/');

	if (resolved)
		return take_ptr(resolved);
	folder = slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
	resolved = folder ? realpath(folder, NULL) : NULL;
	if (!resolved)
		return strdup(path);
	return str_format("%s%s", resolved[1] ? resolved : "", slash);
}

static bool decide_path(struct question *question, const char *path, struct answer *ret)
{
	const struct policy_set *set = question->subject->set;
	_cleanup_free_ char *place = canonical(path);

	if (!place || (!question->has_grants && grants_prepare(set) < 0)) {
		admin_out_of_memory(question->admin);
		return false;
	}
	question->has_grants = true;
	*ret = (struct answer){
		.allowed = grants_allow(set, place), .enforcer = ENFORCER_SUPERVISOR};
	if (!ret->allowed) {
		const struct policy *layer = set->layers[grants_refusing(set, place)];

		ret->error = EACCES;
		answer_missing(layer,
			nearest_path(
				layer->network.unix_rules, layer->network.n_unix_rules, place, 0),
			ret);
		return true;
	}
	ret->rule = answer_rule(question, grants_rule(set, place));
	if (!ret->rule)
		answer_because(ret, "every program needs it");
	return true;
}

bool answer_unix(struct question *question, const char *object, struct answer *ret)
{
	static const char *const calls[] = {"socket", "connect", NULL};

	if (object[0] != '/' && object[0] != '@') {
		admin_usage(question->admin, "%s: an absolute path, or @NAME", object);
		return false;
	}
	if (answer_denied_call(question, calls, ret))
		return true;
	if (object[0] == '@') {
		decide_abstract(question, ret);
		return true;
	}
	if (verdict_unix_restricted(question->subject->set))
		return decide_path(question, object, ret);
	*ret = (struct answer){.allowed = true};
	answer_because(ret, "not restricted");
	return true;
}
