/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A target's struct msghdr, copied: sendmsg(2) as it was asked for, in our own memory. Lengths and
 * counts are the target's word until they have been compared with the limits here.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>

struct job;

#define MESSAGE_IOVS_MAX    1024         /* UIO_MAXIOV */
#define MESSAGE_CONTROL_MAX 8192         /* SCM_MAX_FD descriptors take 1,028 bytes */
#define MESSAGE_FDS_MAX     253          /* SCM_MAX_FD */
#define MESSAGE_CHUNK_MAX   (256 * 1024) /* bytes copied at a time; no datagram is longer */

struct message {
	struct sockaddr_storage name;
	size_t name_length; /* 0: none */
	struct iovec remote[MESSAGE_IOVS_MAX];
	size_t n_remote;
	uint64_t total; /* bytes in all of remote */
	_Alignas(struct cmsghdr) char control[MESSAGE_CONTROL_MAX];
	size_t control_length;
	int fds[MESSAGE_FDS_MAX]; /* fetched, of SCM_RIGHTS; closed by message_done() */
	size_t n_fds;
	bool claims; /* the control data has the sender's credentials */
	char *bytes; /* the chunk at hand, at most MESSAGE_CHUNK_MAX */
	size_t n_bytes;
};

/*
 * An empty one for free(3), or NULL: no memory. The arrays are not cleared, which would take longer
 * than to fill them.
 */
struct message *message_new(void);

/*
 * Copies the header at `address`: name, vector, control; not yet the bytes. Errors are the kernel's
 * own for a wrong header (-EFAULT, -EINVAL, -EMSGSIZE, -ENOBUFS), or -ENOENT: target gone.
 */
int message_copy(const struct job *job, uint64_t address, struct message *ret);

/* The same for sendto(2): one stretch of bytes, maybe a name. */
int message_copy_plain(const struct job *job, uint64_t bytes, uint64_t size, uint64_t name,
	int name_length, struct message *ret);

/* Copies the next bytes from position `done` on. 0 or -errno; at the end n_bytes is 0. */
int message_fill(const struct job *job, struct message *message, uint64_t done);

/*
 * Goes through the control data: descriptors of SCM_RIGHTS are fetched from the target and take the
 * numbers' place; credentials must be the target's own and become ours (the kernel lets nobody
 * claim another's pid); what steers where a packet goes is refused. 0, -EPERM, -EINVAL, -EBADF,
 * -ETOOMANYREFS, -ENOENT target gone, or -errno.
 */
int message_translate_control(const struct job *job, struct message *message);

void message_done(struct message *message);
