/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Calls with numbers and addresses that make no sense: each has a result of its own, which must be
 * the same with and without a supervisor that copies what the kernel would have copied.
 *
 *	odd PLACE...		one line a call: which place, what is odd, the result
 *
 * Places that may be reached; a path is taken for a datagram socket.
 */

#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attack.h"

static const char *where;
static char letter[] = "out of the cage";
static char *page, *nothing; /* two pages side by side, the second PROT_NONE */
static size_t page_size;

static void tell(const char *what, long long number, long r)
{
	printf("%s %s %lld: %s\n", where, what, number, r < 0 ? strerrorname_np(errno) : "fine");
}

static int fresh(const struct place *place)
{
	int fd = place_socket(place, SOCK_DGRAM);

	need(fd >= 0, "socket");
	return fd;
}

/* So that it ends where nothing may be read any more. */
static void *at_end(const void *bytes, size_t size)
{
	return memcpy(nothing - size, bytes, size);
}

static const long long lengths[] = {0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 23, 24, 27, 28, 29, 109, 110,
	111, 127, 128, 129, 4096, INT_MAX, 1LL << 31, (1LL << 32) - 1, -1};

static void odd_lengths(const struct place *place)
{
	memcpy(page, &place->address, sizeof(place->address));
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		/* A folder: EACCES of the kernel, which asks for write permission first. */
		if (place->address.ss_family == AF_UNIX && lengths[i] > 2 && lengths[i] < 109)
			continue;
		int fd = fresh(place);
		struct iovec iov = {letter, sizeof(letter)};
		struct msghdr message = {.msg_name = page,
			.msg_namelen = (socklen_t)lengths[i],
			.msg_iov = &iov,
			.msg_iovlen = 1};

		tell("sendto length", lengths[i],
			syscall(SYS_sendto, fd, letter, sizeof(letter), 0, page, lengths[i]));
		tell("sendmsg length", lengths[i], sendmsg(fd, &message, 0));
		tell("connect length", lengths[i], syscall(SYS_connect, fd, page, lengths[i]));
		close(fd);
	}
}

/* Whatever else, each of them is an address where something lies, does not, or ends. */
static const struct {
	const char *name;
	uintptr_t address; /* 0: see odd_addresses() */
} addresses[] = {
	{"null", 0},
	{"crossing", 1},
	{"unreadable", 2},
	{"first page", 64},
	{"kernel", 0xffffffff81000000},
	{"no address", 0x800000000000},
	{"last", UINTPTR_MAX - 7},
};

static void *odd_address(size_t i, size_t size)
{
	switch (addresses[i].address) {
	case 1:
		return nothing - size / 2;
	case 2:
		return nothing;
	default:
		return (void *)addresses[i].address;
	}
}

static void odd_addresses(const struct place *place)
{
	struct iovec good_iov = {letter, sizeof(letter)};

	for (size_t i = 0; i < ARRAY_SIZE(addresses); i++) {
		int fd = fresh(place);
		void *name = odd_address(i, place->length);
		struct iovec bad_iov = {odd_address(i, 8), 8};
		struct msghdr message = {.msg_name = (void *)&place->address,
			.msg_namelen = place->length,
			.msg_iov = &good_iov,
			.msg_iovlen = 1};
		char text[64];

		snprintf(text, sizeof(text), "%s:", addresses[i].name);
		printf("%s ", text);
		tell("sendto name", 0, sendto(fd, letter, 1, 0, name, place->length));
		printf("%s ", text);
		tell("sendto bytes", 0,
			syscall(SYS_sendto, fd, odd_address(i, 8), 8, 0, &place->address,
				place->length));
		printf("%s ", text);
		tell("sendmsg header", 0,
			syscall(SYS_sendmsg, fd, odd_address(i, sizeof(message)), 0));
		message.msg_iov = odd_address(i, sizeof(good_iov));
		printf("%s ", text);
		tell("sendmsg vector", 0, sendmsg(fd, &message, 0));
		message.msg_iov = &bad_iov;
		printf("%s ", text);
		tell("sendmsg bytes", 0, sendmsg(fd, &message, 0));
		message.msg_iov = &good_iov;
		message.msg_name = name;
		printf("%s ", text);
		tell("sendmsg name", 0, sendmsg(fd, &message, 0));
		message.msg_name = (void *)&place->address;
		message.msg_control = odd_address(i, 32);
		message.msg_controllen = 32;
		printf("%s ", text);
		tell("sendmsg control", 0, sendmsg(fd, &message, 0));
		printf("%s ", text);
		tell("sendmmsg", 0,
			syscall(SYS_sendmmsg, fd, odd_address(i, sizeof(struct mmsghdr)), 1, 0));
		printf("%s ", text);
		tell("connect name", 0, syscall(SYS_connect, fd, name, place->length));
		close(fd);
	}
}

static const unsigned long long counts[] = {0, 1, 2, 1023, 1024, 1025, 1ULL << 31, 1ULL << 32,
	(1ULL << 32) + 1, 1ULL << 60, UINT64_MAX};

/* How many there is room for at the other end says nothing. */
static long send_messages(int fd, struct mmsghdr *messages, unsigned n)
{
	long r = syscall(SYS_sendmmsg, fd, messages, n, MSG_DONTWAIT);

	return r < 0 && errno == EAGAIN ? 1 : r;
}

static void odd_counts(const struct place *place)
{
	static struct iovec many[2048];
	static struct mmsghdr messages[2048];

	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		int fd = fresh(place);
		struct msghdr message = {.msg_name = (void *)&place->address,
			.msg_namelen = place->length,
			.msg_iov = many,
			.msg_iovlen = counts[i]};

		many[0] = (struct iovec){letter, sizeof(letter)};
		tell("vectors", (long long)counts[i], sendmsg(fd, &message, 0));
		message.msg_iovlen = 1;
		message.msg_control = page;
		message.msg_controllen = counts[i];
		memset(page, 0, page_size);
		tell("control", (long long)counts[i], sendmsg(fd, &message, 0));
		message.msg_controllen = 0;
		many[0].iov_len = counts[i];
		tell("bytes", (long long)counts[i], sendmsg(fd, &message, 0));
		tell("plain bytes", (long long)counts[i],
			syscall(SYS_sendto, fd, letter, counts[i], 0, &place->address,
				place->length));
		many[0].iov_len = 1;
		for (size_t m = 0; m < ARRAY_SIZE(messages); m++)
			messages[m].msg_hdr = message;
		tell("messages", (long long)counts[i],
			send_messages(fd, messages, (unsigned)counts[i]));
		close(fd);
	}
}

static void odd_vectors(const struct place *place)
{
	struct iovec two[2] = {{letter, SSIZE_MAX}, {letter, SSIZE_MAX}}, none[3] = {{NULL, 0}};
	struct msghdr message = {.msg_name = (void *)&place->address,
		.msg_namelen = place->length,
		.msg_iov = two,
		.msg_iovlen = 2};
	int fd = fresh(place);

	tell("sum beyond all", 2, sendmsg(fd, &message, 0));
	two[0].iov_len = 1;
	tell("sum beyond all", 1, sendmsg(fd, &message, 0));
	two[1] = (struct iovec){nothing, 1};
	tell("second unreadable", 0, sendmsg(fd, &message, 0));
	two[1] = (struct iovec){nothing, 0};
	tell("second unreadable and empty", 0, sendmsg(fd, &message, 0));
	message.msg_iov = none;
	message.msg_iovlen = 3;
	tell("three of nothing", 0, sendmsg(fd, &message, 0));
	message.msg_iov = NULL;
	message.msg_iovlen = 0;
	tell("no vector", 0, sendmsg(fd, &message, 0));
	message.msg_name = at_end(&place->address, place->length);
	tell("name at the end", 0, sendmsg(fd, &message, 0));
	message.msg_iovlen = 1;
	message.msg_iov = at_end(&(struct iovec){letter, 1}, sizeof(struct iovec));
	message.msg_name = NULL;
	tell("no name", 0, sendmsg(fd, &message, 0));
	message.msg_namelen = 5;
	tell("no name, a length", 0, sendmsg(fd, &message, 0));
	close(fd);
}

/* The call is supervised whatever it is called on. */
static void odd_descriptors(const struct place *place)
{
	int pipes[2], fds[5];

	need(pipe(pipes) == 0, "pipe");
	fds[0] = -1;
	fds[1] = 4000;
	fds[2] = pipes[1];
	fds[3] = open("/dev/null", O_RDWR);
	fds[4] = open("/dev/null", O_PATH);
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
		struct msghdr message = {0};

		tell("connect on", (long long)i,
			connect(fds[i], (const struct sockaddr *)&place->address, place->length));
		tell("connect nowhere on", (long long)i, syscall(SYS_connect, fds[i], NULL, 16));
		tell("sendto on", (long long)i,
			sendto(fds[i], letter, 1, 0, (const struct sockaddr *)&place->address,
				place->length));
		tell("sendmsg on", (long long)i, sendmsg(fds[i], &message, 0));
		tell("listen on", (long long)i, listen(fds[i], 1));
	}
}

/* Families that are not the socket's; AF_UNSPEC has a meaning of its own in each place. */
static void odd_families(const struct place *place)
{
	static const int families[] = {AF_UNSPEC, AF_UNIX, AF_NETLINK, 255, 65535};

	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		struct place other = *place;
		int fd = fresh(place);

		other.address.ss_family = (sa_family_t)families[i];
		tell("sendto family", families[i],
			sendto(fd, letter, 1, 0, (struct sockaddr *)&other.address, other.length));
		tell("connect family", families[i],
			connect(fd, (struct sockaddr *)&other.address, other.length));
		tell("then sends", families[i], send(fd, letter, 1, 0));
		close(fd);
	}
}

int main(int argc, char **argv)
{
	page_size = (size_t)sysconf(_SC_PAGESIZE);
	page = mmap(
		NULL, 2 * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	need(page != MAP_FAILED, "mmap");
	nothing = page + page_size;
	need(mprotect(nothing, page_size, PROT_NONE) == 0, "mprotect");
	for (int i = 1; i < argc; i++) {
		struct place place = place_parse(argv[i]);

		where = argv[i];
		odd_lengths(&place);
		odd_addresses(&place);
		odd_counts(&place);
		odd_vectors(&place);
		odd_descriptors(&place);
		odd_families(&place);
	}
	return 0;
}
