/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A socket, and a queue in front of it. */

#include "journal-socket.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "cleanup.h"
#include "sock.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"

static struct {
	int fd;
	char *waiting[JOURNAL_SOCKET_QUEUE_MAX]; /* a ring */
	size_t first, n;
	unsigned long lost;
} journal = {.fd = -1};

static int connect_journal(void)
{
	const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = JOURNAL_SOCKET};
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	journal.fd = take_fd(&fd);
	return 0;
}

static int send_once(const char *text)
{
	size_t length = strlen(text);
	ssize_t n;

	do
		n = send(journal.fd, text, length, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

/* A journald that was started anew listens on another socket of the same name. */
static int send_text(const char *text)
{
	int r = journal.fd >= 0 ? send_once(text) : -ENOTCONN;

	if (r != -ENOTCONN && r != -ECONNREFUSED && r != -ECONNRESET)
		return r;
	journal.fd = fd_close(journal.fd);
	r = connect_journal();
	return r < 0 ? r : send_once(text);
}

/* Whether there is hope that journald takes it later. */
static bool is_full(int r)
{
	return r == -EAGAIN || r == -ENOBUFS || r == -ENOMEM;
}

static void keep(char *text)
{
	if (journal.n == JOURNAL_SOCKET_QUEUE_MAX) {
		journal.lost++;
		free(text);
		return;
	}
	journal.waiting[(journal.first + journal.n++) % JOURNAL_SOCKET_QUEUE_MAX] = text;
}

void journal_socket_flush(void)
{
	while (journal.n > 0) {
		char **text = &journal.waiting[journal.first];
		int r = send_text(*text);

		if (is_full(r))
			return;
		if (r < 0)
			journal.lost++;
		free(*text);
		*text = NULL;
		journal.first = (journal.first + 1) % JOURNAL_SOCKET_QUEUE_MAX;
		journal.n--;
	}
}

void journal_socket_send(char *text)
{
	int r = 0;

	journal_socket_flush();
	if (journal.n == 0)
		r = send_text(text);
	if (journal.n > 0 || is_full(r)) {
		keep(text);
		return;
	}
	if (r < 0)
		journal.lost++;
	free(text);
}

int journal_socket_fd(void)
{
	return journal.n > 0 ? journal.fd : -1;
}

void journal_socket_finish(int timeout_ms)
{
	uint64_t end = sock_now_ms() + (uint64_t)timeout_ms;

	journal_socket_flush();
	while (journal.n > 0) {
		struct pollfd slot = {.fd = journal.fd, .events = POLLOUT};
		uint64_t now = sock_now_ms();

		if (now >= end || (poll(&slot, 1, (int)(end - now)) < 0 && errno != EINTR))
			return;
		journal_socket_flush();
	}
}

unsigned long journal_socket_lost(void)
{
	return journal.lost;
}
