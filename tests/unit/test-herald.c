/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Whom the herald names, judged by what a receiver with SO_PASSCRED sees. This process is the
 * monitor and a worker that asks for what it likes; its UTS namespace is the session's mark.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "herald.h"
#include "servant.h"
#include "sock.h"
#include "supervisor.h"
#include "wire.h"

#define USER 65534

static gid_t groups[] = {USER};
static const struct supervisor supervisor = {
	.privileged = true,
	.identity = {.uid = USER, .gid = USER, .groups = groups, .n_groups = 1},
};
/* Two processes of the user's that differ in nothing but the mark. */
static pid_t outsider, member;
static pid_t pid; /* the herald's */
static struct herald herald;
static int from, to; /* the socket pair of a program in the session */

/* One that the user may look at, as at any process that was executed. */
static pid_t spawn_idle(void)
{
	int pair[2];
	char ready;
	pid_t child;

	assert_int_equal(sock_pair(pair), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (setresgid(USER, USER, USER) < 0 || setresuid(USER, USER, USER) < 0 ||
			prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0 ||
			prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || write(pair[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(pair[1]);
	assert_int_equal(read(pair[0], &ready, 1), 1);
	close(pair[0]);
	return child;
}

static void end(pid_t child)
{
	int status;

	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
}

static int start(void **state)
{
	const int on = 1;
	int pair[2], ends[2];

	assert_int_equal(sock_pair(pair), 0);
	pid = servant_fork(&supervisor, &herald_duty, pair[1]);
	assert_true(pid > 0);
	close(pair[1]);
	herald_init(&herald, pair[0]);
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
	from = ends[0];
	to = ends[1];
	assert_int_equal(setsockopt(to, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)), 0);
	return 0;
}

static int stop(void **state)
{
	close(from);
	close(to);
	close(herald.sock);
	servant_end(pid);
	return 0;
}

static int say(pid_t named, int sock)
{
	const struct parcel parcel = {.pid = named, .sock = sock, .bytes = "hello", .n_bytes = 5};
	size_t n = 0;
	int r = herald_send(&herald, &parcel, &n);

	if (r == 0)
		assert_int_equal(n, 5);
	return r;
}

/* Whom the receiver is told; 0: there is nothing to receive. */
static struct ucred heard(void)
{
	struct ucred said = {0};
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(said))];
	} control;
	char bytes[16];
	struct iovec iov = {bytes, sizeof(bytes)};
	struct msghdr message = {NULL, 0, &iov, 1, &control, sizeof(control), 0};

	if (recvmsg(to, &message, 0) < 0) {
		assert_int_equal(errno, EAGAIN);
		return said;
	}
	assert_int_equal(control.header.cmsg_type, SCM_CREDENTIALS);
	memcpy(&said, CMSG_DATA(&control.header), sizeof(said));
	return said;
}

static void test_member_is_named(void **state)
{
	struct ucred said;

	assert_int_equal(say(member, from), 0);
	said = heard();
	assert_int_equal(said.pid, member);
	assert_int_equal(said.uid, USER);
	assert_int_equal(said.gid, USER);
}

/* Also after it has named a member, and before it names the next. */
static void test_outsider_is_not(void **state)
{
	assert_int_equal(say(member, from), 0);
	assert_int_equal(heard().pid, member);
	assert_int_equal(say(outsider, from), HERALD_E_UNSENT);
	assert_int_equal(heard().pid, 0);
	assert_int_equal(say(member, from), 0);
	assert_int_equal(heard().pid, member);
}

static void test_nobody_is_not(void **state)
{
	const pid_t pids[] = {0, -1, -ENOENT, INT_MIN, INT_MAX, 1, getpid(), getppid()};

	for (size_t i = 0; i < ARRAY_SIZE(pids); i++) {
		assert_int_equal(say(pids[i], from), HERALD_E_UNSENT);
		assert_int_equal(heard().pid, 0);
	}
}

static void test_the_dead_are_not(void **state)
{
	pid_t child = spawn_idle();

	assert_int_equal(say(child, from), 0);
	assert_int_equal(heard().pid, child);
	end(child);
	assert_int_equal(say(child, from), HERALD_E_UNSENT);
	assert_int_equal(heard().pid, 0);
}

static void test_unix_sockets_only(void **state)
{
	_cleanup_close_ int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int pipes[2];

	assert_true(udp >= 0);
	assert_int_equal(say(member, udp), HERALD_E_UNSENT);
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	assert_int_equal(say(member, pipes[1]), HERALD_E_UNSENT);
	close(pipes[0]);
	close(pipes[1]);
}

/* What is no request ends it, and who asks again sends by itself. */
static void test_talk_ends_closed(void **state)
{
	const struct wire_send request = {.type = WIRE_SEND, .pid = member};
	const size_t head = offsetof(struct wire_send, bytes);
	const struct {
		uint32_t type;
		size_t size, n_fds;
	} rows[] = {
		{WIRE_SEND, head, 0},
		{WIRE_SEND, head - 1, 1},
		{WIRE_WRITE, head, 1},
		{WIRE_SEND, head, 2},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct wire_send broken = request;
		const int fds[] = {from, from};
		int status;

		broken.type = rows[i].type;
		assert_int_equal(
			sock_send(herald.sock, &broken, rows[i].size, fds, rows[i].n_fds, 0), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EPROTO);
		assert_int_equal(say(member, from), HERALD_E_UNSENT);
		assert_int_equal(heard().pid, 0);
		close(from);
		close(to);
		close(herald.sock);
		assert_int_equal(start(NULL), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_member_is_named, start, stop),
		cmocka_unit_test_setup_teardown(test_outsider_is_not, start, stop),
		cmocka_unit_test_setup_teardown(test_nobody_is_not, start, stop),
		cmocka_unit_test_setup_teardown(test_the_dead_are_not, start, stop),
		cmocka_unit_test_setup_teardown(test_unix_sockets_only, start, stop),
		cmocka_unit_test_setup_teardown(test_talk_ends_closed, start, stop),
	};
	int failed;

	if (geteuid() != 0) {
		fprintf(stderr, "skipped: needs root\n");
		return 77;
	}
	outsider = spawn_idle();
	if (unshare(CLONE_NEWUTS) < 0) {
		fprintf(stderr, "skipped: needs UTS namespaces\n");
		return 77;
	}
	member = spawn_idle();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	end(outsider);
	end(member);
	return failed;
}
