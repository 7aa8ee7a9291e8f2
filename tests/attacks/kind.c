/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Socket kinds that neither Landlock's port rules nor a supervisor of TCP see. A socket that comes
 * into being is the success; `mptcp-connect` shows what it is good for.
 *
 *	kind NAME		a row of the table, with `-junk`: garbage in the high halves
 *	kind mptcp-connect PLACE
 */

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attack.h"

#define PROTOCOL_MPTCP 262
#define FAMILY_SMC     43

static const struct kind {
	const char *name;
	int domain, type, protocol;
} kinds[] = {
	{"mptcp", AF_INET, SOCK_STREAM, PROTOCOL_MPTCP},
	{"mptcp6", AF_INET6, SOCK_STREAM, PROTOCOL_MPTCP},
	{"sctp", AF_INET, SOCK_STREAM, IPPROTO_SCTP},
	{"sctp-seqpacket", AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP},
	{"dccp", AF_INET, SOCK_DCCP, IPPROTO_DCCP},
	{"udplite", AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE},
	{"udp", AF_INET, SOCK_DGRAM, 0},
	{"udp6", AF_INET6, SOCK_DGRAM, 0},
	{"ping", AF_INET, SOCK_DGRAM, IPPROTO_ICMP},
	{"raw", AF_INET, SOCK_RAW, IPPROTO_ICMP},
	{"raw-tcp", AF_INET, SOCK_RAW, IPPROTO_TCP},
	{"raw6", AF_INET6, SOCK_RAW, IPPROTO_ICMPV6},
	{"packet", AF_PACKET, SOCK_RAW, 0},
	{"packet-dgram", AF_PACKET, SOCK_DGRAM, 0},
	{"packet-old", AF_INET, SOCK_PACKET, 0},
	{"vsock", AF_VSOCK, SOCK_STREAM, 0},
	{"vsock-dgram", AF_VSOCK, SOCK_DGRAM, 0},
	{"netlink-route", AF_NETLINK, SOCK_RAW, 0},
	{"netlink-diag", AF_NETLINK, SOCK_RAW, 4},
	{"netlink-audit", AF_NETLINK, SOCK_RAW, 9},
	{"netlink-netfilter", AF_NETLINK, SOCK_RAW, 12},
	{"netlink-uevent", AF_NETLINK, SOCK_RAW, 15},
	{"netlink-generic", AF_NETLINK, SOCK_RAW, 16},
	{"alg", AF_ALG, SOCK_SEQPACKET, 0},
	{"tipc", AF_TIPC, SOCK_STREAM, 0},
	{"bluetooth", AF_BLUETOOTH, SOCK_RAW, 1},
	{"can", AF_CAN, SOCK_RAW, 1},
	{"key", AF_KEY, SOCK_RAW, 2},
	{"xdp", 44, SOCK_RAW, 0},
	{"smc", FAMILY_SMC, SOCK_STREAM, 0},
	{"rds", AF_RDS, SOCK_SEQPACKET, 0},
	{"unix-dgram", AF_UNIX, SOCK_DGRAM, 0},
	{"unix-raw", AF_UNIX, SOCK_RAW, 0}, /* a datagram socket by another name */
	{"tcp", AF_INET, SOCK_STREAM, 0},
	{"tcp6", AF_INET6, SOCK_STREAM, IPPROTO_TCP},
	{"unix-stream", AF_UNIX, SOCK_STREAM, 0},
};

static const struct kind *kind_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

/* The kernel without that protocol answers as a filter would: only a control run tells. */
static int kind_open(const struct kind *kind, unsigned long long junk)
{
	long fd = syscall(SYS_socket, (unsigned)kind->domain | junk, (unsigned)kind->type | junk,
		(unsigned)kind->protocol | junk);

	if (fd < 0)
		return stopped_by(kind->name);
	return succeeded("%s socket", kind->name);
}

static int mptcp_connect(const char *where)
{
	struct place place = place_parse(where);
	int fd = socket(place.address.ss_family, SOCK_STREAM, PROTOCOL_MPTCP);

	if (fd < 0)
		return stopped_by("socket");
	if (connect(fd, (struct sockaddr *)&place.address, place.length) < 0)
		return stopped_by("connect");
	return succeeded("MPTCP connected");
}

int main(int argc, char **argv)
{
	char name[64];
	const struct kind *kind;
	char *junk;

	if (argc == 3 && strcmp(argv[1], "mptcp-connect") == 0)
		return mptcp_connect(argv[2]);
	if (argc != 2 || strlen(argv[1]) >= sizeof(name))
		return untried("usage: kind NAME[-junk] | kind mptcp-connect PLACE");
	strcpy(name, argv[1]);
	junk = strstr(name, "-junk");
	if (junk)
		*junk = '\0';
	kind = kind_find(name);
	if (!kind)
		return untried("%s: no such kind", name);
	return kind_open(kind, junk ? JUNK : 0);
}
