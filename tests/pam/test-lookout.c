/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Login programs that start the session behind the fork handler's back are found out. */

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "cleanup.h"
#include "login.h"
#include "process.h"
#include "stage.h"

#define EXIT_UNCONFINED 126
#define JOURNAL         "/run/systemd/journal/socket"

static const char *module;
static int journal = -1;
/* Starts as root, as a login program's child does, and becomes the user. */
static char *const sleeper[] = {(char *)"setpriv", (char *)"--reuid=nobody",
	(char *)"--clear-groups", (char *)"sleep", (char *)"600", NULL};
static char *const helper[] = {(char *)"sleep", (char *)"600", NULL};
static char *const nothing[] = {NULL};

static void journal_up(void)
{
	const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = JOURNAL};

	mkdir("/run/systemd", 0755);
	mkdir("/run/systemd/journal", 0755);
	unlink(JOURNAL);
	close(journal);
	journal = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(journal, (const struct sockaddr *)&address, sizeof(address)), 0);
}

/* How many records there were of a part of the session that is not confined. */
static int alarms(void)
{
	char record[8192];
	ssize_t n;
	int found = 0;

	while ((n = recv(journal, record, sizeof(record) - 1, 0)) > 0) {
		record[n] = '\0';
		if (strstr(record, "is not confined, the session is ended") &&
			strstr(record, "\nPRIORITY=2\n"))
			found++;
	}
	return found;
}

static void open_session(struct login *login)
{
	journal_up();
	login_enter(login, module, STAGE_SUPERVISED);
}

/* Ways to start a program. */

static pid_t by_fork(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		execve("/usr/bin/setpriv", sleeper, nothing);
		_exit(1);
	}
	return pid;
}

static pid_t by_vfork(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execve("/usr/bin/setpriv", sleeper, nothing);
		_exit(1);
	}
	return pid;
}

static pid_t by_spawn(void)
{
	pid_t pid;

	return posix_spawn(&pid, "/usr/bin/setpriv", NULL, NULL, sleeper, nothing) == 0 ? pid : -1;
}

static pid_t by_clone(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0);

	if (pid == 0) {
		execve("/usr/bin/setpriv", sleeper, nothing);
		_exit(1);
	}
	return pid;
}

/* A child that goes on as the program that it is. */
static pid_t by_clone_alone(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0);

	if (pid == 0)
		for (;;)
			syscall(SYS_pause);
	return pid;
}

/* And one that works. */
static pid_t by_clone_busy(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0);

	if (pid == 0)
		for (unsigned i = 0;; i++)
			if (i % 1000 == 0)
				syscall(SYS_sched_yield);
	return pid;
}

static const struct {
	const char *what;
	pid_t (*start)(void);
} ways[] = {
	{"vfork", by_vfork},
	{"posix_spawn", by_spawn},
	{"clone", by_clone},
	{"clone without exec", by_clone_alone},
	{"clone without exec, busy", by_clone_busy},
};

static bool ended_within(pid_t pid, int seconds)
{
	const struct timespec pause = {.tv_nsec = 50000000};
	int status;

	for (int i = 0; i < seconds * 20; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
		nanosleep(&pause, NULL);
	}
	return false;
}

static void end(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* The control: a forked child is confined and stays; the session lasts longer than the grace. */
static void test_fork(void **state)
{
	struct login login;
	pid_t pid;

	open_session(&login);
	pid = by_fork();
	assert_false(ended_within(pid, 4));
	end(pid);
	login_leave(&login);
	assert_int_equal(alarms(), 0);
}

/* What another module runs as root is not the session, however long it takes. */
static void test_helper(void **state)
{
	struct login login;
	pid_t pid;

	open_session(&login);
	assert_int_equal(posix_spawn(&pid, "/bin/sleep", NULL, NULL, helper, nothing), 0);
	assert_false(ended_within(pid, 4));
	end(pid);
	login_leave(&login);
	assert_int_equal(alarms(), 0);
}

/* It gives up itself, or is killed with what there is of the session. */
static void assert_nobody_gets_in(void)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status))
		assert_int_equal(WEXITSTATUS(status), EXIT_UNCONFINED);
	else
		assert_int_equal(WTERMSIG(status), SIGKILL);
}

/* Found and ended; the next one, too; and what would be confined finds no session any more. */
static void test_ways(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct login login;
		pid_t pid;

		print_message("    %s\n", ways[i].what);
		assert_int_equal(stage_setup(state), 0);
		open_session(&login);
		for (int j = 0; j < 2; j++) {
			pid = ways[i].start();
			assert_true(pid > 0);
			assert_true(ended_within(pid, 20));
		}
		assert_nobody_gets_in();
		login_leave(&login);
		assert_int_equal(alarms(), 1);
	}
}

/* What is confined goes with it. */
static void test_session_ends(void **state)
{
	struct login login;
	pid_t forked, spawned;

	open_session(&login);
	forked = by_fork();
	spawned = by_spawn();
	assert_true(ended_within(spawned, 20));
	assert_true(ended_within(forked, 20));
	login_leave(&login);
	assert_int_equal(alarms(), 1);
}

/* With all that it has started: the pipe's end is the end of everybody who holds it. */
static void test_grandchildren(void **state)
{
	char *const shell[] = {(char *)"sh", (char *)"-c",
		(char *)"setpriv --reuid=nobody sleep 600 & echo; wait", NULL};
	posix_spawn_file_actions_t actions;
	struct pollfd slot = {.events = POLLIN};
	struct login login;
	int pipes[2];
	char byte;
	pid_t pid;

	open_session(&login);
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
	assert_int_equal(posix_spawn_file_actions_adddup2(&actions, pipes[1], STDOUT_FILENO), 0);
	assert_int_equal(posix_spawn(&pid, "/bin/sh", &actions, NULL, shell, nothing), 0);
	posix_spawn_file_actions_destroy(&actions);
	close(pipes[1]);
	assert_int_equal(read(pipes[0], &byte, 1), 1); /* both are there */
	assert_true(ended_within(pid, 20));
	slot.fd = pipes[0];
	assert_int_equal(poll(&slot, 1, 20000), 1);
	assert_int_equal(read(pipes[0], &byte, 1), 0);
	close(pipes[0]);
	login_leave(&login);
}

/* Who was there before the session is none of it, and who comes after it closed neither. */
static void test_before_and_after(void **state)
{
	struct login login;
	pid_t before = by_spawn(), after;

	open_session(&login);
	assert_false(ended_within(before, 4));
	assert_int_equal(login_close(&login), PAM_SUCCESS);
	after = by_spawn();
	assert_false(ended_within(after, 4));
	end(before);
	end(after);
	login_end(&login);
	assert_true(process_supervisors_end());
	assert_int_equal(alarms(), 0);
}

/* Modules that clean up when the session's processes have ended have a moment to do so. */
static void test_helper_at_the_end(void **state)
{
	char *const shortly[] = {(char *)"sleep", (char *)"1", NULL};
	struct process_view view;
	struct login login;
	int status;
	pid_t pid;

	open_session(&login);
	assert_int_equal(process_fork(&view), 0);
	assert_int_equal(posix_spawn(&pid, "/bin/sleep", NULL, NULL, shortly, nothing), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	login_leave(&login);
	assert_int_equal(alarms(), 0);
}

static unsigned long long cpu_of(pid_t pid)
{
	unsigned long long ns = 0;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)pid);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%llu", &ns), 1);
	fclose(file);
	return ns;
}

/* Not a test of time: only that it does not look over and over. */
static void test_quiet(void **state)
{
	const struct timespec second = {.tv_sec = 1};
	pid_t pids[PROCESS_SUPERVISORS_MAX], pid;
	unsigned long long before;
	struct login login;

	open_session(&login);
	pid = by_fork();
	nanosleep(&second, NULL);
	assert_int_equal(process_supervisors(pids), 3);
	before = cpu_of(pids[1]);
	nanosleep(&second, NULL);
	nanosleep(&second, NULL);
	print_message("    %llu us of CPU in 2 s\n", (cpu_of(pids[1]) - before) / 1000);
	assert_in_range(cpu_of(pids[1]) - before, 0, 200000000);
	end(pid);
	login_leave(&login);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_fork, stage_setup),
		cmocka_unit_test_setup(test_helper, stage_setup),
		cmocka_unit_test(test_ways),
		cmocka_unit_test_setup(test_session_ends, stage_setup),
		cmocka_unit_test_setup(test_grandchildren, stage_setup),
		cmocka_unit_test_setup(test_before_and_after, stage_setup),
		cmocka_unit_test_setup(test_helper_at_the_end, stage_setup),
		cmocka_unit_test_setup(test_quiet, stage_setup),
	};
	int r = stage_enter();

	module = getenv("SANDLOCK_TEST_MODULE_BUILT");
	if (r != 0 || !module)
		return r != 0 ? r : 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
