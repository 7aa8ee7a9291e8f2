/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Sending in the target's name. A receiver with SO_PASSCRED is told which process sent a message,
 * and some programs build on that pid (a browser learns of its new processes so); for a message
 * that the worker sends it is the worker's. To name another pid takes CAP_SYS_ADMIN, see unix(7)
 * and scm_check_creds() in net/core/scm.c, which the worker must not have. The herald has the
 * user's ids, that capability and an allow list in which sendmsg(2) alone asks for it. It names
 * processes of the session only, sends to UNIX sockets only, and passes no descriptors (whose
 * number in flight would not be limited for it). It is started by the monitor on the first request.
 */

#include <pthread.h>
#include <stddef.h>
#include <sys/types.h>

struct servant_duty;

/* The worker's side: one talk at a time, whatever the thread. */
struct herald {
	int sock;
	pthread_mutex_t lock;
};

void herald_init(struct herald *herald, int sock);

#define HERALD_BYTES_MAX 65536
#define HERALD_E_UNSENT  1 /* nothing was sent: to be sent without a herald */

struct parcel {
	pid_t pid;
	int sock;
	int flags;
	const void *bytes;
	size_t n_bytes; /* at most HERALD_BYTES_MAX */
};

/*
 * Sends one datagram on a connected UNIX socket; never blocks. 0 with the bytes sent,
 * HERALD_E_UNSENT, or what sendmsg(2) says, as -errno. A herald that did not answer in time is not
 * asked again: -ENOBUFS, as it may have been sent or not.
 */
int herald_send(struct herald *herald, const struct parcel *parcel, size_t *ret);

/* For servant.h; not in an ordinary user's session, which has no capability to give. */
extern const struct servant_duty herald_duty;
