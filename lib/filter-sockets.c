/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The kinds of sockets of the base filter. Pure data. */

#include <netinet/in.h>
#include <sys/socket.h>

#include "cleanup.h"
#include "filter-rules.h"

static bool has_icmp(const struct filter_spec *spec)
{
	return spec->icmp;
}

/*
 * Not here, and so refused: MPTCP, SCTP and UDP-Lite (Landlock's TCP rules do not see them), raw
 * and packet sockets, VSOCK, ALG, other netlink; SOCK_RAW of AF_UNIX, which is its SOCK_DGRAM.
 */
const struct filter_socket filter_sockets[] = {
	{AF_UNIX, SOCK_STREAM, 0},
	{AF_UNIX, SOCK_DGRAM, 0},
	{AF_UNIX, SOCK_SEQPACKET, 0},
	{AF_INET, SOCK_STREAM, 0},
	{AF_INET, SOCK_STREAM, IPPROTO_TCP},
	{AF_INET, SOCK_DGRAM, 0},
	{AF_INET, SOCK_DGRAM, IPPROTO_UDP},
	{AF_INET, SOCK_DGRAM, IPPROTO_ICMP, has_icmp},
	{AF_INET6, SOCK_STREAM, 0},
	{AF_INET6, SOCK_STREAM, IPPROTO_TCP},
	{AF_INET6, SOCK_DGRAM, 0},
	{AF_INET6, SOCK_DGRAM, IPPROTO_UDP},
	{AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6, has_icmp},
	/* getifaddrs(3) and getaddrinfo(3) ask which addresses there are: NETLINK_ROUTE is 0. */
	{AF_NETLINK, SOCK_RAW, 0},
	{AF_NETLINK, SOCK_DGRAM, 0},
};
const size_t n_filter_sockets = ARRAY_SIZE(filter_sockets);
