/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* From HELLO to READY: whose session, which policy, which confinement. */

#include "policy-lookup.h"
#include "supervisor.h"

#define HANDSHAKE_E_OVER                                                                           \
	1 /* answered UNCONFINED or REFUSED: there is no session to see through                    \
	   */

/*
 * Receives HELLO on supervisor->channel. *ret_policy is the policy that came with it, or -1.
 * 0 or -errno.
 */
int handshake_receive(struct supervisor *supervisor, int *ret_policy);

/*
 * Makes the confinement, answers, and records a refusal in the journal. hook: told as soon as there
 * is a policy that may apply, and so a session. 0 after READY, HANDSHAKE_E_OVER, or -errno when the
 * talk broke off.
 */
int handshake_answer(struct supervisor *supervisor, int policy, const struct policy_hook *hook);
