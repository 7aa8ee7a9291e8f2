/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* connect(2): IPv4 and IPv6 here, UNIX sockets in act-unix.c. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>

#include "act.h"
#include "cleanup.h"
#include "endpoint.h"
#include "loop.h"
#include "supervisor.h"
#include "target.h"
#include "verdict.h"

int act_do_connect(struct job *job, int sock, const void *address, size_t length)
{
	int flags;

	if (job->watched)
		return 0;
	flags = fcntl(sock, F_GETFL);
	if (flags < 0)
		return errno;
	if (!(flags & O_NONBLOCK) && job->flight < 0 && loop_take_off(job) < 0)
		return loop_park(job, sock, address, length);
	if (connect(sock, address, (socklen_t)length) == 0)
		return 0;
	return errno == EINTR ? act_interrupted(sock) : errno;
}

int act_interrupted(int sock)
{
	struct timeval timeout = {0};
	socklen_t size = sizeof(timeout);

	if (getsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &timeout, &size) < 0)
		return errno;
	return timeout.tv_sec > 0 || timeout.tv_usec > 0 ? EINTR : ERESTARTSYS;
}

int act_wait_writable(int sock)
{
	struct pollfd slot = {.fd = sock, .events = POLLOUT};
	struct timeval timeout = {0};
	socklen_t size = sizeof(timeout);
	long ms;
	int n;

	if (getsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &timeout, &size) < 0)
		return -errno;
	ms = timeout.tv_sec * 1000 + (timeout.tv_usec + 999) / 1000;
	n = poll(&slot, 1, ms == 0 ? -1 : ms < INT_MAX ? (int)ms : INT_MAX);
	if (n < 0)
		return -errno;
	return n == 0 ? -EAGAIN : 0;
}

int act_get_option(int sock, int option, int *ret)
{
	socklen_t size = sizeof(*ret);

	return getsockopt(sock, SOL_SOCKET, option, ret, &size) < 0 ? -errno : 0;
}

/* As the kernel: what a length may be, what is copied of it, move_addr_to_kernel(). */
static int copy_address(const struct job *job, struct sockaddr_storage *ret, size_t *ret_length)
{
	int length = (int)job->args[2];

	*ret = (struct sockaddr_storage){0};
	if (length < 0 || (size_t)length > sizeof(*ret))
		return -EINVAL;
	*ret_length = (size_t)length;
	return length == 0 ? 0 : target_read(job, job->args[1], ret, (size_t)length);
}

int act_protocol(int number, enum endpoint_protocol *ret)
{
	switch (number) {
	case IPPROTO_TCP:
		*ret = ENDPOINT_TCP;
		return 0;
	case IPPROTO_UDP:
		*ret = ENDPOINT_UDP;
		return 0;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		*ret = ENDPOINT_ICMP;
		return 0;
	default:
		return -EACCES; /* the filter lets no such socket be made; one came from outside */
	}
}

/* AF_UNSPEC dissolves the association of either kind of socket, so it stays what it is. */
static int canonicalise(enum endpoint_protocol protocol, struct sockaddr_storage *address,
	size_t *length, int domain, struct net_address *ret)
{
	if (protocol == ENDPOINT_TCP || address->ss_family == AF_UNSPEC)
		return endpoint_canonicalise(address, *length, domain, ret);
	return endpoint_canonicalise_datagram(address, length, domain, ret);
}

static int connect_inet(struct job *job, int sock, int domain, struct sockaddr_storage *address,
	size_t length, struct outcome *ret)
{
	char text[ENDPOINT_TEXT_MAX];
	enum endpoint_protocol protocol = ENDPOINT_TCP;
	struct net_address canonical;
	struct verdict verdict;
	int number, r;

	r = act_get_option(sock, SO_PROTOCOL, &number);
	if (r == 0)
		r = act_protocol(number, &protocol);
	if (r < 0)
		return r;
	ret->protocol = (uint32_t)number;
	r = canonicalise(protocol, address, &length, domain, &canonical);
	if (r < 0)
		return r;
	verdict = loop_decide(job, protocol, &canonical);
	if (verdict.error) {
		outcome_deny(ret, endpoint_format(&canonical, text), verdict.error, verdict.rule);
		return 0;
	}
	if (verdict.would)
		outcome_complain(
			ret, endpoint_format(&canonical, text), verdict.would, verdict.would_rule);
	/* What was decided on is what is reached, also where the kernel would choose: 0.0.0.0, ::.
	 */
	endpoint_pin(address, length, &canonical);
	ret->error = act_do_connect(job, sock, address, length);
	return 0;
}

static int connect_domain(struct job *job, int sock, struct outcome *ret)
{
	struct sockaddr_storage address;
	size_t length;
	int domain, r;

	r = act_get_option(sock, SO_DOMAIN, &domain); /* ENOTSOCK comes before EFAULT, connect(2) */
	if (r < 0)
		return r;
	r = copy_address(job, &address, &length);
	if (r < 0)
		return r;
	switch (domain) {
	case AF_INET:
	case AF_INET6:
		return connect_inet(job, sock, domain, &address, length, ret);
	case AF_UNIX:
		return act_unix_connect(job, sock, &address, length, ret);
	case AF_NETLINK: /* the filter lets only NETLINK_ROUTE be made: it talks to the kernel */
		ret->error = act_do_connect(job, sock, &address, length);
		return 0;
	default:
		return -EACCES;
	}
}

int act_connect(struct job *job, struct outcome *ret)
{
	_cleanup_close_ int sock = target_fetch_fd(job, (int)job->args[0]);
	int r;

	ret->action = WIRE_ACTION_CONNECT;
	if (sock < 0)
		return sock == -ENOENT ? ACT_E_GONE : sock;
	r = connect_domain(job, sock, ret);
	return r == -ENOENT && notify_gone(job) ? ACT_E_GONE : r;
}
