/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The processes of one session as a tree. */

#include <sys/types.h>

#include "session-list.h"

struct member {
	pid_t pid, parent;
	unsigned depth; /* 0: its parent is none of the session's */
	char name[64];  /* comm, which a process chooses for itself */
};

struct members {
	struct member *items; /* parents before their children */
	size_t n_items;
	bool known; /* they could be looked for: that takes root, and a session of this boot */
};

/* 0 or -ENOMEM. */
int members_find(const struct session *session, struct members *ret);
void members_done(struct members *members);
