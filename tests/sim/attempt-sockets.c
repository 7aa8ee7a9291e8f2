/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sockets: which there are, and what sends or connects them. */

#include "attempt.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "cleanup.h"

static int try_fast_open(void)
{
	_cleanup_close_ int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return errno_of(sendto(fd, "x", 1, MSG_FASTOPEN, NULL, 0));
}

static int try_mptcp(void)
{
	return errno_of(socket(AF_INET, SOCK_STREAM, 262));
}

static int try_raw_socket(void)
{
	return errno_of(socket(AF_INET, SOCK_RAW, 255));
}

static int try_packet_socket(void)
{
	return errno_of(socket(AF_PACKET, SOCK_RAW, 0));
}

static int try_udp_socket(void)
{
	return errno_of(socket(AF_INET, SOCK_DGRAM, 0));
}

/* EACCES is the kernel's, where net.ipv4.ping_group_range leaves us out. */
static int try_icmp_socket(void)
{
	int error = errno_of(socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP));

	return error == EACCES ? 0 : error;
}

static int try_unix_datagrams(void)
{
	int fds[2];

	return errno_of(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds));
}

static int try_unix_stream(void)
{
	int fds[2];

	return errno_of(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds));
}

/* A notified call without a listener is ENOSYS: here it says that the call is notified. */
static int try_connect(void)
{
	return errno_of(connect(-1, NULL, 0));
}

static int try_listen(void)
{
	return errno_of(listen(-1, 1));
}

static int try_send(void)
{
	return errno_of(sendto(-1, "x", 1, 0, NULL, 16));
}

static int try_send_to(void)
{
	static const struct sockaddr address;

	return errno_of(sendto(-1, "x", 1, 0, &address, sizeof(address)));
}

static int try_send_to_high(void)
{
	return errno_of(syscall(SYS_sendto, -1L, "x", 1L, 0L, 0x7fff00000000, 0L));
}

static int try_send_message(void)
{
	static const struct msghdr message;

	return errno_of(sendmsg(-1, &message, 0));
}

static int try_send_messages(void)
{
	static struct mmsghdr messages[1];

	return errno_of(sendmmsg(-1, messages, 1, 0));
}

static int try_interfaces(void)
{
	struct ifaddrs *addresses;

	return getifaddrs(&addresses) < 0 ? errno : 0;
}

static int try_interface_number(void)
{
	_cleanup_close_ int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char request[64] = "lo";

	return raw(SYS_ioctl, fd, 0x8933, (long)request, 0);
}

const struct attempt socket_attempts[] = {
	{"interface", try_interface_number, 0, EPERM},
	{"fast open", try_fast_open, EOPNOTSUPP, EOPNOTSUPP},
	{"MPTCP", try_mptcp, EPROTONOSUPPORT, EPROTONOSUPPORT},
	{"raw", try_raw_socket, EPROTONOSUPPORT, EPROTONOSUPPORT},
	{"packet", try_packet_socket, EAFNOSUPPORT, EAFNOSUPPORT}, {"UDP", try_udp_socket, 0, 0},
	{"ICMP", try_icmp_socket, EPROTONOSUPPORT, 0}, {"UNIX datagrams", try_unix_datagrams, 0, 0},
	{"UNIX stream", try_unix_stream, 0, 0}, {"connect", try_connect, EBADF, ENOSYS},
	{"sendto", try_send_to, EBADF, ENOSYS},
	{"sendto, zero low half", try_send_to_high, EBADF, ENOSYS},
	{"sendto without address", try_send, EBADF, EBADF},
	{"sendmsg", try_send_message, EBADF, ENOSYS},
	{"sendmmsg", try_send_messages, EBADF, ENOSYS}, {"listen", try_listen, EBADF, ENOSYS},
	{"interfaces", try_interfaces, 0, ENOSYS}, /* asks by sendto */
};
const size_t n_socket_attempts = ARRAY_SIZE(socket_attempts);
