/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What is known of a policy by where it lies: whom it is for, and how old it is. Asks the name
 * service, or with another root its passwd and group files.
 */

#include <time.h>

#include "policy-lookup.h"

struct policy_place {
	bool has_identity; /* a file of users/ whose user exists */
	struct identity identity;
	time_t written; /* 0: not known */
};

/* Whether there is such a user or group; true where it cannot be said. */
bool place_user_exists(const struct policy_dirs *dirs, const char *name);
bool place_group_exists(const struct policy_dirs *dirs, const char *name);

/* Looks up whom users/NAME.ini is for; somebody unknown is no failure. 0 or -ENOMEM. */
int policy_place_find_user(
	const struct policy_dirs *dirs, const char *name, struct policy_place *place);

void policy_place_done(struct policy_place *place);
