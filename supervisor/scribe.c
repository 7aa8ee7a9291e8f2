/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The scribe and how to ask it. The only file with process_vm_writev(2). */

#include "scribe.h"

#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "cleanup.h"
#include "members.h"
#include "servant.h"
#include "sock.h"
#include "supervisor.h"
#include "wire.h"

#define ANSWER_TIMEOUT_MS 1000

/*
 * The user's processes outside the session are none of a worker's business, however well it asks;
 * an ordinary user's session has no mark and everything is of the same user anyway.
 */
static int write_value(const struct supervisor *supervisor, const struct wire_write *request)
{
	uint32_t value = request->value;
	const struct iovec local = {&value, sizeof(value)};
	const struct iovec remote = {(void *)(uintptr_t)request->address, sizeof(value)};
	ssize_t n;

	if (supervisor->privileged && !members_include(request->pid))
		return -EPERM;
	n = process_vm_writev(request->pid, &local, 1, &remote, 1, 0);
	if (n < 0)
		return -errno;
	return n == (ssize_t)sizeof(value) ? 0 : -EFAULT;
}

static int serve(const struct servant *servant)
{
	for (;;) {
		struct wire_short answer = {.type = WIRE_WRITTEN};
		struct wire_write request;
		int r = sock_receive(servant->sock, &request, sizeof(request), NULL, 0, NULL, 0);

		if (r < 0)
			return r;
		if (request.type != WIRE_WRITE)
			return -EPROTO;
		answer.value = write_value(servant->supervisor, &request);
		r = sock_send(servant->sock, &answer, sizeof(answer), NULL, 0, 0);
		if (r < 0)
			return r;
	}
}

const struct servant_duty scribe_duty = {.serve = serve, .filter = WORKER_FILTER_SCRIBE};

/* Of one request and its answer: several threads may have something to write. */
static pthread_mutex_t talking = PTHREAD_MUTEX_INITIALIZER;

static int talk(int sock, const struct wire_write *request)
{
	struct wire_short answer;
	int r = sock_send(sock, request, sizeof(*request), NULL, 0, MSG_DONTWAIT);

	if (r == 0)
		r = sock_wait(sock, ANSWER_TIMEOUT_MS);
	if (r == 0)
		r = sock_receive(sock, &answer, sizeof(answer), NULL, 0, NULL, MSG_DONTWAIT);
	if (r < 0) {
		shutdown(sock, SHUT_RDWR);
		return r;
	}
	return answer.type == WIRE_WRITTEN ? answer.value : -EPROTO;
}

int scribe_write(int sock, pid_t target, uint64_t address, uint32_t value)
{
	const struct wire_write request = {
		.type = WIRE_WRITE,
		.pid = target,
		.address = address,
		.value = value,
	};
	int r;

	pthread_mutex_lock(&talking);
	r = talk(sock, &request);
	pthread_mutex_unlock(&talking);
	return r;
}
