/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What the policies that complain grant on files, asked of descriptors: as Landlock does it, by the
 * inodes on the way up to the root, not by names.
 */

#include <stdbool.h>
#include <stdint.h>

#include "policy.h"

/* Pins what the set's complaining policies grant. Once per process, as root. 0 or -ENOMEM. */
int file_grants_prepare(const struct policy_set *set);

/* The rights that each of them grants in a folder, and on everything beneath. 0 or -errno. */
int file_grants_in(int folder, uint64_t *ret_access);

/* The same on a file of the folder, which may have grants of its own. 0 or -errno. */
int file_grants_on(int folder, const char *name, uint64_t *ret_access);
