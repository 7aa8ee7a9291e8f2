/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The eye outside: listens on the endpoints named and writes one line to its log for every
 * connection and every datagram that arrives, "LABEL accepted" or "LABEL received N bytes".
 * Stays until killed. "settled": see settle.h.
 *
 *	witness LOG LABEL=KIND:PLACE...		KIND: stream, seqpacket, dgram, packet
 *
 * `packet` looks at the wire: "LABEL seen" for every IP packet that is addressed to the place.
 */

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attack.h"
#include "settle.h"

#define POSTS_MAX 32

struct post {
	const char *label;
	int type;
	struct place place;
};

static int log_fd;

static void say(const char *label, const char *what, ssize_t n)
{
	char line[256];
	int length = n >= 0 ? snprintf(line, sizeof(line), "%s %s %zd bytes\n", label, what, n)
			    : snprintf(line, sizeof(line), "%s %s\n", label, what);

	need(write(log_fd, line, (size_t)length) == length, "log");
}

static int wire_open(void)
{
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(ETH_P_ALL));

	need(fd >= 0, "packet socket");
	return fd;
}

static int post_open(const struct place *place, int type)
{
	const int on = 1, queue = 64;
	int fd;

	if (type == SOCK_PACKET)
		return wire_open();
	fd = place_socket(place, type | SOCK_NONBLOCK);
	need(fd >= 0, "socket");
	if (place->address.ss_family != AF_UNIX) {
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		if (type == SOCK_STREAM)
			setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN, &queue, sizeof(queue));
	}
	need(bind(fd, (const struct sockaddr *)&place->address, place->length) == 0, "bind");
	if (type != SOCK_DGRAM)
		need(listen(fd, 4096) == 0, "listen");
	return fd;
}

static int kind_parse(const char *word)
{
	return strcmp(word, "packet") == 0 ? SOCK_PACKET : type_parse(word);
}

static int post_parse(char *word, struct post *ret)
{
	char *equals = strchr(word, '='), *colon = equals ? strchr(equals, ':') : NULL;

	if (!colon) {
		fprintf(stderr, "witness: %s: not LABEL=KIND:PLACE\n", word);
		return -1;
	}
	*equals = *colon = '\0';
	ret->label = word;
	ret->type = kind_parse(equals + 1);
	ret->place = place_parse(colon + 1);
	return post_open(&ret->place, ret->type);
}

/* Whether the packet's destination is the place; addresses lie at fixed offsets in both headers. */
static bool is_to(const char *packet, ssize_t n, const struct place *place)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)&place->address;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&place->address;

	if (place->address.ss_family == AF_INET)
		return n >= 20 && packet[0] >> 4 == 4 && memcmp(packet + 16, &in->sin_addr, 4) == 0;
	return n >= 40 && packet[0] >> 4 == 6 && memcmp(packet + 24, &in6->sin6_addr, 16) == 0;
}

static void see_packets(int fd, const struct post *post)
{
	char packet[512];
	ssize_t n;

	while ((n = recv(fd, packet, sizeof(packet), 0)) >= 0)
		if (is_to(packet, n, &post->place))
			say(post->label, "seen", -1);
}

static void see(int fd, const struct post *post)
{
	char bytes[512];
	ssize_t n;

	if (post->type == SOCK_PACKET)
		return see_packets(fd, post);
	if (post->type == SOCK_DGRAM) {
		while ((n = recv(fd, bytes, sizeof(bytes), 0)) >= 0)
			say(post->label, "received", n);
		return;
	}
	for (;;) {
		int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (peer < 0)
			return;
		say(post->label, "accepted", -1);
		n = recv(peer, bytes, sizeof(bytes), 0);
		if (n > 0)
			say(post->label, "received", n);
		close(peer);
	}
}

int main(int argc, char **argv)
{
	struct pollfd polls[POSTS_MAX];
	struct post posts[POSTS_MAX];
	int n = argc - 2;

	if (n < 1 || n > POSTS_MAX) {
		fprintf(stderr, "usage: witness LOG LABEL=KIND:PLACE...\n");
		return UNTRIED;
	}
	log_fd = open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	need(log_fd >= 0, argv[1]);
	for (int i = 0; i < n; i++) {
		polls[i].fd = post_parse(argv[2 + i], &posts[i]);
		polls[i].events = POLLIN;
		if (polls[i].fd < 0)
			return UNTRIED;
	}
	settle_prepare();
	say("witness", "ready", -1);
	while (settle_poll(polls, (nfds_t)n, log_fd) > 0)
		for (int i = 0; i < n; i++)
			if (polls[i].revents)
				see(polls[i].fd, &posts[i]);
	return UNTRIED;
}
