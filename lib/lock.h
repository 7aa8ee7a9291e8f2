/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Locks: who is kept out for a while. One file per user in /run, so none outlives a restart of the
 * machine. When one ends is a point of CLOCK_BOOTTIME: setting the clock makes it neither longer
 * nor shorter.
 */

#include <stdbool.h>
#include <stdint.h>

#include "policy-lookup.h"

#define LOCK_FOLDER     "/locks" /* in the run-time folder */
#define LOCK_REASON_MAX 201
#define LOCK_FILE_MAX   1024

#define LOCK_E_NONE 1 /* no lock, or one that has ended */
#define LOCK_E_INVALID                                                                             \
	2 /* one that is not understood or not to be trusted: a lock all the same                  \
	   */

struct lock {
	bool forever;
	uint64_t ends;                /* CLOCK_BOOTTIME, seconds; unless forever */
	char reason[LOCK_REASON_MAX]; /* one line of printable UTF-8, maybe empty */
};

/* Seconds since the system was started, time asleep included. */
uint64_t lock_now(void);

/* Whether a text can be a reason. */
bool lock_reason_ok(const char *reason);

#define LOCK_BOOT_TEXT 37
/* Which start of the system this is: 36 characters. 0 or -errno. */
int lock_boot(char ret[LOCK_BOOT_TEXT]);

/*
 * A lock as the text of its file: allocated, NULL without memory; and back. Anything but what the
 * one writes, and an end that counts from another start of the system, is -EINVAL to the other.
 */
char *lock_format(const struct lock *lock, const char *boot);
int lock_parse(const char *text, size_t size, const char *boot, struct lock *ret);

/*
 * The lock of a user, by name, in `folder`, an absolute path within dirs->root that has to be as
 * far out of reach for others as policies are. 0 locked, LOCK_E_NONE, LOCK_E_INVALID (diags says
 * why) or a negative errno. Of *ret only the reason may be empty.
 */
int lock_find(const struct policy_dirs *dirs, const char *folder, const char *user,
	struct diag_list *diags, struct lock *ret);
