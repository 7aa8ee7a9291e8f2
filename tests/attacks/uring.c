/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * io_uring: calls that the kernel makes on its own, past every seccomp filter. (Landlock holds.)
 *
 *	uring setup			a ring at all
 *	uring connect PLACE		socket and connect, both by the ring
 */

#include <linux/io_uring.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attack.h"

struct ring {
	int fd;
	struct io_uring_params params;
	char *rings;
	struct io_uring_sqe *entries;
};

static int ring_open(struct ring *ring)
{
	size_t size;

	memset(ring, 0, sizeof(*ring));
	ring->fd = (int)syscall(SYS_io_uring_setup, 4, &ring->params);
	if (ring->fd < 0)
		return -1;
	size = ring->params.cq_off.cqes + ring->params.cq_entries * sizeof(struct io_uring_cqe);
	ring->rings = mmap(
		NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, IORING_OFF_SQ_RING);
	ring->entries = mmap(NULL, ring->params.sq_entries * sizeof(struct io_uring_sqe),
		PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, IORING_OFF_SQES);
	need(ring->rings != MAP_FAILED && ring->entries != MAP_FAILED, "mmap of the ring");
	return 0;
}

/* Submits one entry and waits for it; the result is as of the call it stands for. */
static int ring_do(struct ring *ring, const struct io_uring_sqe *entry)
{
	uint32_t *tail = (uint32_t *)(ring->rings + ring->params.sq_off.tail);
	uint32_t *array = (uint32_t *)(ring->rings + ring->params.sq_off.array);
	uint32_t *head = (uint32_t *)(ring->rings + ring->params.cq_off.head);
	struct io_uring_cqe *done = (struct io_uring_cqe *)(ring->rings + ring->params.cq_off.cqes);
	uint32_t slot = *tail & (ring->params.sq_entries - 1), seen = *head;

	ring->entries[slot] = *entry;
	array[slot] = slot;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		return -errno;
	__atomic_store_n(head, seen + 1, __ATOMIC_RELEASE);
	return done[seen & (ring->params.cq_entries - 1)].res;
}

static int setup(char **args)
{
	struct ring ring;

	if (ring_open(&ring) < 0)
		return stopped_by("io_uring_setup");
	return succeeded("a ring");
}

static int ring_connect(char **args)
{
	struct place place = place_parse(args[0]);
	struct io_uring_sqe make = {
		.opcode = IORING_OP_SOCKET, .fd = place.address.ss_family, .off = SOCK_STREAM};
	struct io_uring_sqe go = {.opcode = IORING_OP_CONNECT,
		.off = place.length,
		.addr = (uintptr_t)&place.address};
	struct ring ring;
	int r;

	if (ring_open(&ring) < 0)
		return stopped_by("io_uring_setup");
	go.fd = ring_do(&ring, &make);
	if (go.fd < 0)
		return stopped("socket by the ring: %s", strerror(-go.fd));
	r = ring_do(&ring, &go);
	if (r < 0)
		return stopped("connect by the ring: %s", strerror(-r));
	return succeeded("connected by the ring");
}

static const struct trick tricks[] = {
	{"setup", setup, 0},
	{"connect", ring_connect, 1},
};

int main(int argc, char **argv)
{
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}
