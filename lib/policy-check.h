/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * policy_draft -> policy: the only code that makes a policy. Resolves includes, looks every key up
 * in the table (policy-keys.h), and reports everything that is wrong, not only the first thing.
 */

#include <time.h>

#include "diag.h"
#include "policy-ini.h"
#include "policy-lookup.h"
#include "policy.h"

struct policy_folder;

#define POLICY_INCLUDE_LEVELS 3 /* below the including file, which is level 0 */

struct policy_check_options {
	const struct policy_dirs *dirs;      /* where includes are looked up */
	const struct policy_folder *confdir; /* that folder of dirs, open already, or NULL */
	const struct identity *identity;     /* NULL: specifiers are checked and left standing */
	const char *name;                    /* "group/students": what rule ids begin with */
	bool lint; /* also warn of what is legal but probably not meant; looks at the file system */
	bool fragment;              /* lint: an include, which no session has alone */
	time_t written;             /* lint: when the file was last changed; 0: not known */
	struct policy_cache *cache; /* lint: what other files have shown, or NULL */
};

/*
 * 0, POLICY_E_INVALID when `diags` got an error (also from reading `draft`, if the caller uses one
 * list for both), or a negative errno.
 */
int policy_check(const struct policy_check_options *options, const struct policy_draft *draft,
	struct diag_list *diags, struct policy **ret);

/* The same for sandlock.conf. */
int settings_check(const struct policy_draft *draft, struct diag_list *diags, struct settings *ret);

/*
 * Whether a policy file counts for a PAM service: its `services` names it, or it has none.
 * Only asked of a draft that was read without error.
 */
bool policy_draft_serves(const struct policy_draft *draft, const char *service);
