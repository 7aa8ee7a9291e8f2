/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What becomes of a session when parts of its supervisor are killed or stopped.
 * The session is one process that tries a denied address for as long as it lives.
 */

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "cleanup.h"
#include "login.h"
#include "process.h"
#include "stage.h"

#define EXIT_UNCONFINED 126
#define NOBODY          65534
#define PATIENCE_MS     20000

/* In the order in which they are made, and so of their numbers. */
enum part {
	KEEPER = 1,
	MONITOR = 2,
	WORKER = 4,
};

static const enum part order[] = {KEEPER, MONITOR, WORKER};

static const char *module;

static in_port_t port; /* somebody listens there, whom no policy allows */

static int try_connect(void)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = port, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	_cleanup_close_ int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (sock < 0)
		return errno;
	return connect(sock, (const struct sockaddr *)&address, sizeof(address)) < 0 ? errno : 0;
}

static int try_open(void)
{
	_cleanup_close_ int fd = open(STAGE_OUTSIDE "/file", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? errno : 0;
}

static int (*try)(void) = try_connect;

static int listen_somewhere(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(sock, (struct sockaddr *)&address, length) < 0 || listen(sock, 100) < 0 ||
		getsockname(sock, (struct sockaddr *)&address, &length) < 0)
		return -errno;
	port = address.sin_port;
	return sock;
}

/* What is refused in a session works without one. */
static void test_control(void **state)
{
	assert_int_equal(try_connect(), 0);
	assert_int_equal(try_open(), 0);
}

/* Says which errno it got, every time; 0 would be a hole. */
static _Noreturn void be_session(int pipe)
{
	const struct timespec pause = {.tv_nsec = 10000000};

	/* The worker, being the user, can end the user's processes only. */
	if (setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0)
		_exit(1);
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* should the test fail */
	for (;;) {
		int error = try();

		if (write(pipe, &error, sizeof(error)) != (ssize_t)sizeof(error))
			_exit(1);
		nanosleep(&pause, NULL);
	}
}

/* A session process, and the pipe that it writes to; returns when it has been heard. */
static pid_t start_session(int *ret_pipe)
{
	int pair[2], error;
	pid_t pid;

	assert_int_equal(pipe2(pair, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(pair[0]);
		be_session(pair[1]);
	}
	close(pair[1]);
	assert_int_equal(read(pair[0], &error, sizeof(error)), sizeof(error));
	*ret_pipe = pair[0];
	return pid;
}

/* The next word from the session: its errno, -1 when it has ended, -2 when nothing comes. */
static int hear(int pipe)
{
	struct pollfd slot = {.fd = pipe, .events = POLLIN};
	int error;

	if (poll(&slot, 1, PATIENCE_MS) <= 0)
		return -2;
	return read(pipe, &error, sizeof(error)) == (ssize_t)sizeof(error) ? error : -1;
}

/* Whether it ends by being killed, without ever having got through. */
static void assert_ends(pid_t pid, int pipe)
{
	int status, error;

	do {
		error = hear(pipe);
		assert_int_not_equal(error, 0);
		assert_int_not_equal(error, -2);
	} while (error > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	close(pipe);
}

static void end_by_hand(pid_t pid, int pipe)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_ends(pid, pipe);
}

static pid_t find(enum part part)
{
	pid_t pids[PROCESS_SUPERVISORS_MAX];
	size_t n = process_supervisors(pids);

	for (size_t i = 0; i < n && i < ARRAY_SIZE(order); i++)
		if (order[i] == part)
			return pids[i];
	fail_msg("%zu supervisors, none of them is part %d", n, part);
	return -1;
}

/* All at once, as far as one process can. */
static void kill_parts(unsigned parts)
{
	pid_t pids[ARRAY_SIZE(order)] = {0};

	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		if (parts & order[i])
			pids[i] = find(order[i]);
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		if (pids[i] > 0)
			assert_true(kill(pids[i], SIGKILL) == 0 || errno == ESRCH);
}

static void play_kill(const char *policy, unsigned parts)
{
	struct process_view view;
	struct login login;
	int pipe;
	pid_t pid;

	print_message("    %s%s%s\n", parts & KEEPER ? "keeper " : "",
		parts & MONITOR ? "monitor " : "", parts & WORKER ? "worker" : "");
	login_enter(&login, module, policy);
	pid = start_session(&pipe);
	kill_parts(parts);
	assert_ends(pid, pipe);
	assert_true(process_supervisors_end());
	assert_int_equal(process_fork(&view), EXIT_UNCONFINED);
	login_leave(&login);
}

/* Any two of the three may be killed at once: the third ends the session. */
static void test_killed(void **state)
{
	for (unsigned parts = 1; parts < (KEEPER | MONITOR | WORKER); parts++)
		play_kill(STAGE_SUPERVISED, parts);
}

/* Without supervised calls there is no worker, and the session ends all the same. */
static void test_killed_without_worker(void **state)
{
	try = try_open;
	play_kill(STAGE_FILES, KEEPER);
	play_kill(STAGE_FILES, MONITOR);
	try = try_connect;
}

/* A part that is stopped goes on: calls are answered, and new children confined. */
static void play_stop(enum part part)
{
	struct process_view view;
	struct login login;
	int pipe;
	pid_t pid;

	login_enter(&login, module, STAGE_SUPERVISED);
	pid = start_session(&pipe);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(kill(find(part), SIGSTOP), 0);
		for (int j = 0; j < 5; j++)
			assert_int_equal(hear(pipe), ECONNREFUSED);
		assert_int_equal(process_fork(&view), 0);
		assert_true(process_view_confined(&view));
	}
	end_by_hand(pid, pipe);
	login_leave(&login);
}

static void test_stopped(void **state)
{
	play_stop(WORKER);
	play_stop(MONITOR);
}

/* Whoever will not leave off has the session ended. */
static void test_stopped_over_and_over(void **state)
{
	static const enum part parts[] = {WORKER, MONITOR};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const struct timespec pause = {.tv_nsec = 1000000};
		struct login login;
		pid_t pid, victim;
		int pipe;

		login_enter(&login, module, STAGE_SUPERVISED);
		pid = start_session(&pipe);
		victim = find(parts[i]);
		for (int n = 0; n < 100000 && kill(victim, SIGSTOP) == 0; n++)
			nanosleep(&pause, NULL);
		assert_ends(pid, pipe);
		login_leave(&login);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_control, stage_setup),
		cmocka_unit_test_setup(test_killed, stage_setup),
		cmocka_unit_test_setup(test_killed_without_worker, stage_setup),
		cmocka_unit_test_setup(test_stopped, stage_setup),
		cmocka_unit_test_setup(test_stopped_over_and_over, stage_setup),
	};
	int r = stage_enter();

	module = getenv("SANDLOCK_TEST_MODULE_BUILT");
	if (r != 0 || !module)
		return r != 0 ? r : 1;
	if (listen_somewhere() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
