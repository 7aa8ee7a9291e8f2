/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The fork handler: confines every child that the arming process forks, before the child does
 * anything else. One session can be armed in a process at a time.
 */

#include "arm.h"

/*
 * From now on children are confined with *arm, which must stay where it is until disarmed.
 * 0, -EBUSY when another session is armed in this process, or -ENOMEM.
 */
int confine_arm(struct arm *arm);

/* Children are no longer confined. Only the process that armed has an effect on itself. */
void confine_disarm(const struct arm *arm);
