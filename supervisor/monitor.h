/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The privileged half. Takes each child's listener and passes it on to the worker, watches over
 * children and worker, writes the journal. Reads nothing from the session, and from the worker
 * nothing but records of fixed size.
 */

#include "supervisor.h"

/* Sees the session through to its end. 0, or -errno when it ended because of us. */
int monitor_run(struct supervisor *supervisor);
