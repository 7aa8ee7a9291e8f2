/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The process of the watcher: reads what was opened, judges it, sends the monitor records. */

#include "mounts.h"
#include "supervisor.h"

/* After its socket was shut down. */
#define SIGHT_LAST_WORDS_MS 2000

/*
 * Starts it, with the user's ids and two capabilities; *ret_sock is our end. It serves until that
 * is shut down, then says what is left to say, within SIGHT_LAST_WORDS_MS. Its pid or -errno.
 */
pid_t sight_start(
	const struct supervisor *supervisor, const struct mounts *mounts, int group, int *ret_sock);
