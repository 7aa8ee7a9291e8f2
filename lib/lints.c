/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of the warnings, and which of them a policy accepts. */

#include "lints.h"

#include <string.h>

#include "cleanup.h"
#include "str.h"

/* clang-format off */
const struct lint lints[] = {
	{"allow-denied", "a call is allowed that deny takes out again"},
	{"allow-sysv", "a System V call is allowed without sysv = yes"},
	{"allow-without-effect", "a call is allowed that the profile has anyway"},
	{"complain-old", "mode = complain has been left on for more than 14 days"},
	{"connect-denied", "an endpoint is allowed that deny takes out again"},
	{"deny-without-effect", "an endpoint is denied that nothing allows"},
	{"empty-policy", "the policy restricts nothing but what is always denied"},
	{"home-write-execute", "the home can be written and executed, and holds .ssh"},
	{"missing-path", "a path that this machine does not have"},
	{"names-without-dns", "host names are allowed, and no name server"},
	{"network-any", "every address may be reached, or every port listened on"},
	{"never-read", "no login will ever read the file"},
	{"persistence", "files can be written that later logins run or believe"},
	{"profile-without-network", "connections are allowed, and the profile has no sockets"},
	{"shell-cannot-start", "a login shell, its loader or libraries are out of reach"},
	{"shell-without-home", "a login shell would run in a home that it may not read"},
	{"shell-without-terminal", "a login shell could not open its terminal"},
	{"wider-than-groups", "the user's file allows more than those of the groups it replaces"},
	{"writes-system", "a grant to change files of the system"},
};
/* clang-format on */

const size_t n_lints = ARRAY_SIZE(lints);

const struct lint *lint_find(const char *id, size_t length)
{
	for (size_t i = 0; i < n_lints; i++)
		if (str_equal(id, length, lints[i].id))
			return &lints[i];
	return NULL;
}

const char *lint_nearest(const char *id, size_t length)
{
	struct str_nearest nearest = STR_NEAREST(id, length);

	for (size_t i = 0; i < n_lints; i++)
		str_nearest_offer(&nearest, lints[i].id);
	return nearest.best;
}

static bool accepts(
	const struct policy *policy, const struct lint_accept *accept, const struct diag *diag)
{
	if (strcmp(accept->id, diag->id) != 0)
		return false;
	return strcmp(accept->file, policy->file) == 0 || strcmp(accept->file, diag->file) == 0;
}

void lints_accept(const struct policy *policy, struct diag_list *diags)
{
	for (size_t i = 0; i < diags->n_items; i++) {
		struct diag *diag = &diags->items[i];

		for (size_t j = 0; j < policy->lint.n_accepts && !diag->accepted; j++)
			if (diag->severity == DIAG_WARNING &&
				accepts(policy, &policy->lint.accepts[j], diag))
				diag_accept(diags, diag, policy->lint.accepts[j].reason);
	}
}
