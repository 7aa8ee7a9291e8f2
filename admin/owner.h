/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Whose session the kernel's audit speaks of. The kernel names a Landlock domain by a number, and
 * once tells which process made it; the supervisor tells which processes it had confine themselves.
 * A seccomp record has only the audit session and the user. Read from the journal when it is asked
 * for, boot by boot.
 */

#include <stdbool.h>
#include <stdint.h>

#include "journal.h"

#define OWNER_NO_AUDIT_SESSION UINT32_MAX

struct owner {
	char *session, *user, *service, *policies, *policy_hash, *mode;
	char *exe;               /* the login program that was forked for it */
	uint64_t uid;            /* UINT64_MAX: not known */
	uint64_t audit_session;  /* as the supervisor has it */
	uint64_t opened, closed; /* UINT64_MAX: not closed */
	uint64_t *pids;          /* processes that confined themselves for it */
	size_t n_pids;
};

/* Who did something, where the kernel says so. */
struct owner_actor {
	bool known;
	uint64_t uid, audit_session, pid;
};

struct owners;

struct owners *owners_new(struct admin *admin, const struct journal_place *place);
struct owners *owners_free(struct owners *owners);

/*
 * The session that a domain belongs to, seen `when` something was denied in it. 0 and *ret NULL: no
 * session of ours. What is returned lives until the next question. 0 or -errno.
 */
int owners_of_domain(struct owners *owners, const char *boot, uint64_t domain,
	const struct owner_actor *actor, uint64_t when, const struct owner **ret);

/*
 * The session of a process; *ret_several: the user has several that it may be, and *ret is any of
 * them. Same returns.
 */
int owners_of_process(struct owners *owners, const char *boot, const struct owner_actor *actor,
	uint64_t when, const struct owner **ret, bool *ret_several);
