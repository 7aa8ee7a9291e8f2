/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whole messages with descriptors. See sock.h. */

#include "sock.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#include "cleanup.h"

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(SOCK_FDS_MAX * sizeof(int))];
};

int sock_pair(int ret[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret) < 0)
		return -errno;
	return 0;
}

int sock_send(int sock, const void *message, size_t size, const int *fds, size_t n_fds, int flags)
{
	union control control = {0};
	struct iovec iov = {(void *)message, size};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	ssize_t n;

	if (n_fds > SOCK_FDS_MAX)
		return -EINVAL;
	if (n_fds > 0) {
		struct cmsghdr *header;

		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		header = CMSG_FIRSTHDR(&msg);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(header), fds, n_fds * sizeof(int));
	}
	do
		n = sendmsg(sock, &msg, MSG_NOSIGNAL | flags);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return (size_t)n == size ? 0 : -EPROTO;
}

/* Takes the descriptors out of a message; n_fds counts them all, even beyond SOCK_FDS_MAX. */
static size_t collect_fds(struct msghdr *msg, int fds[SOCK_FDS_MAX])
{
	size_t n_fds = 0;

	for (struct cmsghdr *header = CMSG_FIRSTHDR(msg); header;
		header = CMSG_NXTHDR(msg, header)) {
		size_t n;

		if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
			continue;
		n = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
			if (n_fds < SOCK_FDS_MAX)
				fds[n_fds++] = fd;
			else
				fd_close(fd);
		}
	}
	return n_fds;
}

int sock_receive_any(int sock, void *message, size_t max, size_t *ret_size, int *ret_fds,
	size_t max_fds, size_t *ret_n_fds, int flags)
{
	union control control = {0};
	struct iovec iov = {message, max};
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	int fds[SOCK_FDS_MAX];
	size_t n_fds;
	ssize_t n;

	do
		n = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC | flags);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	n_fds = collect_fds(&msg, fds);
	/* An empty message and the end of the stream look alike; we never send empty messages. */
	if (n == 0 || msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC) || n_fds > max_fds) {
		for (size_t i = 0; i < n_fds; i++)
			fd_close(fds[i]);
		return n == 0 ? -ECONNRESET : -EPROTO;
	}
	for (size_t i = 0; i < n_fds; i++)
		ret_fds[i] = fds[i];
	if (ret_n_fds)
		*ret_n_fds = n_fds;
	*ret_size = (size_t)n;
	return 0;
}

int sock_receive(int sock, void *message, size_t size, int *ret_fds, size_t max_fds,
	size_t *ret_n_fds, int flags)
{
	size_t got, n_fds = 0;
	int r = sock_receive_any(sock, message, size, &got, ret_fds, max_fds, &n_fds, flags);

	if (r < 0)
		return r;
	if (got != size) {
		for (size_t i = 0; i < n_fds; i++)
			fd_close(ret_fds[i]);
		return -EPROTO;
	}
	if (ret_n_fds)
		*ret_n_fds = n_fds;
	return 0;
}

uint64_t sock_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

int sock_wait(int sock, int timeout_ms)
{
	struct pollfd poll_fd = {.fd = sock, .events = POLLIN};
	uint64_t end = sock_now_ms() + (uint64_t)timeout_ms;

	for (;;) {
		uint64_t now = sock_now_ms();
		int n = poll(&poll_fd, 1, now < end ? (int)(end - now) : 0);

		if (n > 0)
			return 0;
		if (n == 0)
			return -ETIMEDOUT;
		if (errno != EINTR)
			return -errno;
	}
}
