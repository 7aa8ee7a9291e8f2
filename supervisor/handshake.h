/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* From HELLO to READY: whose session, which policy, which confinement. */

#include "supervisor.h"

#define HANDSHAKE_E_OVER                                                                           \
	1 /* answered UNCONFINED or REFUSED: there is no session to see through                    \
	   */

/*
 * Receives HELLO on supervisor->channel, makes the confinement, answers, and records a refusal in
 * the journal. 0 after READY, HANDSHAKE_E_OVER, or -errno when the talk broke off.
 */
int handshake_run(struct supervisor *supervisor);
