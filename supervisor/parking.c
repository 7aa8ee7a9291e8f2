/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Parked connections. */

#include "parking.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>

#include "act.h"
#include "cleanup.h"
#include "target.h"

#define EVENTS_MAX   64
#define PATROL_SLICE 1024 /* slots looked at in one patrol: some milliseconds */

struct parked {
	bool used;
	struct job job;
	int sock;
	struct sockaddr_storage address;
	socklen_t length;
};

/*
 * The flag belongs to the open file, so the target could see it for a moment: while the socket is
 * being connected there is nothing else that it could be used for.
 */
static int connect_at_once(int sock, const void *address, socklen_t length)
{
	int flags = fcntl(sock, F_GETFL), r, error;

	if (flags < 0 || fcntl(sock, F_SETFL, flags | O_NONBLOCK) < 0)
		return errno;
	r = connect(sock, address, length);
	error = errno;
	if (fcntl(sock, F_SETFL, flags) < 0)
		return errno;
	return r == 0 ? 0 : error;
}

static int open_lot(struct parking *parking)
{
	if (parking->epoll >= 0)
		return 0;
	if (!parking->slots)
		parking->slots = calloc(PARKING_MAX, sizeof(*parking->slots));
	if (!parking->slots)
		return -ENOMEM;
	parking->epoll = epoll_create1(EPOLL_CLOEXEC);
	return parking->epoll < 0 ? -errno : 0;
}

static struct parked *free_slot(struct parking *parking)
{
	for (size_t i = 0; i < PARKING_MAX; i++)
		if (!parking->slots[i].used)
			return &parking->slots[i];
	return NULL;
}

static int keep(struct parking *parking, const struct job *job, int sock, const void *address,
	size_t length)
{
	struct epoll_event event = {.events = EPOLLOUT};
	_cleanup_close_ int copy = -1;
	struct parked *slot;

	if (open_lot(parking) < 0)
		return -EAGAIN;
	slot = free_slot(parking);
	copy = slot ? fcntl(sock, F_DUPFD_CLOEXEC, 0) : -1;
	if (copy < 0)
		return -EAGAIN;
	event.data.ptr = slot;
	if (epoll_ctl(parking->epoll, EPOLL_CTL_ADD, copy, &event) < 0)
		return -EAGAIN;
	*slot = (struct parked){
		.used = true, .job = *job, .sock = take_fd(&copy), .length = (socklen_t)length};
	memcpy(&slot->address, address, length);
	parking->n++;
	return 0;
}

static bool is_under_way(int error)
{
	return error == EINPROGRESS || error == EALREADY;
}

/*
 * Only for what can be finished later without having waited for it: TCP, and no time-out on the
 * socket, which would be ours to watch.
 */
static bool can_park(int sock)
{
	int protocol;

	return act_get_option(sock, SO_PROTOCOL, &protocol) == 0 && protocol == IPPROTO_TCP &&
	       act_interrupted(sock) == ERESTARTSYS;
}

int parking_connect(struct parking *parking, const struct job *job, int sock, const void *address,
	size_t length)
{
	int error;

	if (length > sizeof(struct sockaddr_storage) || !can_park(sock))
		return EAGAIN;
	error = connect_at_once(sock, address, (socklen_t)length);
	if (!is_under_way(error))
		return error;
	return keep(parking, job, sock, address, length) < 0 ? EAGAIN : PARKING_KEPT;
}

static int leave(struct parking *parking, struct parked *slot, int error)
{
	int r = notify_answer(&slot->job, error, 0);

	/* The file stays open in the target, so closing our descriptor does not take it out. */
	if (epoll_ctl(parking->epoll, EPOLL_CTL_DEL, slot->sock, NULL) < 0 && r == 0)
		r = -errno;
	fd_close(slot->sock);
	slot->used = false;
	parking->n--;
	return r;
}

bool parking_has(const struct parking *parking, int listener)
{
	if (parking->n == 0)
		return false;
	for (size_t i = 0; i < PARKING_MAX; i++)
		if (parking->slots[i].used && parking->slots[i].job.listener == listener)
			return true;
	return false;
}

int parking_serve(struct parking *parking)
{
	struct epoll_event events[EVENTS_MAX];
	int n = epoll_wait(parking->epoll, events, EVENTS_MAX, 0), r = 0;

	for (int i = 0; i < n && r == 0; i++) {
		struct parked *slot = events[i].data.ptr;
		int error = connect_at_once(slot->sock, &slot->address, slot->length);

		if (!is_under_way(error))
			r = leave(parking, slot, error == EISCONN ? 0 : error);
	}
	return r;
}

int parking_patrol(struct parking *parking)
{
	int r = 0;

	for (size_t i = 0; parking->n > 0 && i < PATROL_SLICE && r == 0; i++) {
		struct parked *slot = &parking->slots[parking->next++ % PARKING_MAX];

		if (!slot->used)
			continue;
		if (notify_valid(&slot->job) < 0 || target_has_signal(&slot->job))
			r = leave(parking, slot, ERESTARTSYS);
	}
	return r;
}
