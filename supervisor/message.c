/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Copying messages out of a target. What a header may say: copy_msghdr_from_user(), net/socket.c.
 */

#include "message.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "notify.h"
#include "supervisor.h"
#include "target.h"

static int copy_name(const struct job *job, uint64_t address, int length, struct message *ret)
{
	if (address == 0 || length == 0)
		return 0;
	if (length < 0)
		return -EINVAL;
	if ((size_t)length > sizeof(ret->name))
		return -EINVAL;
	ret->name_length = (size_t)length;
	return target_read(job, address, &ret->name, ret->name_length);
}

static int sum_lengths(struct message *message)
{
	for (size_t i = 0; i < message->n_remote; i++) {
		size_t length = message->remote[i].iov_len;

		if (length > SSIZE_MAX)
			return -EINVAL;
		if (message->total > SSIZE_MAX - length)
			return -EFAULT; /* as much as that is nowhere */
		message->total += length;
	}
	return 0;
}

static int copy_vector(const struct job *job, const struct msghdr *header, struct message *ret)
{
	int r;

	if (header->msg_iovlen > MESSAGE_IOVS_MAX)
		return -EMSGSIZE;
	ret->n_remote = header->msg_iovlen;
	if (ret->n_remote == 0)
		return 0;
	r = target_read(job, (uintptr_t)header->msg_iov, ret->remote,
		ret->n_remote * sizeof(ret->remote[0]));
	return r < 0 ? r : sum_lengths(ret);
}

static int copy_control(const struct job *job, const struct msghdr *header, struct message *ret)
{
	if (header->msg_controllen == 0)
		return 0;
	if (header->msg_controllen > sizeof(ret->control))
		return -ENOBUFS;
	ret->control_length = header->msg_controllen;
	return target_read(job, (uintptr_t)header->msg_control, ret->control, ret->control_length);
}

struct message *message_new(void)
{
	struct message *message = malloc(sizeof(*message));

	if (!message)
		return NULL;
	message->name = (struct sockaddr_storage){0};
	message->name_length = message->n_remote = message->control_length = 0;
	message->n_fds = message->n_bytes = 0;
	message->total = 0;
	message->claims = false;
	message->bytes = NULL;
	return message;
}

/* Unlike sendto(2), sendmsg(2) cuts what is longer than any address. */
static int cut_length(int length)
{
	const int most = sizeof(struct sockaddr_storage);

	return length > most ? most : length;
}

int message_copy(const struct job *job, uint64_t address, struct message *ret)
{
	struct msghdr header;
	int r = target_read(job, address, &header, sizeof(header));

	if (r == 0)
		r = copy_name(
			job, (uintptr_t)header.msg_name, cut_length((int)header.msg_namelen), ret);
	if (r == 0)
		r = copy_vector(job, &header, ret);
	if (r == 0)
		r = copy_control(job, &header, ret);
	return r;
}

int message_copy_plain(const struct job *job, uint64_t bytes, uint64_t size, uint64_t name,
	int name_length, struct message *ret)
{
	ret->remote[0] = (struct iovec){(void *)(uintptr_t)bytes, size};
	ret->n_remote = 1;
	/* import_ubuf(): what does not fit a count is cut. */
	if (ret->remote[0].iov_len > INT_MAX)
		ret->remote[0].iov_len = INT_MAX & ~0xfff;
	ret->total = ret->remote[0].iov_len;
	return copy_name(job, name, name_length, ret);
}

/* The part of the remote vector from `done` on, at most `max` bytes. */
static size_t cut_vector(const struct message *message, uint64_t done, size_t max,
	struct iovec *ret, size_t *ret_bytes)
{
	size_t n = 0;

	*ret_bytes = 0;
	for (size_t i = 0; i < message->n_remote && *ret_bytes < max; i++) {
		struct iovec part = message->remote[i];

		if (done >= part.iov_len) {
			done -= part.iov_len;
			continue;
		}
		part.iov_base = (char *)part.iov_base + done;
		part.iov_len -= done;
		done = 0;
		if (part.iov_len > max - *ret_bytes)
			part.iov_len = max - *ret_bytes;
		*ret_bytes += part.iov_len;
		ret[n++] = part;
	}
	return n;
}

int message_fill(const struct job *job, struct message *message, uint64_t done)
{
	_cleanup_free_ struct iovec *parts = NULL;
	uint64_t left = message->total - done;
	size_t wanted = left < MESSAGE_CHUNK_MAX ? (size_t)left : MESSAGE_CHUNK_MAX;
	size_t n;

	message->n_bytes = 0;
	if (wanted == 0)
		return 0;
	parts = calloc(message->n_remote, sizeof(*parts));
	free(message->bytes);
	message->bytes = malloc(wanted);
	if (!parts || !message->bytes)
		return -ENOMEM;
	n = cut_vector(message, done, wanted, parts, &message->n_bytes);
	return target_read_vector(job, parts, n, message->bytes, message->n_bytes);
}

/* Control data */

static int fetch_rights(const struct job *job, struct cmsghdr *header, struct message *message)
{
	size_t n = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);

	for (size_t i = 0; i < n; i++) {
		int number, fd;

		if (message->n_fds == MESSAGE_FDS_MAX)
			return -EINVAL; /* scm_fp_copy() */
		memcpy(&number, CMSG_DATA(header) + i * sizeof(int), sizeof(number));
		fd = target_fetch_fd(job, number);
		if (fd < 0)
			return fd;
		message->fds[message->n_fds++] = fd;
		memcpy(CMSG_DATA(header) + i * sizeof(int), &fd, sizeof(fd));
	}
	return 0;
}

/*
 * scm_check_creds() lets an ordinary process name nothing but itself: the receiver sees the user's
 * ids, and the worker's pid where no herald puts the sender's in its place.
 */
static int claim_credentials(const struct job *job, struct cmsghdr *header, struct message *message)
{
	const struct identity *identity = &job->supervisor->identity;
	struct ucred claimed;

	if (header->cmsg_len != CMSG_LEN(sizeof(claimed)))
		return -EINVAL;
	memcpy(&claimed, CMSG_DATA(header), sizeof(claimed));
	if (claimed.uid != identity->uid || claimed.gid != identity->gid ||
		claimed.pid != target_thread_group(job))
		return -EPERM;
	claimed.pid = getpid();
	memcpy(CMSG_DATA(header), &claimed, sizeof(claimed));
	message->claims = true;
	return 0;
}

static int pass_on(const struct job *job, struct cmsghdr *header, struct message *message)
{
	return 0;
}

/* What is not here could send a packet elsewhere than its name says: routing headers, options. */
static const struct {
	int level, type;
	int (*translate)(const struct job *job, struct cmsghdr *header, struct message *message);
} translations[] = {
	{SOL_SOCKET, SCM_RIGHTS, fetch_rights},
	{SOL_SOCKET, SCM_CREDENTIALS, claim_credentials},
	{SOL_SOCKET, SO_TIMESTAMPING, pass_on},
	{SOL_IP, IP_PKTINFO, pass_on},
	{SOL_IP, IP_TOS, pass_on},
	{SOL_IP, IP_TTL, pass_on},
	{SOL_IPV6, IPV6_PKTINFO, pass_on},
	{SOL_IPV6, IPV6_HOPLIMIT, pass_on},
	{SOL_IPV6, IPV6_TCLASS, pass_on},
	{SOL_IPV6, IPV6_DONTFRAG, pass_on},
	{SOL_UDP, UDP_SEGMENT, pass_on},
};

static int translate(const struct job *job, struct cmsghdr *header, struct message *message)
{
	for (size_t i = 0; i < ARRAY_SIZE(translations); i++)
		if (translations[i].level == header->cmsg_level &&
			translations[i].type == header->cmsg_type)
			return translations[i].translate(job, header, message);
	return -EPERM;
}

/* CMSG_OK() of the kernel; CMSG_NXTHDR() of glibc trusts the first length. */
static bool fits(const struct message *message, size_t offset, const struct cmsghdr *header)
{
	return header->cmsg_len >= sizeof(*header) &&
	       header->cmsg_len <= message->control_length - offset;
}

int message_translate_control(const struct job *job, struct message *message)
{
	size_t offset = 0;

	while (message->control_length - offset >= sizeof(struct cmsghdr)) {
		struct cmsghdr *header = (struct cmsghdr *)(message->control + offset);
		int r;

		if (!fits(message, offset, header))
			return -EINVAL;
		r = translate(job, header, message);
		if (r < 0)
			return r;
		if (CMSG_ALIGN(header->cmsg_len) >= message->control_length - offset)
			return 0;
		offset += CMSG_ALIGN(header->cmsg_len);
	}
	return 0;
}

void message_done(struct message *message)
{
	for (size_t i = 0; i < message->n_fds; i++)
		fd_close(message->fds[i]);
	free(message->bytes);
	message->n_fds = 0;
	message->bytes = NULL;
}
