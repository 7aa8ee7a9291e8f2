/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Connections that take their time while every flight is taken: instead of a thread each has a
 * descriptor and a slot here, and is answered when the kernel is through with it. Only the leader
 * uses it: no lock.
 */

#include <stdbool.h>
#include <sys/socket.h>

#include "notify.h"

#define PARKING_MAX 4096 /* per session, besides the flights */

struct parked;

struct parking {
	int epoll; /* -1 until the first one comes */
	struct parked *slots;
	size_t n;
	size_t next; /* where the next patrol begins */
};

#define PARKING_INIT ((struct parking){.epoll = -1})

/*
 * Connects without waiting, whatever the socket says, and keeps the job if that is not enough; the
 * socket is copied. A positive errno, 0 connected, PARKING_KEPT, or EAGAIN: no room.
 */
#define PARKING_KEPT 4096 /* no errno */
int parking_connect(struct parking *parking, const struct job *job, int sock, const void *address,
	size_t length);

/* Whether a job of this listener is kept here. */
bool parking_has(const struct parking *parking, int listener);

/* Answers those that are through. After a poll of `epoll`. 0 or -errno. */
int parking_serve(struct parking *parking);

/* Looks after some of them: whether the target still waits, and has no signal to handle. */
int parking_patrol(struct parking *parking);
