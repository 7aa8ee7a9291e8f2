/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Servers for the network tests: sends back what comes, and writes it down before it does. Stays
 * until killed.
 *
 *	echo LOG KIND:PLACE...		KIND: stream, dgram, deaf-stream, deaf-dgram, full
 *
 * Lines of the log: "accept PLACE" for each connection, "got PLACE LABEL BYTES SUM UID" for each
 * datagram and for each connection at its end. LABEL is the text up to the first newline, BYTES and
 * SUM are of what follows it, UID is the sender's as the kernel says, - where it does not say. The
 * deaf ones never read; a full one has room for a single connection and never accepts it.
 *"settled": see settle.h.
 */

#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../attacks/attack.h"
#include "../attacks/settle.h"

#define SLOTS_MAX   4096
#define PARCEL_SIZE (256 * 1024)
#define LABEL_SIZE  100

struct kind {
	const char *name;
	int type;
	bool deaf;
	int backlog;
};

static const struct kind kinds[] = {
	{"stream", SOCK_STREAM, false, 4096},
	{"dgram", SOCK_DGRAM, false, 0},
	{"deaf-stream", SOCK_STREAM, true, 4096},
	{"deaf-dgram", SOCK_DGRAM, true, 0},
	{"full", SOCK_STREAM, true, 0},
};

/* A post listens or receives; a connection belongs to its post. */
struct slot {
	const struct kind *kind;
	const char *place;
	bool connection;
	bool labelled;
	char label[LABEL_SIZE];
	size_t bytes;
	unsigned sum;
	long uid; /* -1: unknown */
};

static struct pollfd polls[SLOTS_MAX];
static struct slot slots[SLOTS_MAX];
static nfds_t n_slots;
static int log_fd;
static char parcel[PARCEL_SIZE];

static void write_log(const char *line, int length)
{
	need(length > 0 && write(log_fd, line, (size_t)length) == length, "log");
}

static void log_accept(const struct slot *slot)
{
	char line[256];

	write_log(line, snprintf(line, sizeof(line), "accept %s\n", slot->place));
}

static void log_got(const struct slot *slot)
{
	char line[512], uid[24] = "-";

	if (slot->uid >= 0)
		snprintf(uid, sizeof(uid), "%ld", slot->uid);
	write_log(line, snprintf(line, sizeof(line), "got %s %s %zu %u %s\n", slot->place,
				slot->label[0] ? slot->label : "-", slot->bytes, slot->sum, uid));
}

static void add_slot(int fd, const struct slot *slot)
{
	if (n_slots == SLOTS_MAX) {
		close(fd);
		return;
	}
	polls[n_slots] = (struct pollfd){.fd = fd, .events = POLLIN};
	slots[n_slots++] = *slot;
}

static void drop_slot(nfds_t i)
{
	close(polls[i].fd);
	polls[i] = polls[--n_slots];
	slots[i] = slots[n_slots];
}

static void label_take(struct slot *slot, const char **bytes, size_t *n)
{
	const char *end = memchr(*bytes, '\n', *n);
	size_t length = end ? (size_t)(end - *bytes) : 0;

	slot->labelled = true;
	if (!end || length >= sizeof(slot->label))
		return;
	memcpy(slot->label, *bytes, length);
	slot->label[length] = '\0';
	*n -= length + 1;
	*bytes = end + 1;
}

static void take(struct slot *slot, const char *bytes, size_t n)
{
	if (!slot->labelled)
		label_take(slot, &bytes, &n);
	for (size_t i = 0; i < n; i++)
		slot->sum = slot->sum * 31 + (unsigned char)bytes[i];
	slot->bytes += n;
}

/* Connections */

static void accept_all(const struct slot *post, int listener)
{
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		struct slot slot = {.kind = post->kind, .place = post->place, .uid = -1};
		struct ucred peer;
		socklen_t size = sizeof(peer);

		slot.connection = true;
		if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid > 0)
			slot.uid = (long)peer.uid;
		log_accept(&slot);
		add_slot(fd, &slot);
	}
}

/* What cannot be sent back at once is not: clients read as they write. */
static bool serve(struct slot *slot, int fd)
{
	ssize_t n = recv(fd, parcel, sizeof(parcel), 0);

	if (n > 0) {
		take(slot, parcel, (size_t)n);
		return send(fd, parcel, (size_t)n, MSG_NOSIGNAL) >= 0 || errno == EAGAIN;
	}
	if (n < 0 && errno == EAGAIN)
		return true;
	if (slot->labelled)
		log_got(slot);
	return false;
}

/* Datagrams */

static long sender_uid(struct msghdr *header)
{
	struct cmsghdr *control = CMSG_FIRSTHDR(header);
	struct ucred sender;

	if (!control || control->cmsg_type != SCM_CREDENTIALS)
		return -1;
	memcpy(&sender, CMSG_DATA(control), sizeof(sender));
	return (long)sender.uid;
}

static void receive_all(const struct slot *post, int fd)
{
	for (;;) {
		char control[CMSG_SPACE(sizeof(struct ucred))];
		struct slot message = {.kind = post->kind, .place = post->place};
		struct sockaddr_storage from;
		struct iovec iov = {parcel, sizeof(parcel)};
		struct msghdr header = {&from, sizeof(from), &iov, 1, control, sizeof(control), 0};
		ssize_t n = recvmsg(fd, &header, 0);

		if (n < 0)
			return;
		message.uid = sender_uid(&header);
		take(&message, parcel, (size_t)n);
		log_got(&message);
		if (header.msg_namelen > sizeof(sa_family_t))
			sendto(fd, parcel, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL,
				(struct sockaddr *)&from, header.msg_namelen);
	}
}

/* Posts */

static const struct kind *kind_find(const char *word, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strlen(kinds[i].name) == length && strncmp(kinds[i].name, word, length) == 0)
			return &kinds[i];
	return NULL;
}

static int post_open(const struct kind *kind, const char *text)
{
	const struct place place = place_parse(text);
	const int on = 1, large = 4 * 1024 * 1024;
	int fd = place_socket(&place, kind->type | SOCK_NONBLOCK);

	need(fd >= 0, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (place.address.ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (place.address.ss_family == AF_UNIX && kind->type == SOCK_DGRAM)
		setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
	if (!kind->deaf)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &large, sizeof(large));
	need(bind(fd, (const struct sockaddr *)&place.address, place.length) == 0, text);
	if (text[0] == '/')
		need(chmod(text, 0666) == 0, text);
	if (kind->type == SOCK_STREAM)
		need(listen(fd, kind->backlog) == 0, text);
	return fd;
}

static void post_add(const char *word)
{
	const char *colon = strchr(word, ':');
	struct slot slot = {.uid = -1};

	slot.kind = colon ? kind_find(word, (size_t)(colon - word)) : NULL;
	if (!slot.kind)
		exit(untried("%s: not KIND:PLACE", word));
	slot.place = colon + 1;
	add_slot(post_open(slot.kind, slot.place), &slot);
	/* Not even looked at: a pending connection would be news for ever. */
	if (slot.kind->backlog == 0 && slot.kind->deaf)
		polls[n_slots - 1].fd = -1;
}

static void see(nfds_t i)
{
	if (slots[i].kind->type == SOCK_DGRAM)
		receive_all(&slots[i], polls[i].fd);
	else if (!slots[i].connection)
		accept_all(&slots[i], polls[i].fd);
	else if (!slots[i].kind->deaf && !serve(&slots[i], polls[i].fd))
		drop_slot(i);
	else if (slots[i].kind->deaf && polls[i].revents & (POLLHUP | POLLERR))
		drop_slot(i);
	else if (slots[i].kind->deaf)
		polls[i].events = 0;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return untried("usage: echo LOG KIND:PLACE...");
	log_fd = open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	need(log_fd >= 0, argv[1]);
	for (int i = 2; i < argc; i++)
		post_add(argv[i]);
	settle_prepare();
	write_log("ready\n", 6);
	while (settle_poll(polls, n_slots, log_fd) > 0)
		for (nfds_t i = n_slots; i-- > 0;)
			if (polls[i].revents)
				see(i);
	return UNTRIED;
}
