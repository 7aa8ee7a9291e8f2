/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A command under the rulesets of a user's policies alone: no filter, no supervisor. What it cannot
 * do is what this kernel's Landlock refuses. As root.
 *
 *	landlock-alone                   prints the kernel's ABI, 0 for none
 *	landlock-alone USER COMMAND...   exits 125 when it could not be confined
 */

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arm.h"
#include "config.h"
#include "diag.h"
#include "landlock-uapi.h"
#include "policy-lookup.h"
#include "ruleset.h"

static _Noreturn void fail(const char *what, int r)
{
	fprintf(stderr, "landlock-alone: %s: %s\n", what, r < 0 ? strerror(-r) : "no policy");
	exit(125);
}

/* Asked here, not by the code that is tested. */
static long kernel_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	return abi < 0 ? 0 : abi;
}

static void restrict_to(const struct policy_set *set)
{
	struct arm arm = ARM_INIT;
	int r = 0;

	for (size_t i = 0; i < set->n_layers && r == 0; i++)
		r = ruleset_compile(set->layers[i], (unsigned)kernel_abi(), NULL, NULL,
			&arm.rulesets[arm.n_rulesets++]);
	if (r == 0)
		r = arm_restrict(&arm);
	if (r < 0)
		fail("Landlock", r);
	arm_done(&arm);
}

static void become(const struct identity *identity)
{
	if (setgroups(identity->n_groups, identity->groups) < 0 ||
		setresgid(identity->gid, identity->gid, identity->gid) < 0 ||
		setresuid(identity->uid, identity->uid, identity->uid) < 0 ||
		setenv("HOME", identity->home, 1) < 0)
		fail(identity->user, -errno);
}

int main(int argc, char **argv)
{
	const struct policy_dirs dirs = {
		.root = "", .confdir = SANDLOCK_CONFDIR, .vendordir = SANDLOCK_VENDORDIR};
	struct diag_list diags = DIAG_LIST_INIT;
	struct identity identity;
	struct policy_set *set;
	int r;

	if (argc < 3)
		return printf("%ld\n", kernel_abi()) < 0;
	r = identity_lookup(argv[1], &identity);
	if (r < 0)
		fail(argv[1], r);
	r = policy_lookup(&dirs, &identity, "su", &diags, &set);
	if (r != 0)
		fail(argv[1], r);
	restrict_to(set);
	become(&identity);
	execv(argv[2], argv + 2);
	fail(argv[2], -errno);
}
