/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Files in complain mode: which ones a session opens that its policies do not grant. The kernel
 * tells of every open in the session's own copies of the mounts (fanotify(7)) and waits for nobody,
 * so the session is not slowed. The monitor marks, a process of its own reads and judges.
 */

#include <stdbool.h>

#include "mounts.h"
#include "supervisor.h"

struct watcher {
	const struct supervisor *supervisor;
	int group; /* of fanotify, -1: nothing is watched */
	int sock;  /* to the process */
	pid_t pid;
	struct mounts mounts;
	char *untold; /* what cannot be watched, until it is recorded */
	bool told;
	struct wire_counters counters;
};

#define WATCHER_INIT ((struct watcher){.group = -1, .sock = -1})

/* Whether a policy that complains restricts files, and we may look. */
bool watcher_needed(const struct supervisor *supervisor);

/* Without one nothing is denied either: a failure is recorded, and the session goes on. */
void watcher_start(struct watcher *watcher, const struct supervisor *supervisor);

/* Marks the mounts of a child that waits for its ack. */
void watcher_mark(struct watcher *watcher, int pidfd);

/* Records what is not watched, if that is known and not told yet. Once the session is recorded. */
void watcher_tell(struct watcher *watcher);

/* What the process has to say, after a poll of `sock`. */
void watcher_serve(struct watcher *watcher);

/* Takes what it has not said yet, and ends it. */
void watcher_stop(struct watcher *watcher);
