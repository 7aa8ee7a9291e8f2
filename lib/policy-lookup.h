/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Which policies apply to whom: finds the files, judges whether they can be trusted, reads and
 * checks them, and puts the layers together. The only code that opens policy files.
 */

#include "diag.h"
#include "policy.h"

struct passwd;
struct policy_cache;

/* Where policies live. root is "" or another file-system root ("--root"), never ending in '/'. */
struct policy_dirs {
	const char *root;
	const char *confdir;   /* /etc/sandlock */
	const char *vendordir; /* /usr/share/sandlock */
	bool no_user_files;    /* as if users/ were empty */
	bool any_owner; /* skip the ownership checks: `check --root`, `run FILE` as oneself */
	struct policy_cache
		*cache; /* of policy_check_*(), which may have none; no look-up uses it */
};

#define POLICY_E_NONE   1 /* nothing applies: the session is not confined */
#define POLICY_E_EXEMPT 2 /* root without users/root.ini, an exempt group, below min-uid */
#define POLICY_E_DENIED 3 /* nothing applies and no-policy = deny */
/* A file that applies is broken or not to be trusted, or whether it applies is not known: diags. */
#define POLICY_E_INVALID 4

/* Copies a passwd(5) entry. 0 or -ENOMEM: then some of it may be there. */
int identity_copy_user(struct identity *identity, const struct passwd *entry);

/* Fills *ret from the name service. 0, -ENOENT unknown user, or another negative errno. */
int identity_lookup(const char *user, struct identity *ret);

/*
 * The two halves of it. The groups are the dear one, and where no policy asks for them nobody need:
 * until then gid is the only one. Once they are known they are not asked for again.
 */
int identity_lookup_user(const char *user, struct identity *ret);
int identity_lookup_groups(struct identity *identity);

/*
 * The same from the passwd and group files of another root (see policy_dirs). Unknown users and
 * a root without a passwd file are both -ENOENT.
 */
int identity_read(const char *root, const char *user, struct identity *ret);

/*
 * Asks the name service for a group by its name, and whether `identity` belongs to it: by the gid,
 * or because the group names the user. A group that does not exist has no members. For one that was
 * read from files nobody is asked: its groups are all there are. 0 or -errno.
 */
int identity_is_member(const struct identity *identity, const char *group, bool *ret);

/* Whether the name service knows a group of that name: 0, -ENOENT or another negative errno. */
int identity_find_group(const char *name);

/*
 * sandlock.conf alone; the defaults where it is missing. 0, POLICY_E_INVALID (which refuses
 * everybody but root) or a negative errno. Free with settings_done().
 */
int settings_lookup(const struct policy_dirs *dirs, struct diag_list *diags, struct settings *ret);

/*
 * Everything that applies to `identity` under PAM service `service`. 0, a POLICY_E_* answer, or a
 * negative errno. Diagnostics (warnings too) are appended in each case. Asks the name service for
 * pending groups where they matter, and about groups that have a file: the caller bounds its time
 * here, too.
 */
int policy_lookup(const struct policy_dirs *dirs, struct identity *identity, const char *service,
	struct diag_list *diags, struct policy_set **ret);

/* What settings_lookup() said, kept until it is known whom it is about. */
struct settings_found {
	int r;
	struct diag_list diags;
	struct settings settings; /* the defaults unless r is 0 */
};

void settings_find(const struct policy_dirs *dirs, struct settings_found *ret);
void settings_found_done(struct settings_found *found);

/*
 * For who wants to know as soon as there is a file that may apply: called with its bytes read,
 * before they are looked at, for each such file. A negative errno ends the look-up.
 */
struct policy_hook {
	int (*found)(void *userdata);
	void *userdata;
};

/*
 * policy_lookup() for who has read sandlock.conf already; takes what was found out of `found`.
 * hook: or NULL.
 */
int policy_lookup_settled(const struct policy_dirs *dirs, struct settings_found *found,
	struct identity *identity, const char *service, const struct policy_hook *hook,
	struct diag_list *diags, struct policy_set **ret);

/*
 * One policy file as the only layer, for `sandlock-admin run FILE`: `name` is what diagnostics and
 * rule ids call it, `bytes` its text. Includes are looked up in dirs. Same returns.
 */
int policy_load_bytes(const struct policy_dirs *dirs, const struct identity *identity,
	const char *name, const void *bytes, size_t size, struct diag_list *diags,
	struct policy_set **ret);
