/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Messages: several at once, of all sizes, in many pieces, to nobody, and too many to take. */

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "calls.h"

#define VECTORS_MAX 1024
#define MANY        1100
#define UNTOUCHED   12345

/* several PREFIX ALLOWED DENIED: datagrams to UDP places in one sendmmsg(2) */

static void send_several(const char *prefix, const char *name, const struct place *const *to, int n)
{
	struct mmsghdr messages[3] = {0};
	int fd = place_socket(to[0], SOCK_DGRAM), r;
	char label[100], word[32];
	struct iovec iov[3];
	char parcels[3][100];

	snprintf(label, sizeof(label), "%s:%s", prefix, name);
	for (int i = 0; i < n; i++) {
		parcel_fill(parcels[i], sizeof(parcels[i]) - (size_t)i, label);
		iov[i] = (struct iovec){parcels[i], sizeof(parcels[i]) - (size_t)i};
		messages[i].msg_hdr.msg_iov = &iov[i];
		messages[i].msg_hdr.msg_iovlen = 1;
		messages[i].msg_hdr.msg_name = (void *)&to[i]->address;
		messages[i].msg_hdr.msg_namelen = to[i]->length;
		messages[i].msg_len = UNTOUCHED;
	}
	r = sendmmsg(fd, messages, (unsigned)n, 0);
	printf("%s: %s, lengths", name, ended(r, word));
	for (int i = 0; i < n; i++)
		printf(" %u", messages[i].msg_len);
	putchar('\n');
	close(fd);
}

/* The kernel takes 1,024 at most, whatever it is asked for. */
static void send_many(const struct place *to)
{
	static struct mmsghdr messages[MANY];
	struct iovec iov = {(void *)"-", 1};
	int fd = place_socket(to, SOCK_DGRAM);
	char word[32];

	for (size_t i = 0; i < MANY; i++) {
		messages[i].msg_hdr.msg_iov = &iov;
		messages[i].msg_hdr.msg_iovlen = 1;
		messages[i].msg_hdr.msg_name = (void *)&to->address;
		messages[i].msg_hdr.msg_namelen = to->length;
	}
	printf("many: %s", ended(sendmmsg(fd, messages, MANY, 0), word));
	printf(", last %u, beyond %u\n", messages[1023].msg_len, messages[1024].msg_len);
	printf("none: %s\n", ended(sendmmsg(fd, messages, 0, 0), word));
	close(fd);
}

int calls_several(char **args)
{
	const struct place good = place_parse(args[1]), bad = place_parse(args[2]);

	send_several(args[0], "all", (const struct place *[]){&good, &good, &good}, 3);
	send_several(args[0], "second", (const struct place *[]){&good, &bad, &good}, 3);
	send_several(args[0], "last", (const struct place *[]){&good, &good, &bad}, 3);
	send_several(args[0], "first", (const struct place *[]){&bad, &good}, 2);
	send_many(&good);
	return 0;
}

/* sizes PREFIX UDP4 UDP6 DGRAM MAPPED */

static void send_sized(const char *prefix, const char *name, const struct place *to, size_t size)
{
	int fd = place_socket(to, SOCK_DGRAM);
	char label[100], word[32], *bytes = malloc(size + 1);
	struct iovec iov = {bytes, size};
	struct msghdr header = {(void *)&to->address, to->length, &iov, 1, NULL, 0, 0};

	need(bytes && fd >= 0, "socket");
	snprintf(label, sizeof(label), "%s:%s:%zu", prefix, name, size);
	parcel_fill(bytes, size, label);
	printf("%s of %zu: sendto %s", name, size,
		ended(sendto(fd, bytes, size, 0, header.msg_name, to->length), word));
	printf(", sendmsg %s\n", ended(sendmsg(fd, &header, 0), word));
	free(bytes);
	close(fd);
}

int calls_sizes(char **args)
{
	static const struct {
		const char *name;
		int arg;
		size_t sizes[7];
		int n_sizes;
	} rows[] = {
		{"IPv4", 1, {0, 1, 1472, 1473, 65507, 65508, 100000}, 7},
		{"IPv6", 2, {0, 1452, 1453, 65527, 65528, 100000}, 6},
		{"UNIX", 3, {1, 65536, 200000, 212960, 212961, 300000}, 6},
		{"mapped", 4, {1, 65507, 65508}, 3},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (int j = 0; j < rows[i].n_sizes; j++) {
			const struct place to = place_parse(args[rows[i].arg]);
			send_sized(args[0], rows[i].name, &to, rows[i].sizes[j]);
		}
	return 0;
}

/* vectors PREFIX UDP: messages in pieces, and headers that are wrong */

static void send_vector(int fd, const char *name, struct msghdr *header)
{
	char word[32];

	printf("%s: %s\n", name, ended(sendmsg(fd, header, 0), word));
}

static void send_wrong(int fd, const struct place *to)
{
	long page = sysconf(_SC_PAGESIZE);
	char *pages = mmap(
		NULL, (size_t)page * 2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct iovec iov = {(void *)"-", 1};
	struct msghdr header = {(void *)&to->address, to->length, &iov, 1, NULL, 0, 0};
	char word[32];

	need(pages != MAP_FAILED && mprotect(pages + page, (size_t)page, PROT_NONE) == 0, "pages");
	iov = (struct iovec){pages + page - 1, 2};
	send_vector(fd, "bytes that are not there", &header);
	iov = (struct iovec){pages + page, 0};
	send_vector(fd, "no bytes, wherever", &header);
	iov = (struct iovec){pages, (size_t)-1};
	send_vector(fd, "more bytes than there can be", &header);
	iov = (struct iovec){pages, 1};
	header.msg_name = pages + page - 4;
	send_vector(fd, "an address that is not there", &header);
	header.msg_name = (void *)&to->address;
	header.msg_namelen = 3;
	send_vector(fd, "half an address", &header);
	header.msg_namelen = (socklen_t)-1;
	send_vector(fd, "an address of length -1", &header);
	header.msg_name = NULL;
	header.msg_namelen = to->length;
	send_vector(fd, "no address but a length", &header);
	header.msg_iov = (void *)(pages + page);
	send_vector(fd, "a vector that is not there", &header);
	printf("no header at all: %s\n", ended(sendmsg(fd, (void *)(pages + page - 8), 0), word));
	printf("no socket: %s\n", ended(sendmsg(0, &header, 0), word));
	printf("no descriptor: %s\n", ended(sendmsg(999, &header, 0), word));
	munmap(pages, (size_t)page * 2);
}

int calls_vectors(char **args)
{
	static struct iovec iov[VECTORS_MAX + 1];
	static char pieces[VECTORS_MAX + 1][60];
	const struct place to = place_parse(args[1]);
	struct msghdr header = {(void *)&to.address, to.length, iov, VECTORS_MAX, NULL, 0, 0};
	int fd = place_socket(&to, SOCK_DGRAM);
	char label[100];

	snprintf(label, sizeof(label), "%s:vectors", args[0]);
	for (size_t i = 0; i < ARRAY_SIZE(iov); i++) {
		parcel_fill(pieces[i], sizeof(pieces[i]), i == 0 ? label : "");
		iov[i] = (struct iovec){pieces[i], sizeof(pieces[i])};
	}
	send_vector(fd, "1,024 pieces", &header);
	header.msg_iovlen = VECTORS_MAX + 1;
	send_vector(fd, "1,025 pieces", &header);
	header.msg_iovlen = 0;
	send_vector(fd, "no pieces", &header);
	send_wrong(fd, &to);
	close(fd);
	return 0;
}

/* pipe PLACE: what is sent after the end, to a pair and to a TCP place */

static void send_after_end(const char *name, int fd, int flags)
{
	struct iovec iov = {(void *)"x", 1};
	struct mmsghdr message = {.msg_hdr = {.msg_iov = &iov, .msg_iovlen = 1}};
	char word[32];
	int before = signals_counted();

	printf("%s: sendmsg %s", name, ended(sendmsg(fd, &message.msg_hdr, flags), word));
	printf(", sendmmsg %s", ended(sendmmsg(fd, &message, 1, flags), word));
	printf(", send %s", ended(send(fd, "x", 1, flags), word));
	printf(", signals %d\n", signals_counted() - before);
}

int calls_pipe(char **args)
{
	static const int types[] = {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM};
	const struct place to = place_parse(args[0]);
	char name[64];
	int fd;

	count_signal(SIGPIPE, 0);
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		int pair[2];

		need(socketpair(AF_UNIX, types[i], 0, pair) == 0, "socketpair");
		close(pair[1]);
		snprintf(name, sizeof(name), "pair of type %d", types[i]);
		send_after_end(name, pair[0], 0);
		send_after_end("and without signals", pair[0], MSG_NOSIGNAL);
		close(pair[0]);
	}
	fd = place_socket(&to, SOCK_STREAM);
	need(connect(fd, (const struct sockaddr *)&to.address, to.length) == 0, "connect");
	shutdown(fd, SHUT_WR);
	send_after_end("TCP", fd, 0);
	send_after_end("and without signals", fd, MSG_NOSIGNAL);
	close(fd);
	return 0;
}

/* again TCP UDP: a second association, and none any more */

static void associate(int fd, const char *name, const struct place *to)
{
	static const struct sockaddr none = {.sa_family = AF_UNSPEC};
	char word[32];
	int r = to ? connect(fd, (const struct sockaddr *)&to->address, to->length)
		   : connect(fd, &none, sizeof(none));

	printf("%s: %s", name, ended(r, word));
	printf(", then send %s\n", ended(send(fd, "x", 1, MSG_NOSIGNAL), word));
}

int calls_again(char **args)
{
	const struct place tcp = place_parse(args[0]), udp = place_parse(args[1]);
	int stream = place_socket(&tcp, SOCK_STREAM), datagram = place_socket(&udp, SOCK_DGRAM);

	associate(stream, "TCP", &tcp);
	associate(stream, "TCP again", &tcp);
	associate(stream, "TCP to nobody", NULL);
	associate(stream, "TCP anew", &tcp);
	associate(datagram, "UDP", &udp);
	associate(datagram, "UDP again", &udp);
	associate(datagram, "UDP to nobody", NULL);
	associate(datagram, "UDP anew", &udp);
	close(stream);
	close(datagram);
	return 0;
}
