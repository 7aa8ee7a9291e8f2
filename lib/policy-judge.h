/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What `sandlock-admin check` asks: texts judged without a user, files judged where they lie.
 * Warnings included. Nothing here decides about a login.
 */

#include "diag.h"
#include "policy-lookup.h"

enum policy_kind {
	POLICY_KIND_POLICY,
	POLICY_KIND_INCLUDE, /* a policy, but no session has it alone */
	POLICY_KIND_CONF,    /* sandlock.conf */
};

/*
 * By name: "sandlock.conf" in any folder is settings, what lies in a folder named "include" is an
 * include, everything else a policy.
 */
enum policy_kind policy_kind_of(const char *path);

/*
 * Judges one text; `display_name` is what diagnostics call it. The text is valid when
 * !diag_failed(diags). 0 (also for a wrong text) or a negative errno. Sorted.
 */
int policy_check_text(const struct policy_dirs *dirs, const char *display_name, const void *bytes,
	size_t size, enum policy_kind kind, struct diag_list *diags);

/*
 * Judges one file: its text, and where it lies in the live folders of `dirs`, whether it can be
 * trusted and will ever be read. `path` is opened as given (no root before it). 0 (also for a
 * wrong file), -ENOENT, -EACCES, -EISDIR, -ESPIPE for what is no file and lies elsewhere, or
 * another negative errno when it cannot be read at all. Waits for no fifo.
 */
int policy_check_file(const struct policy_dirs *dirs, const char *path, struct diag_list *diags);

/*
 * Reads a policy that somebody named, wherever it lies: a pipe, too, but not in the live folders of
 * `dirs`, where a login would refuse it. 0, POLICY_E_INVALID (reported) or a negative errno.
 */
int policy_read_named(const struct policy_dirs *dirs, const char *path, struct diag_list *diags,
	char **ret, size_t *ret_size);

/*
 * Hears of each file in turn, and may have findings of its own. `path` has dirs->root before it. A
 * negative return stops the walk.
 */
typedef int policy_judged_fn(void *userdata, const char *path, struct diag_list *diags);

/*
 * Judges everything in the live folders: sandlock.conf, users, groups, default.ini, mandatory.d and
 * both include folders, and names what nobody will ever read (wrong name or place, no such user or
 * group, never included). 0, the return of `judged`, or a negative errno; a missing confdir is 0.
 */
int policy_check_all(const struct policy_dirs *dirs, policy_judged_fn *judged, void *userdata);
