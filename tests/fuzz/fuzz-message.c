/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Any bytes as what a target has in its memory when it calls sendmsg(2): supervisor/message.c with
 * a target of ours. Each read takes the next bytes of the input, wherever it is from, as a hostile
 * target may rewrite its memory between any two.
 */

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>
#include <unistd.h>

#include "message.h"
#include "notify.h"
#include "require.h"
#include "supervisor.h"
#include "target.h"

#define PROCESS 4711
#define UID     1000
#define GID     1000

struct input {
	const uint8_t *next;
	size_t left;
};

static struct input input;
static size_t n_fetched;

/* The target */

int target_read(const struct job *job, uint64_t address, void *buffer, size_t size)
{
	if (size > input.left)
		return -EFAULT;
	memcpy(buffer, input.next, size);
	input.next += size;
	input.left -= size;
	return 0;
}

/* The ends of the buffer are written to: the rest is the address sanitizer's word. */
int target_read_vector(
	const struct job *job, const struct iovec *remote, size_t n, void *buffer, size_t size)
{
	size_t sum = 0;

	require(n > 0 && n <= MESSAGE_IOVS_MAX && size > 0 && size <= MESSAGE_CHUNK_MAX);
	for (size_t i = 0; i < n; i++) {
		require(remote[i].iov_len > 0 && remote[i].iov_len <= size - sum);
		sum += remote[i].iov_len;
	}
	require(sum == size);
	*(char *)buffer = 1;
	((char *)buffer)[size - 1] = 1;
	return 0;
}

/* The kernel gives the lowest free number: it is the same one again when nothing was left open. */
static void check_first(int fd)
{
	static int first = -1;

	if (first < 0)
		first = fd;
	require(fd == first);
}

int target_fetch_fd(const struct job *job, int number)
{
	int fd;

	if (number < 0)
		return -EBADF;
	fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	require(fd >= 0);
	if (n_fetched++ == 0)
		check_first(fd);
	return fd;
}

pid_t target_thread_group(const struct job *job)
{
	return PROCESS;
}

/* What must hold */

static void check_copied(const struct message *message)
{
	uint64_t total = 0;

	require(message->name_length <= sizeof(message->name));
	require(message->control_length <= sizeof(message->control));
	require(message->n_remote <= MESSAGE_IOVS_MAX);
	for (size_t i = 0; i < message->n_remote; i++)
		total += message->remote[i].iov_len;
	require(message->total == total && total <= INT64_MAX);
}

static void check_rights(const struct message *message, const struct cmsghdr *header, size_t *seen)
{
	size_t n = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);

	require(n <= message->n_fds - *seen);
	require(memcmp(CMSG_DATA(header), message->fds + *seen, n * sizeof(int)) == 0);
	*seen += n;
}

static void check_credentials(const struct cmsghdr *header)
{
	struct ucred claimed;

	require(header->cmsg_len == CMSG_LEN(sizeof(claimed)));
	memcpy(&claimed, CMSG_DATA(header), sizeof(claimed));
	require(claimed.pid == getpid() && claimed.uid == UID && claimed.gid == GID);
}

/* As the kernel walks it, for_each_cmsghdr(): nothing gets there that was not gone through. */
static void check_translated(const struct message *message)
{
	const size_t size = message->control_length;
	size_t seen = 0;

	for (size_t at = 0;
		size >= sizeof(struct cmsghdr) && at <= size - sizeof(struct cmsghdr);) {
		const struct cmsghdr *header = (const struct cmsghdr *)(message->control + at);

		require(header->cmsg_len >= sizeof(*header) && header->cmsg_len <= size - at);
		require(header->cmsg_level == SOL_SOCKET || header->cmsg_level == SOL_IP ||
			header->cmsg_level == SOL_IPV6 || header->cmsg_level == SOL_UDP);
		if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
			check_rights(message, header, &seen);
		if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_CREDENTIALS)
			check_credentials(header);
		/* IP_RETOPTS, IPV6_RTHDR and its old form */
		require(header->cmsg_level != SOL_IP || header->cmsg_type != 7);
		require(header->cmsg_level != SOL_IPV6 ||
			(header->cmsg_type != 57 && header->cmsg_type != 5));
		at += CMSG_ALIGN(header->cmsg_len);
	}
	require(seen == message->n_fds);
}

static void check_fill(const struct job *job, struct message *message, uint64_t done)
{
	uint64_t left = message->total - done;

	require(message_fill(job, message, done) == 0);
	require(message->n_bytes == (left < MESSAGE_CHUNK_MAX ? left : MESSAGE_CHUNK_MAX));
}

/* The end, and of some messages the beginning: a whole chunk costs more than all the rest. */
static void check_bytes(const struct job *job, struct message *message)
{
	check_fill(job, message, message->total);
	check_fill(job, message, message->total > 1000 ? message->total - 1000 : 0);
	if (message->total % 256 == 0)
		check_fill(job, message, 0);
}

static void check_message(const struct job *job, struct message *message, int r)
{
	if (r == 0) {
		check_copied(message);
		check_bytes(job, message);
		if (message_translate_control(job, message) == 0)
			check_translated(message);
	}
	message_done(message);
	n_fetched = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct supervisor supervisor = {.identity = {.uid = UID, .gid = GID}};
	static struct message message;
	const struct job job = {.supervisor = &supervisor, .flight = -1};
	uint64_t plain[4];

	message = (struct message){0};
	input = (struct input){data, size};
	check_message(&job, &message, message_copy(&job, 0, &message));

	message = (struct message){0};
	input = (struct input){data, size};
	if (target_read(&job, 0, plain, sizeof(plain)) < 0)
		return 0;
	check_message(&job, &message,
		message_copy_plain(&job, plain[0], plain[1], plain[2], (int)plain[3], &message));
	return 0;
}
