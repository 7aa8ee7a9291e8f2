/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * fork, confine, become, exec: in this order, as in a login, so that the policy holds for
 * everything done in the user's name. The child says through a pipe how far it came.
 */

#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "fd.h"
#include "str.h"

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000 /* Linux 6.14 */
#endif

#define CAPTURE_MAX (256 * 1024)

static const int passed_on[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH};

static volatile sig_atomic_t child;

static void pass_on(int sig, siginfo_t *info, void *context)
{
	int saved = errno;

	/* SI_KERNEL: from the terminal, to the whole process group: the child has it already. */
	if (child > 0 && info->si_code != SI_KERNEL)
		kill((pid_t)child, sig);
	errno = saved;
}

static void handle_signals(struct sigaction saved[ARRAY_SIZE(passed_on)])
{
	struct sigaction action = {.sa_sigaction = pass_on, .sa_flags = SA_SIGINFO | SA_RESTART};

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_SIZE(passed_on); i++)
		sigaction(passed_on[i], &action, &saved[i]);
}

static void restore_signals(const struct sigaction saved[ARRAY_SIZE(passed_on)])
{
	for (size_t i = 0; i < ARRAY_SIZE(passed_on); i++)
		sigaction(passed_on[i], &saved[i], NULL);
}

/*
 * Starts a child that can tell us something: 0 and its pid with the end to read from, or in the
 * child pid 0 with the end to write to; or -errno.
 */
static int fork_piped(pid_t *ret_pid, int *ret_pipe)
{
	_cleanup_close_ int reading = -1;
	_cleanup_close_ int writing = -1;
	int pipe[2];
	pid_t pid;

	if (pipe2(pipe, O_CLOEXEC) < 0)
		return -errno;
	reading = pipe[0];
	writing = pipe[1];
	/* Who starts us may ignore it, and then there would be nothing to wait for, wait(2). */
	signal(SIGCHLD, SIG_DFL);
	pid = fork();
	if (pid < 0)
		return -errno;
	*ret_pid = pid;
	*ret_pipe = pid == 0 ? take_fd(&writing) : take_fd(&reading);
	return 0;
}

/* Real, effective and saved ids, so that there is no way back. */
static int become(const struct identity *identity)
{
	if (setgroups(identity->n_groups, identity->groups) < 0 ||
		setresgid(identity->gid, identity->gid, identity->gid) < 0 ||
		setresuid(identity->uid, identity->uid, identity->uid) < 0)
		return -errno;
	/* As login(1): a home that cannot be entered is no reason not to start. */
	if (chdir(identity->home) < 0 && chdir("/") < 0)
		return -errno;
	return 0;
}

static struct launch_result try_launch(const struct launch *launch)
{
	int r = arm_confine(launch->arm);

	if (r < 0)
		return (struct launch_result){.failed = LAUNCH_CONFINE, .error = -r};
	if (launch->become) {
		r = become(launch->become);
		if (r < 0)
			return (struct launch_result){.failed = LAUNCH_BECOME, .error = -r};
	}
	r = arm_profile(launch->arm);
	if (r < 0)
		return (struct launch_result){.failed = LAUNCH_CONFINE, .error = -r};
	/* Not execvpe(3): that looks along the PATH of our environment, not of the new one. */
	environ = (char **)launch->environment;
	execvp(launch->argv[0], launch->argv);
	return (struct launch_result){.failed = LAUNCH_EXEC, .error = errno};
}

static _Noreturn void be_child(const struct launch *launch, int pipe)
{
	struct launch_result result = try_launch(launch);

	/* The parent takes a missing message for success, so it must see another end. */
	if (fd_write_all(pipe, &result, sizeof(result)) < 0)
		abort();
	_exit(125);
}

/* Nothing comes when exec closed the pipe. */
static struct launch_result read_result(int pipe)
{
	struct launch_result result = {.failed = LAUNCH_DONE};
	ssize_t n;

	do
		n = read(pipe, &result, sizeof(result));
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(result) ? result : (struct launch_result){LAUNCH_DONE};
}

static struct launch_result wait_for(pid_t pid, int pipe)
{
	struct launch_result result = read_result(pipe);
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	result.status = status;
	return result;
}

static struct launch_result failed_fork(int error)
{
	return (struct launch_result){.failed = LAUNCH_FORK, .error = error};
}

struct launch_result launch_run(const struct launch *launch)
{
	_cleanup_close_ int pipe = -1;
	struct sigaction saved[ARRAY_SIZE(passed_on)];
	struct launch_result result;
	sigset_t all, mask;
	pid_t pid = -1;
	int r;

	/* No signal is lost between the fork and knowing whom to pass it on to. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &mask);
	handle_signals(saved);
	r = fork_piped(&pid, &pipe);
	if (pid == 0) {
		restore_signals(saved);
		sigprocmask(SIG_SETMASK, &mask, NULL);
		be_child(launch, pipe);
	}
	child = pid > 0 ? pid : 0;
	sigprocmask(SIG_SETMASK, &mask, NULL);
	result = r < 0 ? failed_fork(-r) : wait_for(pid, pipe);
	child = 0;
	restore_signals(saved);
	return result;
}

static _Noreturn void be_attempt(const struct arm *arm, const struct identity *identity,
	launch_attempt_fn *attempt, void *userdata, void *results, size_t size, int pipe)
{
	int r = arm_restrict(arm);

	if (r == 0 && identity)
		r = become(identity);
	if (r == 0)
		attempt(userdata, results);
	/* Whoever does not hear all of it takes that for a failure. */
	if (fd_write_all(pipe, &r, sizeof(r)) == 0 && r == 0)
		_exit(fd_write_all(pipe, results, size) < 0);
	_exit(1);
}

static int read_all(int pipe, void *bytes, size_t size)
{
	char *at = bytes;

	while (size > 0) {
		ssize_t n = read(pipe, at, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EPIPE;
		at += n;
		size -= (size_t)n;
	}
	return 0;
}

int launch_attempt(const struct arm *arm, const struct identity *identity,
	launch_attempt_fn *attempt, void *userdata, void *results, size_t size)
{
	_cleanup_close_ int pipe = -1;
	int failed, r;
	pid_t pid;

	r = fork_piped(&pid, &pipe);
	if (r < 0)
		return r;
	if (pid == 0)
		be_attempt(arm, identity, attempt, userdata, results, size, pipe);
	r = read_all(pipe, &failed, sizeof(failed));
	if (r == 0)
		r = failed < 0 ? failed : read_all(pipe, results, size);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return r;
}

int launch_could_execute(int fd)
{
	char *const nothing[] = {NULL};

	if (syscall(SYS_execveat, fd, "", nothing, nothing, AT_EMPTY_PATH | AT_EXECVE_CHECK) == 0)
		return 0;
	/* An older kernel does not know the flag. */
	return errno == EINVAL ? LAUNCH_E_UNKNOWN : -errno;
}

static _Noreturn void be_captured(char *const argv[], int output)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(null, STDERR_FILENO) >= 0 &&
		dup2(output, STDOUT_FILENO) >= 0)
		execvp(argv[0], argv);
	_exit(127);
}

/* To its end: who writes must not be stopped by a full pipe. */
static char *read_output(int pipe)
{
	_cleanup_str_ struct str text = STR_INIT;
	char buffer[4096];
	ssize_t n;

	str_puts(&text, "");
	while ((n = read(pipe, buffer, sizeof(buffer))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0 && text.length < CAPTURE_MAX)
			str_add(&text, buffer, (size_t)n);
	return str_take(&text);
}

int launch_capture(char *const argv[], char **ret)
{
	_cleanup_close_ int pipe = -1;
	_cleanup_free_ char *text = NULL;
	int status, r;
	pid_t pid;

	r = fork_piped(&pid, &pipe);
	if (r < 0)
		return r;
	if (pid == 0)
		be_captured(argv, pipe);
	text = read_output(pipe);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (!text)
		return -ENOMEM;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return -EIO;
	*ret = take_ptr(text);
	return 0;
}
