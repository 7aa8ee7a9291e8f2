/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * listen(2): where a session may be reached. Landlock rules over bind(2), from ABI 4 on; on older
 * kernels this is the only say, and on all of them a TCP socket that listens without having been
 * bound gets a free port from the kernel, which Landlock does not see.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>

#include "act.h"
#include "cleanup.h"
#include "supervisor.h"
#include "target.h"
#include "verdict.h"

/* The local port in host order, 0 for none and for what has no ports, or -errno. */
static int local_port(int sock, int *ret_is_inet)
{
	struct sockaddr_storage address = {0};
	socklen_t length = sizeof(address);

	if (getsockname(sock, (struct sockaddr *)&address, &length) < 0)
		return -errno;
	*ret_is_inet = address.ss_family == AF_INET || address.ss_family == AF_INET6;
	/* Both families have the port at the same place. */
	return *ret_is_inet ? ntohs(((struct sockaddr_in *)&address)->sin_port) : 0;
}

/* Of a verdict that denies, or would. */
static int deny(struct outcome *ret, int port, struct verdict verdict)
{
	char object[16];

	snprintf(object, sizeof(object), "*:%d", port);
	ret->protocol = IPPROTO_TCP;
	if (verdict.error)
		outcome_deny(ret, object, verdict.error, verdict.rule);
	else if (verdict.would)
		outcome_complain(ret, object, verdict.would, verdict.would_rule);
	return 0;
}

/*
 * A port that a connect had picked can be gone between the look and the listen, and the kernel
 * picks another: then the socket is made to stop listening again.
 */
static int listen_decided(
	int sock, int backlog, int port, const struct job *job, struct outcome *ret)
{
	struct verdict verdict;
	int is_inet, after;

	if (listen(sock, backlog) < 0)
		return -errno;
	after = local_port(sock, &is_inet);
	if (after == port)
		return 0;
	verdict = verdict_listen_unbound(job->supervisor->set);
	if (verdict.error)
		shutdown(sock, SHUT_RDWR);
	return deny(ret, after, verdict);
}

static int listen_on(const struct job *job, int sock, struct outcome *ret)
{
	int backlog = (int)job->args[1];
	int is_inet, port = local_port(sock, &is_inet);
	struct verdict verdict;

	if (port < 0)
		return port;
	if (!is_inet)
		return job->watched || listen(sock, backlog) == 0 ? 0 : -errno;
	verdict = verdict_bind(job->supervisor->set, (uint16_t)port);
	deny(ret, port, verdict);
	if (verdict.error || job->watched)
		return 0;
	/* Port 0 and allowed: whichever the kernel picks. */
	if (port == 0)
		return listen(sock, backlog) < 0 ? -errno : 0;
	return listen_decided(sock, backlog, port, job, ret);
}

int act_listen(struct job *job, struct outcome *ret)
{
	_cleanup_close_ int sock = target_fetch_fd(job, (int)job->args[0]);

	ret->action = WIRE_ACTION_LISTEN;
	if (sock < 0)
		return sock == -ENOENT ? ACT_E_GONE : sock;
	return listen_on(job, sock, ret);
}
