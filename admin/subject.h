/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* USER|FILE on a command line: whose policies, or which one, and what they come to. */

#include "command.h"
#include "policy-lookup.h"

struct subject {
	const char *word; /* as it was typed */
	struct identity identity;
	struct policy_set *set; /* NULL: `unconfined` says why */
	const char *unconfined; /* static */
	bool refused;           /* not even let in: no-policy = deny */
	bool complains;         /* some of it did before subject_enforce() */
};

/* A word with a slash in it or ending in .ini. */
bool subject_is_file(const char *word);

/* The name of who runs this, or NULL. */
const char *subject_own_name(void);

/* Whether there is a user of that name: here, or by the files of --root. */
bool subject_is_user(const struct admin *admin, const char *name);

/*
 * Looks the policies of a user up as a login by `service` would (NULL: files of all services
 * count), or takes a file as the only policy of who runs this; with --root users, their policies
 * and what files include are those of that root. False after it was reported.
 */
bool subject_find(struct admin *admin, const char *word, const char *service, struct subject *ret);

/* A file as the only policy of who `whose` is, in *ret without an identity. False as above. */
bool subject_load_for(
	struct admin *admin, const struct subject *whose, const char *path, struct subject *ret);

/*
 * Judges policies in complain mode as if they enforced: who asks wants to know what they say. The
 * answer is to be printed with what subject_print_complains() adds.
 */
void subject_enforce(struct subject *subject);
void subject_print_complains(const struct admin *admin, const struct subject *subject);

/* Also of one that subject_find() failed on; of a zeroed one, too. */
void subject_done(struct subject *subject);
