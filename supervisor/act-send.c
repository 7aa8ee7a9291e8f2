/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * sendto(2) with an address, and sendmsg(2): the message is copied, its destination decided on, and
 * the copy sent on the fetched socket. What stays a stream (TCP, connected UNIX sockets) has no
 * destination of its own any more; it comes here only because no filter can see the difference.
 */

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/syscall.h>

#include "act.h"
#include "cleanup.h"
#include "endpoint.h"
#include "herald.h"
#include "loop.h"
#include "message.h"
#include "scribe.h"
#include "supervisor.h"
#include "target.h"
#include "verdict.h"

/* A socket as far as sending is concerned. */
struct sender {
	int sock;
	int domain, type, protocol;
	bool blocking;
	int flags; /* of the call */
};

static int sender_open(const struct job *job, int flags, struct sender *ret)
{
	int r, status;

	/* Pages of ours must not stay in use by the network after they were reused: send(2). */
	if (flags & MSG_ZEROCOPY)
		return -ENOBUFS;
	ret->flags = flags;
	ret->sock = target_fetch_fd(job, (int)job->args[0]);
	if (ret->sock < 0)
		return ret->sock;
	r = act_get_option(ret->sock, SO_DOMAIN, &ret->domain);
	if (r == 0)
		r = act_get_option(ret->sock, SO_TYPE, &ret->type);
	if (r == 0)
		r = act_get_option(ret->sock, SO_PROTOCOL, &ret->protocol);
	if (r < 0)
		return r;
	status = fcntl(ret->sock, F_GETFL);
	if (status < 0)
		return -errno;
	ret->blocking = !(status & O_NONBLOCK) && !(flags & MSG_DONTWAIT);
	return 0;
}

static void cleanup_sender(const struct sender *sender)
{
	fd_close(sender->sock);
}

/* Destinations */

static int decide_inet(const struct job *job, const struct sender *sender, struct message *message,
	struct outcome *ret)
{
	char text[ENDPOINT_TEXT_MAX];
	enum endpoint_protocol protocol;
	struct net_address canonical;
	struct verdict verdict;
	int r = act_protocol(sender->protocol, &protocol);

	if (r < 0)
		return r;
	ret->protocol = (uint32_t)sender->protocol;
	r = endpoint_canonicalise_datagram(
		&message->name, &message->name_length, sender->domain, &canonical);
	if (r == -EAFNOSUPPORT && sender->domain == AF_INET6)
		return -EINVAL; /* udpv6_sendmsg() */
	if (r < 0 || message->name_length == 0)
		return r;
	verdict = loop_decide(job, protocol, &canonical);
	if (verdict.error) {
		outcome_deny(ret, endpoint_format(&canonical, text), EPERM, verdict.rule);
		return 0;
	}
	if (verdict.would)
		outcome_complain(ret, endpoint_format(&canonical, text), EPERM, verdict.would_rule);
	endpoint_pin(&message->name, message->name_length, &canonical);
	return 0;
}

/* The pinned descriptor must stay open until the message is sent. */
static int decide_unix(
	struct job *job, struct message *message, struct unix_destination *to, struct outcome *ret)
{
	int r = act_unix_resolve(job, &message->name, message->name_length, to, ret);

	if (r < 0 || ret->denied || to->pinned < 0)
		return r;
	memcpy(&message->name, &to->address, to->length);
	message->name_length = to->length;
	return 0;
}

static int decide(struct job *job, const struct sender *sender, struct message *message,
	struct unix_destination *to, struct outcome *ret)
{
	if (message->name_length == 0)
		return 0;
	/* TCP ignores it, so it stays behind; a UNIX stream says EISCONN and reaches nothing. */
	if (sender->type == SOCK_STREAM || sender->type == SOCK_SEQPACKET) {
		if (sender->domain != AF_UNIX)
			message->name_length = 0;
		return 0;
	}
	switch (sender->domain) {
	case AF_INET:
	case AF_INET6:
		return decide_inet(job, sender, message, ret);
	case AF_UNIX:
		return decide_unix(job, message, to, ret);
	case AF_NETLINK: /* NETLINK_ROUTE: only the kernel listens to an ordinary user */
		return 0;
	default:
		return -EACCES;
	}
}

/* Sending */

/*
 * Whether a receiver is told who sent it: each message between UNIX sockets that know each other,
 * where the kernel keeps messages apart. Of streams hardly anybody asks that, and they are many.
 */
static bool wants_herald(
	const struct job *job, const struct sender *sender, const struct message *message)
{
	bool carries = message->control_length > 0 &&
		       !(message->claims &&
			       message->control_length <= CMSG_SPACE(sizeof(struct ucred)));

	if (!job->supervisor->privileged || sender->domain != AF_UNIX || carries ||
		message->total > HERALD_BYTES_MAX)
		return false;
	/* A seqpacket socket does not look at a name. */
	return sender->type == SOCK_SEQPACKET ||
	       (sender->type == SOCK_DGRAM && message->name_length == 0);
}

static int take_off_once(struct job *job)
{
	return job->flight < 0 && loop_take_off(job) < 0 ? -ENOBUFS : 0;
}

/*
 * By a herald. 0 with the bytes sent, HERALD_E_UNSENT, or -errno. The pid is read anew for every
 * try: while we wait for room the target may be killed, and another process have its pid.
 */
static int send_heralded(
	struct job *job, const struct sender *sender, const struct message *message, size_t *ret)
{
	struct parcel parcel = {
		.sock = sender->sock,
		.flags = sender->flags,
		.bytes = message->bytes,
		.n_bytes = message->n_bytes,
	};
	int r;

	do {
		parcel.pid = target_thread_group(job);
		r = herald_send(loop_herald(job), &parcel, ret);
		if (r != -EAGAIN || !sender->blocking)
			break;
		r = take_off_once(job);
		if (r == 0)
			r = act_wait_writable(sender->sock);
	} while (r == 0);
	return r == -EINTR ? -act_interrupted(sender->sock) : r;
}

/* Tries at once; only a full socket of a blocking caller takes off and waits. Bytes or -errno. */
static ssize_t send_chunk(struct job *job, const struct sender *sender, const struct msghdr *header)
{
	int flags = sender->flags | MSG_NOSIGNAL;
	ssize_t n = sendmsg(sender->sock, header, flags | MSG_DONTWAIT);

	if (n < 0 && errno == EAGAIN && sender->blocking) {
		if (take_off_once(job) < 0)
			return -ENOBUFS;
		n = sendmsg(sender->sock, header, flags);
	}
	if (n < 0)
		return errno == EINTR ? -act_interrupted(sender->sock) : -errno;
	return n;
}

static int send_whole(
	struct job *job, const struct sender *sender, struct message *message, struct outcome *ret)
{
	size_t sent = 0;
	int r = message_fill(job, message, 0);

	if (r == 0)
		r = send_heralded(job, sender, message, &sent);
	if (r == 0)
		ret->value = (int64_t)sent;
	return r;
}

/*
 * A datagram goes whole, or is refused as too long. A stream goes in as many pieces as it takes,
 * control data with the first; what was sent before an error counts, send(2).
 */
static int send_all(
	struct job *job, const struct sender *sender, struct message *message, struct outcome *ret)
{
	bool stream = sender->type == SOCK_STREAM;
	uint64_t done = 0;

	if (!stream && message->total > MESSAGE_CHUNK_MAX)
		return -EMSGSIZE;
	do {
		struct msghdr header = {0};
		struct iovec iov;
		ssize_t n;
		int r = message_fill(job, message, done);

		if (r < 0)
			return done > 0 ? 0 : r;
		iov = (struct iovec){message->bytes, message->n_bytes};
		header.msg_iov = &iov;
		header.msg_iovlen = 1;
		header.msg_name = message->name_length ? &message->name : NULL;
		header.msg_namelen = (socklen_t)message->name_length;
		header.msg_control = done == 0 && message->control_length ? message->control : NULL;
		header.msg_controllen = header.msg_control ? message->control_length : 0;
		n = send_chunk(job, sender, &header);
		if (n < 0)
			return done > 0 ? 0 : (int)n;
		done += (uint64_t)n;
		ret->value = (int64_t)done;
		if ((size_t)n < message->n_bytes && !sender->blocking)
			return 0;
	} while (stream && done < message->total);
	return 0;
}

/* The signal is the caller's, unless it asked for none: send(2), EPIPE. */
static void raise_pipe(const struct job *job, const struct sender *sender)
{
	pid_t process = target_thread_group(job);

	if (sender->type == SOCK_STREAM && !(sender->flags & MSG_NOSIGNAL) && process > 0)
		syscall(SYS_tgkill, process, job->tid, SIGPIPE);
}

/* Waiting for room, which a receiver without a process would never make. */
static int send_pinned(struct job *job, const struct sender *sender, struct message *message,
	struct unix_destination *to, struct outcome *ret)
{
	int error;

	do
		error = -send_all(job, sender, message, ret);
	while (act_unix_renew(job, to, &error));
	return -error;
}

static int send_message(
	struct job *job, const struct sender *sender, struct message *message, struct outcome *ret)
{
	_cleanup_(unix_destination_done) struct unix_destination to = UNIX_DESTINATION(
		sender->sock);
	int r;

	ret->action = WIRE_ACTION_SEND;
	r = decide(job, sender, message, &to, ret);
	if (r < 0 || ret->denied || job->watched)
		return r;
	r = message_translate_control(job, message);
	if (r < 0)
		return r;
	r = wants_herald(job, sender, message) ? send_whole(job, sender, message, ret)
					       : HERALD_E_UNSENT;
	if (r == HERALD_E_UNSENT)
		r = send_pinned(job, sender, message, &to, ret);
	if (r == -EPIPE)
		raise_pipe(job, sender);
	return r;
}

static struct message *message_free(struct message *message)
{
	if (message)
		message_done(message);
	free(message);
	return NULL;
}

static void cleanup_message(struct message **message)
{
	message_free(*message);
}

/* A gone target has nobody to answer; any other ENOENT is an answer. */
static int settle(const struct job *job, int r)
{
	return r == -ENOENT && notify_gone(job) ? ACT_E_GONE : r;
}

int act_sendto(struct job *job, struct outcome *ret)
{
	_cleanup_(cleanup_sender) struct sender sender = {.sock = -1};
	_cleanup_(cleanup_message) struct message *message = message_new();
	int r;

	if (!message)
		return -ENOMEM;
	r = sender_open(job, (int)job->args[3], &sender);
	if (r == 0)
		r = message_copy_plain(
			job, job->args[1], job->args[2], job->args[4], (int)job->args[5], message);
	if (r == 0)
		r = send_message(job, &sender, message, ret);
	return settle(job, r);
}

static int send_header(
	struct job *job, const struct sender *sender, uint64_t address, struct outcome *ret)
{
	_cleanup_(cleanup_message) struct message *message = message_new();
	int r;

	if (!message)
		return -ENOMEM;
	r = message_copy(job, address, message);
	return r < 0 ? r : send_message(job, sender, message, ret);
}

int act_sendmsg(struct job *job, struct outcome *ret)
{
	_cleanup_(cleanup_sender) struct sender sender = {.sock = -1};
	int r = sender_open(job, (int)job->args[2], &sender);

	if (r == 0)
		r = send_header(job, &sender, job->args[1], ret);
	return settle(job, r);
}

/* Sends one of several and tells its length where the target will look for it. */
static int send_entry(
	struct job *job, const struct sender *sender, uint64_t address, struct outcome *ret)
{
	int r = send_header(job, sender, address + offsetof(struct mmsghdr, msg_hdr), ret);

	if (r < 0 || ret->denied || job->watched)
		return r;
	if (notify_valid(job) < 0)
		return -ENOENT;
	return scribe_write(loop_scribe(job), job->tid, address + offsetof(struct mmsghdr, msg_len),
		(uint32_t)ret->value);
}

/* The count of what was sent; an error, or a refusal, only when that was nothing: sendmmsg(2). */
int act_sendmmsg(struct job *job, struct outcome *ret)
{
	_cleanup_(cleanup_sender) struct sender sender = {.sock = -1};
	unsigned n = (unsigned)job->args[2], sent = 0;
	int r = sender_open(job, (int)job->args[3], &sender);

	if (n > MESSAGE_IOVS_MAX)
		n = MESSAGE_IOVS_MAX;
	while (r == 0 && sent < n) {
		ret->value = 0;
		r = send_entry(job, &sender, job->args[1] + sent * sizeof(struct mmsghdr), ret);
		if (r == 0 && ret->denied)
			break;
		if (r == 0)
			sent++;
	}
	if (sent == 0)
		return settle(job, r);
	ret->error = 0; /* a refusal behind the first is recorded, and shows as a short count */
	ret->value = sent;
	return 0;
}
