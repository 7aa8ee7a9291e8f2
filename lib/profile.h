/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The profiles of [syscalls]: allow lists of system calls, each with all those before it. The table
 * is written for what its programs need, of the login program between the filter and the shell too.
 */

#include <stddef.h>

#include "syscalls.h"

enum profile {
	PROFILE_UNRESTRICTED, /* everything but the base denials; the default */
	PROFILE_ESSENTIAL,
	PROFILE_MINIMAL,
	PROFILE_IO_HEAVY,
	PROFILE_COMPUTE,
	PROFILE_NETWORK,
	PROFILES,
};

#define PROFILE_PARAGRAPHS 3

struct profile_info {
	const char *name;                     /* "io-heavy" */
	const char *help;                     /* one line, no full stop */
	const char *adds[PROFILE_PARAGRAPHS]; /* words with blanks between them, or NULL */
};

extern const struct profile_info profiles[PROFILES];

/* What it allows on an architecture (SYSCALLS_NATIVE ...). */
void profile_calls(enum profile profile, uint32_t arch, struct syscalls *ret);
