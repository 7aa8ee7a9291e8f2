/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Putting layers together to the set that a session gets. Only computes. */

#include "policy.h"

/* Takes the layer over in any case. 0 or -ENOMEM. */
int policy_set_add(struct policy_set *set, struct policy *layer);

/* Once all layers are there: numbers the rules and fingerprints the whole. 0 or -ENOMEM. */
int policy_set_finish(struct policy_set *set);
