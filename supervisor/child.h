/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The first processes of a session: how the monitor gets to know them, and takes their listener. */

#define CHILD_E_FAILED 1 /* it could not confine itself, and has ended */

/* A process that the login program forked. It says who it is, hands over, and lives. */
struct child {
	int pidfd;
	int sock; /* until the hand-over is done, then -1 */
};

/* Takes an ANNOUNCE from the channel. 0 or -errno. */
int child_take_announce(int channel, struct child *ret);

/*
 * Takes the child's word that it is confined and, where there is a worker (else -1), its listener,
 * which goes to the worker. Closes the child's socket: without an ack it ends itself.
 * 0; CHILD_E_FAILED with the child's -errno in *ret_error; -errno.
 */
int child_hand_over(struct child *child, int worker, int *ret_error);

void child_done(struct child *child);
