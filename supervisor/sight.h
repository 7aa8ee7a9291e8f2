/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The process of the watcher: reads what was opened, judges it, sends the monitor records. */

#include "mounts.h"
#include "supervisor.h"

/*
 * Drops all but the user's ids and two capabilities, serves until the monitor shuts its side down,
 * then says what is left to say. 0 or -errno.
 */
int sight_main(const struct supervisor *supervisor, const struct mounts *mounts, int group,
	int sock, pid_t monitor);
