/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Finds out who the user of a HELLO is and which policies apply. */

#include "opening.h"
#include "policy-lookup.h"
#include "supervisor.h"

/*
 * Fills supervisor->identity, whose groups may be pending still, and set. `policy` is a sealed
 * memfd with the only policy, or -1. A name service that hangs ends the process after
 * lookup-timeout, with the refusal sent. hook: told of each policy that may apply. 0, or
 * OPENING_E_OVER with the answer in *opening.
 */
int policies_find(struct supervisor *supervisor, struct opening *opening, int policy,
	const struct policy_hook *hook);

/*
 * The groups, which the worker must have, if no policy asked for them: may run beside what does not
 * touch supervisor->identity. Bounded alike. 0 or -errno.
 */
int policies_find_groups(struct supervisor *supervisor);

/* The name service failed. OPENING_E_OVER. */
int policies_refuse_identity(
	const struct supervisor *supervisor, struct opening *opening, int error);
