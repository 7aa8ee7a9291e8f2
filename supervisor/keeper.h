/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The monitor's parent: does nothing but wait for it. When the monitor is killed, the keeper ends
 * the session and says so; when it is stopped, the keeper sets it going again. It has no
 * descriptors but the mark's, and is no part of the session. It is there as soon as it is known
 * that there will be one, epitaph.h has what is before.
 */

#include "supervisor.h"

/* How a monitor ends when all is done or said. */
#define KEEPER_STATUS_DONE_MAX 1
/* And when the name service did not answer in time; it cannot write records then. */
#define KEEPER_STATUS_TIMEOUT 3
#define KEEPER_TEXT_TIMEOUT   "the name service did not answer in time (lookup-timeout)"

/*
 * Makes the session's mark and splits the process: returns in the monitor, which is a child of the
 * keeper's and bears the mark. 0 or -errno: then there is neither.
 */
int keeper_split(struct supervisor *supervisor);
