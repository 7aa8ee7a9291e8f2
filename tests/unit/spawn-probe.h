/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a process that supervisor_spawn() started says of itself. */

#include <stdbool.h>
#include <sys/types.h>

struct spawn_report {
	pid_t pid, parent, session;
	uid_t uid, euid;
	gid_t gid;
	int n_groups;
	int n_arguments, n_environment;
	int n_fds;  /* open ones */
	int n_null; /* of the three standard ones, how many are /dev/null */
	char name[32];
	char folder[64];
};
