/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Paths as words of a policy: the other way round than lib/policy-path.h. */

#include "policy.h"

/*
 * An absolute path, with %h for the home, and what the language reserves escaped. NULL without
 * memory and for what cannot be written: control characters, bytes that are no UTF-8.
 */
char *policy_word_path(const char *path, const struct identity *identity);

/* Whether a path is that folder, or beneath it. */
bool policy_word_beneath(const char *path, const char *folder);
