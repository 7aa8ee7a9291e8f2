/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The herald and how to ask it. The only file that claims another process's pid. */

#include "herald.h"

#include <linux/capability.h>
#include <string.h>
#include <sys/socket.h>

#include "cleanup.h"
#include "members.h"
#include "servant.h"
#include "sock.h"
#include "supervisor.h"
#include "wire.h"

/* The first answer waits for the herald to be made. */
#define ANSWER_TIMEOUT_MS 5000

_Static_assert(HERALD_BYTES_MAX == WIRE_BYTES_MAX, "what a message holds");

/* The herald's side */

static bool is_unix(int sock)
{
	socklen_t size = sizeof(int);
	int domain;

	return getsockopt(sock, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX;
}

static ssize_t send_as(
	const struct identity *identity, int sock, const struct wire_send *request, size_t n_bytes)
{
	const struct ucred claimed = {request->pid, identity->uid, identity->gid};
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(claimed))];
	} control = {0};
	struct iovec iov = {(void *)request->bytes, n_bytes};
	const struct msghdr message = {NULL, 0, &iov, 1, &control, sizeof(control), 0};

	control.header = (struct cmsghdr){CMSG_LEN(sizeof(claimed)), SOL_SOCKET, SCM_CREDENTIALS};
	memcpy(CMSG_DATA(&control.header), &claimed, sizeof(claimed));
	return sendmsg(sock, &message, (int)request->flags | MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* Whoever is not of the session is not named, however well a worker asks. */
static struct wire_short answer(const struct supervisor *supervisor, int sock,
	const struct wire_send *request, size_t n_bytes)
{
	ssize_t n;

	if (!members_include(request->pid) || !is_unix(sock))
		return (struct wire_short){WIRE_UNSENT, -EPERM};
	n = send_as(&supervisor->identity, sock, request, n_bytes);
	return (struct wire_short){WIRE_SENT, n < 0 ? -errno : (int32_t)n};
}

static int serve_one(const struct supervisor *supervisor, int sock)
{
	static struct wire_send request;
	const size_t head = offsetof(struct wire_send, bytes);
	_cleanup_close_ int target = -1;
	struct wire_short reply;
	size_t size, n_fds = 0;
	int r = sock_receive_any(sock, &request, sizeof(request), &size, &target, 1, &n_fds, 0);

	if (r < 0)
		return r;
	if (size < head || request.type != WIRE_SEND || n_fds != 1)
		return -EPROTO;
	reply = answer(supervisor, target, &request, size - head);
	return sock_send(sock, &reply, sizeof(reply), NULL, 0, 0);
}

static int serve(const struct servant *servant)
{
	int r;

	do
		r = serve_one(servant->supervisor, servant->sock);
	while (r == 0);
	return r;
}

const struct servant_duty herald_duty = {
	.serve = serve,
	.capabilities = CAP_TO_MASK(CAP_SYS_ADMIN),
	.filter = WORKER_FILTER_HERALD,
};

/* The worker's side */

void herald_init(struct herald *herald, int sock)
{
	herald->sock = sock;
	pthread_mutex_init(&herald->lock, NULL);
}

static int take_answer(const struct herald *herald, size_t *ret)
{
	struct wire_short reply;
	int r = sock_wait(herald->sock, ANSWER_TIMEOUT_MS);

	if (r == 0)
		r = sock_receive(herald->sock, &reply, sizeof(reply), NULL, 0, NULL, MSG_DONTWAIT);
	/* It could not begin, and the request went with it. */
	if (r == -ECONNRESET)
		return HERALD_E_UNSENT;
	if (r < 0) {
		shutdown(herald->sock, SHUT_RDWR);
		return -ENOBUFS;
	}
	if (reply.type == WIRE_UNSENT)
		return HERALD_E_UNSENT;
	if (reply.type != WIRE_SENT)
		return -EPROTO;
	if (reply.value < 0)
		return reply.value;
	*ret = (size_t)reply.value;
	return 0;
}

int herald_send(struct herald *herald, const struct parcel *parcel, size_t *ret)
{
	const size_t head = offsetof(struct wire_send, bytes);
	_cleanup_free_ struct wire_send *request = malloc(head + parcel->n_bytes);
	int r;

	if (!request)
		return -ENOMEM;
	request->type = WIRE_SEND;
	request->pid = parcel->pid;
	request->flags = (uint32_t)parcel->flags;
	request->pad = 0;
	if (parcel->n_bytes > 0)
		memcpy(request->bytes, parcel->bytes, parcel->n_bytes);
	pthread_mutex_lock(&herald->lock);
	r = sock_send(
		herald->sock, request, head + parcel->n_bytes, &parcel->sock, 1, MSG_DONTWAIT);
	r = r < 0 ? HERALD_E_UNSENT : take_answer(herald, ret);
	pthread_mutex_unlock(&herald->lock);
	return r;
}
