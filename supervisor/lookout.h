/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The lookout: watches what the login program starts while the session is open. The module confines
 * what fork(3) makes; a child made by vfork(2), posix_spawn(3) or clone(2) passes it by. Such a
 * child is found here: it does not bear the session's mark although it runs another program as the
 * user, or although it is two seconds old and still the same program. What was there before the
 * session is none of ours, nor is what stays root: modules have helpers.
 *
 * No event tells of another process's children, so the lookout looks: four times a second when
 * something has just happened, ever more rarely when nothing does.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct lookout_child {
	pid_t pid;
	unsigned long long start; /* since boot, in ticks */
};

struct lookout {
	pid_t caller;             /* 0: nobody to be watched */
	uid_t uid;                /* the user's */
	unsigned long long start; /* of the caller: its pid may come round again */
	struct lookout_child *before;
	size_t n_before;
	uint64_t kicked, next; /* milliseconds, CLOCK_MONOTONIC */
	bool confined;         /* some child was confined, so the program forks */
	bool ended;            /* and one of them has ended */
};

#define LOOKOUT_INIT ((struct lookout){0})

/*
 * Notes who is at the other end of the channel, and its children so far. uid: the session's user.
 * 0 or -errno.
 */
int lookout_start(struct lookout *lookout, int channel, uid_t uid);

/* A child has been confined (or announced); one has ended. */
void lookout_child_confined(struct lookout *lookout);
void lookout_child_ended(struct lookout *lookout);

/* Until it is time to look; -1: never. */
int lookout_timeout_ms(const struct lookout *lookout);

/* One that is not confined. */
struct lookout_found {
	pid_t pid;
	char comm[17];
};

/*
 * Looks, if it is time to. Whether somebody was found; they and their children have been killed.
 * `pending`: a child is about to be confined, and is given time.
 */
bool lookout_serve(struct lookout *lookout, bool pending, struct lookout_found *ret);

void lookout_done(struct lookout *lookout);
