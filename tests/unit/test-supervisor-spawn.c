/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "sock.h"
#include "spawn-probe.h"
#include "supervisor-spawn.h"

#define NOBODY 65534

static const char *probe;

static int start(struct spawn_report *ret)
{
	int channel = -1;

	assert_int_equal(supervisor_spawn(probe, &channel), 0);
	assert_int_equal(sock_wait(channel, 10000), 0);
	assert_int_equal(sock_receive(channel, ret, sizeof(*ret), NULL, 0, NULL, 0), 0);
	return channel;
}

static void test_its_surroundings(void **state)
{
	struct spawn_report report;
	int leaky = open("/etc/passwd", O_RDONLY); /* as a login program may have them */
	int high = fcntl(leaky, F_DUPFD, 200);
	int channel = start(&report);

	assert_int_equal(report.n_fds, 4);
	assert_int_equal(report.n_null, 3);
	assert_int_equal(report.n_environment, 0);
	assert_int_equal(report.n_arguments, 1);
	assert_string_equal(report.name, "sandlock-supervisor");
	assert_string_equal(report.folder, "/");
	assert_int_equal(report.session, report.pid);
	close(channel);
	close(leaky);
	close(high);
}

static void test_the_channel(void **state)
{
	struct spawn_report report;
	int channel = start(&report);

	assert_true(channel >= 64);
	assert_int_equal(fcntl(channel, F_GETFD), FD_CLOEXEC);
	close(channel);
}

static volatile sig_atomic_t n_signals;

static void count_signal(int sig)
{
	n_signals++;
}

static void test_nobodys_child(void **state)
{
	const struct sigaction count = {.sa_handler = count_signal};
	struct sigaction saved;
	struct spawn_report report;
	int channel;

	assert_int_equal(sigaction(SIGCHLD, &count, &saved), 0);
	channel = start(&report);
	assert_int_not_equal(report.parent, getpid());
	assert_int_equal(waitpid(-1, NULL, WNOHANG | __WALL), -1);
	assert_int_equal(errno, ECHILD);
	close(channel);
	assert_int_equal(waitpid(-1, NULL, WNOHANG | __WALL), -1);
	assert_int_equal(n_signals, 0);
	assert_int_equal(sigaction(SIGCHLD, &saved, NULL), 0);
}

static int count_fds(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(folder);
	while (readdir(folder))
		n++;
	closedir(folder);
	return n;
}

static int n_forks;

static void count_fork(void)
{
	n_forks++;
}

/* The fork handlers of others are not for us, nor is the signal mask left changed. */
static void test_the_caller(void **state)
{
	struct spawn_report report;
	sigset_t before, after;
	int channel, fds = count_fds();

	assert_int_equal(pthread_atfork(count_fork, count_fork, NULL), 0);
	sigemptyset(&before);
	sigaddset(&before, SIGUSR2);
	assert_int_equal(pthread_sigmask(SIG_SETMASK, &before, NULL), 0);
	channel = start(&report);
	assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &after), 0);
	for (int sig = 1; sig < 32; sig++)
		assert_int_equal(sigismember(&after, sig), sig == SIGUSR2);
	assert_int_equal(n_forks, 0);
	assert_int_equal(count_fds(), fds + 1);
	close(channel);
	assert_int_equal(count_fds(), fds);
}

/* Standard descriptors may be closed in a daemon: ours must not land on their numbers. */
static void test_without_standard_descriptors(void **state)
{
	int saved[3];
	struct spawn_report report;
	int channel;

	for (int fd = 0; fd < 3; fd++) {
		saved[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 10);
		close(fd);
	}
	channel = start(&report);
	for (int fd = 0; fd < 3; fd++) {
		dup2(saved[fd], fd);
		close(saved[fd]);
	}
	assert_int_equal(report.n_null, 3);
	assert_int_equal(report.n_fds, 4);
	assert_true(channel >= 64);
	close(channel);
}

static void test_no_such_program(void **state)
{
	static const char *const paths[] = {"/nonexistent/supervisor", "/etc/passwd", "/", ""};

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		int channel = -1, fds = count_fds();
		char byte;

		assert_int_equal(supervisor_spawn(paths[i], &channel), 0);
		assert_int_equal(sock_wait(channel, 10000), 0);
		assert_int_equal(sock_receive(channel, &byte, 1, NULL, 0, NULL, 0), -ECONNRESET);
		close(channel);
		assert_int_equal(count_fds(), fds);
		assert_int_equal(waitpid(-1, NULL, WNOHANG | __WALL), -1);
	}
}

/* su: the real ids are the caller's, the supervisor must be nobody's but root's. */
static void test_real_ids(void **state)
{
	struct spawn_report report;
	int channel;

	if (geteuid() != 0) {
		print_message("only root can have other real ids\n");
		skip();
	}
	assert_int_equal(setresgid(NOBODY, 0, 0), 0);
	assert_int_equal(setresuid(NOBODY, 0, 0), 0);
	channel = start(&report);
	assert_int_equal(getuid(), NOBODY); /* ours stay */
	assert_int_equal(setresuid(0, 0, 0), 0);
	assert_int_equal(setresgid(0, 0, 0), 0);
	assert_int_equal(report.uid, 0);
	assert_int_equal(report.euid, 0);
	assert_int_equal(report.gid, 0);
	assert_int_equal(report.n_groups, 0);
	close(channel);
}

static void test_ordinary_user(void **state)
{
	struct spawn_report report;
	int status;
	pid_t pid;

	if (geteuid() != 0) {
		print_message("the other tests are this one already\n");
		skip();
	}
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0)
			_exit(1);
		start(&report);
		_exit(report.uid == NOBODY && report.euid == NOBODY ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_its_surroundings),
		cmocka_unit_test(test_the_channel),
		cmocka_unit_test(test_nobodys_child),
		cmocka_unit_test(test_the_caller),
		cmocka_unit_test(test_without_standard_descriptors),
		cmocka_unit_test(test_no_such_program),
		cmocka_unit_test(test_real_ids),
		cmocka_unit_test(test_ordinary_user),
	};

	probe = getenv("SANDLOCK_TEST_SPAWN_PROBE");
	if (!probe)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
