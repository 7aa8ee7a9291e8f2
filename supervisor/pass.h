/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Letting a call go on by itself. Who decides on memory that another thread can rewrite decides
 * nothing, so this is no answer where anything is enforced: it is for sessions that are only
 * watched.
 */

#include <stdbool.h>

struct job;
struct policy_set;

/* Whether the calls of such a session are only watched: every policy of it complains. */
bool pass_applies(const struct policy_set *set);

/* The answer to a watched call. 0, -EPERM where something is enforced, or -errno. */
int pass_answer(const struct job *job);
