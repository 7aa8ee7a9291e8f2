/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The monitor's side of a hand-over, see PROTOCOL.md. */

#include "child.h"

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"
#include "sock.h"
#include "wire.h"

int child_take_announce(int channel, struct child *ret)
{
	struct wire_short message;
	int fds[2];
	size_t n_fds;
	int r = sock_receive(channel, &message, sizeof(message), fds, 2, &n_fds, 0);

	if (r < 0)
		return r;
	if (message.type != WIRE_ANNOUNCE || n_fds != 2) {
		for (size_t i = 0; i < n_fds; i++)
			fd_close(fds[i]);
		return -EPROTO;
	}
	*ret = (struct child){.pidfd = fds[0], .sock = fds[1]};
	return 0;
}

/* Any other descriptor says ENOTTY or EINVAL; a listener knows its business but not this id. */
static bool is_listener(int fd)
{
	uint64_t no_such_id = 0;

	return ioctl(fd, SECCOMP_IOCTL_NOTIF_ID_VALID, &no_such_id) < 0 && errno == ENOENT;
}

static int pass_listener(const struct child *child, int number, int worker)
{
	const struct wire_short adopt = {.type = WIRE_ADOPT};
	_cleanup_close_ int listener = (int)syscall(SYS_pidfd_getfd, child->pidfd, number, 0);

	if (listener < 0)
		return -errno;
	if (!is_listener(listener))
		return -EPROTO;
	return sock_send(worker, &adopt, sizeof(adopt), &listener, 1, 0);
}

/*
 * The ack does not wait for the worker: the listener is in its queue, and if it never gets there
 * the listener dies with it and every supervised call fails.
 */
static int take_listener(const struct child *child, int worker, int *ret_error)
{
	const struct wire_short ack = {.type = WIRE_ACK};
	struct wire_short message;
	int r = sock_receive(child->sock, &message, sizeof(message), NULL, 0, NULL, 0);

	if (r < 0)
		return r;
	if (message.type == WIRE_FAILED && message.value < 0) {
		*ret_error = message.value;
		return CHILD_E_FAILED;
	}
	if (message.type != WIRE_LISTENER || (message.value >= 0) != (worker >= 0))
		return -EPROTO;
	if (worker >= 0) {
		r = pass_listener(child, message.value, worker);
		if (r < 0)
			return r;
	}
	/* A child that is gone by now does not miss its ack; the worker has the listener. */
	sock_send(child->sock, &ack, sizeof(ack), NULL, 0, 0);
	return 0;
}

int child_hand_over(struct child *child, int worker, int *ret_error)
{
	int r = take_listener(child, worker, ret_error);

	child->sock = fd_close(child->sock);
	return r;
}

void child_done(struct child *child)
{
	fd_close(child->sock);
	fd_close(child->pidfd);
}
