/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A packet to an address of the attacker's choosing, with more of it in the group's and the
 * sources' addresses: who joins a multicast group makes the kernel report it. Needs no privilege.
 *
 *	group TRICK GROUP INDEX ADDRESS		the interface, by its number and by its address
 *
 * Success is that the option is taken; whether the report was sent is for the witness to say.
 */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "attack.h"

/* The first reports are sent a moment after the call. */
#define REPORT_NS 300000000L

struct group {
	struct place place;
	bool is_inet;
	int index;
	struct in_addr address;
};

static struct group group_parse(char **args)
{
	struct group group = {.place = place_parse(args[0]), .index = atoi(args[1])};

	group.is_inet = group.place.address.ss_family == AF_INET;
	need(inet_pton(AF_INET, args[2], &group.address) == 1, "the interface's address");
	return group;
}

static int set(const struct group *group, uint64_t junk, int option, const void *value, size_t size)
{
	const struct timespec moment = {.tv_nsec = REPORT_NS};
	const uint64_t level = group->is_inet ? IPPROTO_IP : IPPROTO_IPV6;
	int fd = place_socket(&group->place, SOCK_DGRAM);

	need(fd >= 0, "socket");
	if (syscall(SYS_setsockopt, fd, junk | level, junk | (uint64_t)option, value, size) < 0)
		return stopped_by("setsockopt");
	nanosleep(&moment, NULL);
	return succeeded("the group is joined");
}

static int join(char **args, uint64_t junk)
{
	struct group group = group_parse(args);
	struct ip_mreqn inet = {.imr_ifindex = group.index};
	struct ipv6_mreq inet6 = {.ipv6mr_interface = (unsigned)group.index};

	if (group.is_inet) {
		inet.imr_multiaddr = ((struct sockaddr_in *)&group.place.address)->sin_addr;
		return set(&group, junk, IP_ADD_MEMBERSHIP, &inet, sizeof(inet));
	}
	inet6.ipv6mr_multiaddr = ((struct sockaddr_in6 *)&group.place.address)->sin6_addr;
	return set(&group, junk, IPV6_JOIN_GROUP, &inet6, sizeof(inet6));
}

static int membership(char **args)
{
	return join(args, 0);
}

static int junk(char **args)
{
	return join(args, JUNK);
}

/* Of IPv4 alone. */
static int source(char **args)
{
	struct group group = group_parse(args);
	const struct ip_mreq_source request = {
		.imr_multiaddr = ((struct sockaddr_in *)&group.place.address)->sin_addr,
		.imr_interface = group.address,
		.imr_sourceaddr.s_addr = htonl(0x09090909),
	};

	return set(&group, 0, IP_ADD_SOURCE_MEMBERSHIP, &request, sizeof(request));
}

static int protocol_independent(char **args)
{
	struct group group = group_parse(args);
	const struct group_req request = {
		.gr_interface = (unsigned)group.index, .gr_group = group.place.address};

	return set(&group, 0, MCAST_JOIN_GROUP, &request, sizeof(request));
}

static int protocol_independent_source(char **args)
{
	struct group group = group_parse(args);
	const struct place sender = place_parse(group.is_inet ? "9.9.9.9:0" : "[2001:db8:99::7]:0");
	const struct group_source_req request = {
		.gsr_interface = (unsigned)group.index,
		.gsr_group = group.place.address,
		.gsr_source = sender.address,
	};

	return set(&group, 0, MCAST_JOIN_SOURCE_GROUP, &request, sizeof(request));
}

static const struct trick tricks[] = {
	{"membership", membership, 3},
	{"junk", junk, 3},
	{"source", source, 3},
	{"mcast", protocol_independent, 3},
	{"mcast-source", protocol_independent_source, 3},
};

int main(int argc, char **argv)
{
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}
