/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What messages carry beside bytes: descriptors and credentials. Both ends are in the session. */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls.h"

#define FDS_MAX 253 /* SCM_MAX_FD */

union control {
	char bytes[CMSG_SPACE((FDS_MAX + 1) * sizeof(int))];
	struct cmsghdr align;
};

static ssize_t send_control(int fd, int type, const void *data, size_t size)
{
	union control control = {0};
	struct iovec iov = {(void *)"x", 1};
	struct msghdr header = {NULL, 0, &iov, 1, control.bytes, CMSG_SPACE(size), 0};
	struct cmsghdr *item = CMSG_FIRSTHDR(&header);

	*item = (struct cmsghdr){CMSG_LEN(size), SOL_SOCKET, type};
	memcpy(CMSG_DATA(item), data, size);
	return sendmsg(fd, &header, 0);
}

/* The number of bytes of control data of one kind; they are copied to `ret`. */
static size_t receive_control(int fd, int type, void *ret, size_t size)
{
	union control control;
	char byte;
	struct iovec iov = {&byte, 1};
	struct msghdr header = {NULL, 0, &iov, 1, control.bytes, sizeof(control.bytes), 0};
	size_t n;

	need(recvmsg(fd, &header, 0) == 1, "recvmsg");
	for (struct cmsghdr *item = CMSG_FIRSTHDR(&header); item;
		item = CMSG_NXTHDR(&header, item)) {
		n = item->cmsg_len - CMSG_LEN(0);
		if (item->cmsg_type != type)
			continue;
		memcpy(ret, CMSG_DATA(item), n < size ? n : size);
		return n;
	}
	return 0;
}

/* A pipe with a text in it; the end to read from. */
static int pipe_with(const char *text)
{
	int ends[2];

	need(pipe2(ends, O_CLOEXEC) == 0, "pipe");
	need(write(ends[1], text, strlen(text)) == (ssize_t)strlen(text), "write");
	close(ends[1]);
	return ends[0];
}

/* Another process takes one descriptor and tells what can be read from it. */
static void receiver(int fd, int answers)
{
	char text[64] = "nothing";
	int received = -1;

	receive_control(fd, SCM_RIGHTS, &received, sizeof(received));
	if (read(received, text, sizeof(text) - 1) < 0)
		snprintf(text, sizeof(text), "%s", strerrorname_np(errno));
	need(write(answers, text, strlen(text)) > 0, "write");
	_exit(0);
}

static void pass(const char *name, int sender, int taker)
{
	int end = pipe_with("what was in the pipe"), answers[2];
	char word[32], text[65] = "no answer";
	pid_t child;

	need(pipe2(answers, O_CLOEXEC) == 0, "pipe");
	child = fork();
	need(child >= 0, "fork");
	if (child == 0) {
		close(sender);
		receiver(taker, answers[1]);
	}
	close(answers[1]);
	printf("%s: %s", name, ended(send_control(sender, SCM_RIGHTS, &end, sizeof(end)), word));
	waitpid(child, NULL, 0);
	need(read(answers[0], text, sizeof(text) - 1) >= 0, "read");
	printf(", received: %s\n", text);
	fflush(stdout);
	close(answers[0]);
	close(end);
}

static void pass_in_pair(const char *name, int type)
{
	int pair[2];

	need(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair) == 0, "socketpair");
	pass(name, pair[0], pair[1]);
	close(pair[0]);
	close(pair[1]);
}

static void pass_many(int n)
{
	int fds[FDS_MAX + 1], received[FDS_MAX + 1], pair[2];
	char word[32];
	ssize_t r;

	need(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0, "socketpair");
	for (int i = 0; i < n; i++)
		fds[i] = pair[0];
	r = send_control(pair[0], SCM_RIGHTS, fds, (size_t)n * sizeof(int));
	printf("%d descriptors: %s", n, ended(r, word));
	if (r == 1) {
		size_t size = receive_control(pair[1], SCM_RIGHTS, received, sizeof(received));
		printf(", %zu received", size / sizeof(int));
		for (size_t i = 0; i < size / sizeof(int); i++)
			close(received[i]);
	}
	putchar('\n');
	close(pair[0]);
	close(pair[1]);
}

int calls_rights(char **args)
{
	const int closed = 999;
	int pair[2];
	char word[32];

	pass_in_pair("stream", SOCK_STREAM);
	pass_in_pair("dgram", SOCK_DGRAM);
	pass_in_pair("seqpacket", SOCK_SEQPACKET);
	pass_many(2);
	pass_many(FDS_MAX);
	pass_many(FDS_MAX + 1);
	need(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0, "socketpair");
	printf("a closed descriptor: %s\n",
		ended(send_control(pair[0], SCM_RIGHTS, &closed, sizeof(closed)), word));
	return 0;
}

/* Over a socket with a path, which has to be connected to. */
int calls_rights_by_path(char **args)
{
	const struct place place = place_parse(args[0]);
	const struct sockaddr *address = (const struct sockaddr *)&place.address;
	int listener = place_socket(&place, SOCK_STREAM), sender, taker;

	unlink(args[0]);
	need(bind(listener, address, place.length) == 0, "bind");
	need(listen(listener, 5) == 0, "listen");
	sender = place_socket(&place, SOCK_STREAM);
	need(connect(sender, address, place.length) == 0, "connect");
	taker = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	need(taker >= 0, "accept");
	pass("by path", sender, taker);
	unlink(args[0]);
	return 0;
}

static void claim(const char *name, const struct ucred *claimed)
{
	const int on = 1;
	struct ucred received = {0};
	char word[32];
	int pair[2];
	ssize_t r;

	need(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) == 0, "socketpair");
	need(setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) == 0, "SO_PASSCRED");
	r = send_control(pair[0], SCM_CREDENTIALS, claimed, sizeof(*claimed));
	printf("%s: %s", name, ended(r, word));
	if (r == 1) {
		receive_control(pair[1], SCM_CREDENTIALS, &received, sizeof(received));
		printf(", uid %s, gid %s", received.uid == getuid() ? "own" : "other",
			received.gid == getgid() ? "own" : "other");
	}
	putchar('\n');
	close(pair[0]);
	close(pair[1]);
}

/* Children send on one socket, as a browser's do to tell their pids, and the parent is told whose.
 */
static void name_children(const char *name, int type)
{
	static const char *const ways[] = {"sendmsg", "sendmsg of what is its own", "send"};
	const int on = 1;
	int pair[2];

	need(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair) == 0, "socketpair");
	need(setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) == 0, "SO_PASSCRED");
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct ucred received = {0};
		pid_t child;

		fflush(stdout);
		child = fork();
		need(child >= 0, "fork");
		if (child == 0) {
			const struct ucred own = {getpid(), getuid(), getgid()};
			struct iovec iov = {(void *)"x", 1};
			const struct msghdr plain = {NULL, 0, &iov, 1, NULL, 0, 0};

			_exit((i == 0          ? sendmsg(pair[0], &plain, 0)
				      : i == 1 ? send_control(pair[0], SCM_CREDENTIALS, &own,
							 sizeof(own))
					       : send(pair[0], "x", 1, 0)) != 1);
		}
		receive_control(pair[1], SCM_CREDENTIALS, &received, sizeof(received));
		printf("%s, %s: pid %s, uid %s\n", name, ways[i],
			received.pid == child ? "of the child" : "of another",
			received.uid == getuid() ? "own" : "other");
		waitpid(child, NULL, 0);
	}
	close(pair[0]);
	close(pair[1]);
}

int calls_credentials(char **args)
{
	struct ucred own = {getpid(), getuid(), getgid()}, other = own;

	name_children("dgram", SOCK_DGRAM);
	name_children("seqpacket", SOCK_SEQPACKET);

	claim("own", &own);
	other.pid = getppid();
	claim("another pid", &other);
	other = own;
	other.pid = 1;
	claim("pid 1", &other);
	other = own;
	other.uid = 0;
	claim("root", &other);
	other = own;
	other.gid = 0;
	claim("group root", &other);
	return 0;
}
