/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What one run of `check` remembers from file to file, for one policy_dirs: the includes that it
 * has read, and what the machine has. For judging only: a look-up reads everything anew.
 */

#include "policy-ini.h"
#include "policy-lookup.h"

struct policy_cache;

/* NULL without memory. */
struct policy_cache *policy_cache_new(void);
struct policy_cache *policy_cache_free(struct policy_cache *cache);

/* One include by its name, as it is in the folders of `dirs` now. */
struct cached_include {
	struct policy_draft *draft; /* owned; NULL: it has to be read */
};

/*
 * Looks at the include folders, and forgets a draft whose file is no longer the one that was read.
 * Whoever reads the file without a finding puts the draft there. Valid until the next call; the
 * draft itself for as long as nobody asks for the same name. NULL without memory, and where nothing
 * can be remembered.
 */
struct cached_include *policy_cache_include(
	struct policy_cache *cache, const struct policy_dirs *dirs, const char *name);

/*
 * access(2) with F_OK, asked once for each path: 0 or -errno. `cache` may be NULL: then it is
 * asked.
 */
int policy_cache_access(struct policy_cache *cache, const char *path);

/* realpath(3) of a folder, likewise: allocated; NULL where there is none, or without memory. */
char *policy_cache_realpath(struct policy_cache *cache, const char *folder);

/* Where a file lies, its own name as it is: a symbolic link is not followed. Likewise. */
char *policy_cache_place(struct policy_cache *cache, const char *path);
