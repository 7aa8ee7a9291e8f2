/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The login program's side of the handshake: asks a new supervisor for a session. Used by the
 * module and by `sandlock-admin run`: libc only.
 */

#include "arm.h"
#include "wire.h"

/*
 * Starts a supervisor, says hello and waits for the answer. policy is a sealed memfd that goes
 * with WIRE_HELLO_POLICY_FD, else -1; it stays the caller's.
 * 0 with *ret_answer; *ret_arm is filled when the answer is READY and stays ARM_INIT otherwise.
 * Negative errno when there is no supervisor (-ECONNRESET), no answer in time (-ETIMEDOUT) or no
 * answer worth the name (-EPROTO).
 */
int client_open(const struct wire_hello *hello, int policy, struct wire_answer *ret_answer,
	struct arm *ret_arm);
