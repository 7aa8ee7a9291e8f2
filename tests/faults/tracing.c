/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* ptrace(2) over a tree of processes: who is who, which call is which. */

#include "tracing.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ptrace.h>

#include "registers.h"

#define MODULE     "pam_sandlock.so"
#define SUPERVISOR "sandlock-supervisor"

/* A login may take the look-up's 5 s and the hand-over's; what it leaves has until OPENING_SECONDS.
 */
enum { LOGIN_SECONDS = 20, OUTLIVE_SECONDS = 12 };

enum {
	OPTIONS = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
		  PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL
};

struct task {
	pid_t tid; /* 0: free */
	char name[TRACING_NAME_MAX];
	unsigned int n_children, n_calls;
	bool known;    /* its parent has told of it */
	bool stopped;  /* it waits for that */
	bool counting; /* its calls are points */
	bool user;     /* it is the user's command, or of it */
	bool diverted;
	struct registers saved;
};

struct tracing {
	const struct tracing_point *point;
	struct tracing_result *result;
	struct task tasks[TRACING_TASKS_MAX];
	size_t n_tasks;
	bool login_ended;
};

static volatile sig_atomic_t timed_out;

static void on_alarm(int signal_number)
{
	(void)signal_number;
	timed_out = 1;
}

static struct task *task_find(struct tracing *t, pid_t tid)
{
	for (size_t i = 0; i < t->n_tasks; i++)
		if (t->tasks[i].tid == tid)
			return &t->tasks[i];
	return NULL;
}

static struct task *task_add(struct tracing *t, pid_t tid)
{
	struct task *task;

	if (t->n_tasks == TRACING_TASKS_MAX) {
		fprintf(stderr, "faults: more than %d processes\n", TRACING_TASKS_MAX);
		exit(1);
	}
	task = &t->tasks[t->n_tasks++];
	*task = (struct task){.tid = tid};
	return task;
}

static void resume(const struct task *task, int signal_number)
{
	/* A task that was killed meanwhile has nothing to be resumed. */
	if (ptrace(task->user ? PTRACE_CONT : PTRACE_SYSCALL, task->tid, 0, signal_number) < 0 &&
		errno != ESRCH) {
		perror("faults: ptrace");
		exit(1);
	}
}

static void born(struct tracing *t, struct task *parent, pid_t tid)
{
	struct task *task = task_find(t, tid);

	if (!task)
		task = task_add(t, tid);
	snprintf(task->name, sizeof(task->name), "%.20s.%u", parent->name, ++parent->n_children);
	task->known = true;
	task->user = parent->user;
	task->counting = parent->counting;
	if (task->stopped)
		resume(task, 0);
}

/* The first argument that is a path; what cannot be read is not the module's. */
static bool opens_module(pid_t tid, const struct ptrace_syscall_info *info)
{
	char path[256] = "";
	struct iovec local = {path, sizeof(path) - 1};
	struct iovec remote = {(void *)(uintptr_t)info->entry.args[1], sizeof(path) - 1};
	const size_t to_page_end = 4096 - info->entry.args[1] % 4096;

	if (info->entry.nr != SYS_openat)
		return false;
	if (remote.iov_len > to_page_end)
		remote.iov_len = to_page_end;
	return process_vm_readv(tid, &local, 1, &remote, 1, 0) > 0 && strstr(path, MODULE);
}

static bool ends_itself(uint64_t call)
{
	return call == SYS_exit || call == SYS_exit_group || call == SYS_rt_sigreturn;
}

static void entered(struct tracing *t, struct task *task, const struct ptrace_syscall_info *info)
{
	if (!task->counting && t->point && opens_module(task->tid, info))
		task->counting = true;
	if (!task->counting)
		return;
	task->n_calls++;
	if (t->point->error == 0 || task->n_calls != t->point->call ||
		strcmp(task->name, t->point->task) != 0 || ends_itself(info->entry.nr))
		return;
	t->result->call = (int)info->entry.nr;
	task->diverted = registers_divert(task->tid, &task->saved) == 0;
}

static void left(struct tracing *t, struct task *task)
{
	if (!task->diverted)
		return;
	task->diverted = false;
	t->result->reached = registers_fail(task->tid, &task->saved, t->point->error) == 0;
}

static void at_call(struct tracing *t, struct task *task)
{
	struct ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, task->tid, sizeof(info), &info) < 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		entered(t, task, &info);
	else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
		left(t, task);
}

static void executed(struct task *task)
{
	char link[64], path[256];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/%d/exe", task->tid);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0 || strcmp(task->name, "0") == 0)
		return;
	path[n] = '\0';
	task->user = !strstr(path, SUPERVISOR);
}

static void record(struct tracing *t, const struct task *task)
{
	struct tracing_task *row;

	if (task->n_calls == 0)
		return;
	row = &t->result->tasks[t->result->n_tasks++];
	memcpy(row->name, task->name, sizeof(row->name));
	row->n_calls = task->n_calls;
}

/* Again and again: the first may come just before we wait. */
static void alarm_in(time_t seconds)
{
	const struct itimerval timer = {{1, 0}, {seconds, 0}};

	setitimer(ITIMER_REAL, &timer, NULL);
}

static void ended(struct tracing *t, struct task *task)
{
	record(t, task);
	if (strcmp(task->name, "0") == 0 && !timed_out) {
		t->login_ended = true;
		alarm_in(OUTLIVE_SECONDS);
	}
	/* Its number may come back. */
	task->tid = -1;
}

static void stopped(struct tracing *t, struct task *task, int status)
{
	int event = status >> 16, signal_number = WSTOPSIG(status);
	unsigned long message = 0;

	if (!task->known) {
		task->stopped = true;
		return;
	}
	if (signal_number == (SIGTRAP | 0x80)) {
		at_call(t, task);
		signal_number = 0;
	} else if (event == PTRACE_EVENT_EXEC) {
		executed(task);
		signal_number = 0;
	} else if (event != 0) {
		if (ptrace(PTRACE_GETEVENTMSG, task->tid, 0, &message) == 0)
			born(t, task, (pid_t)message);
		signal_number = 0;
	} else if (signal_number == SIGSTOP && !task->stopped) {
		/* The stop that a traced child begins with, told of before by its parent. */
		task->stopped = true;
		signal_number = 0;
	}
	resume(task, signal_number);
}

/* Where it is: the number and arguments of its call, from /proc/PID/syscall. */
static void tell_where(const struct task *task)
{
	char path[64], text[128] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/syscall", task->tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (read(fd, text, sizeof(text) - 1) > 0)
		printf("# process %s%s is in call %.*s\n", task->name, task->user ? " (user)" : "",
			(int)strcspn(text, "\n"), text);
	close(fd);
}

static void kill_all(struct tracing *t)
{
	t->result->hung = !t->login_ended;
	t->result->outlived = t->login_ended;
	for (size_t i = 0; i < t->n_tasks; i++) {
		if (t->tasks[i].tid <= 0)
			continue;
		tell_where(&t->tasks[i]);
		kill(t->tasks[i].tid, SIGKILL);
	}
}

static void follow(struct tracing *t)
{
	bool killed = false;
	struct task *task;
	int status;
	pid_t tid;

	for (;;) {
		tid = waitpid(-1, &status, __WALL);
		if (timed_out && !killed) {
			kill_all(t);
			killed = true;
		}
		if (tid < 0 && errno == EINTR)
			continue;
		if (tid < 0)
			return; /* ECHILD: all are gone */
		task = task_find(t, tid);
		if (!task)
			task = task_add(t, tid);
		if (WIFSTOPPED(status))
			stopped(t, task, status);
		else
			ended(t, task);
	}
}

static void start(char *const command[], int output)
{
	if (dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0 ||
		ptrace(PTRACE_TRACEME, 0, 0, 0) < 0 || raise(SIGSTOP) != 0)
		_exit(127);
	execv(command[0], command);
	_exit(127);
}

static void output_read(int fd, struct tracing_result *result)
{
	size_t n = 0;
	ssize_t r;

	while (n < sizeof(result->output) - 1 &&
		(r = read(fd, result->output + n, sizeof(result->output) - 1 - n)) > 0)
		n += (size_t)r;
	result->output[n] = '\0';
}

int tracing_run(
	char *const command[], const struct tracing_point *point, struct tracing_result *ret)
{
	const struct sigaction action = {.sa_handler = on_alarm};
	static struct tracing t;
	struct task *first;
	int output[2], status;
	pid_t pid;

	t = (struct tracing){.point = point, .result = ret};
	*ret = (struct tracing_result){0};
	timed_out = 0;
	if (sigaction(SIGALRM, &action, NULL) < 0 || pipe2(output, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0)
		start(command, output[1]);
	close(output[1]);
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status) ||
		ptrace(PTRACE_SETOPTIONS, pid, 0, OPTIONS) < 0)
		return -ECHILD;
	first = task_add(&t, pid);
	snprintf(first->name, sizeof(first->name), "0");
	first->known = first->stopped = true;
	alarm_in(LOGIN_SECONDS);
	resume(first, 0);
	follow(&t);
	setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
	output_read(output[0], ret);
	close(output[0]);
	return 0;
}
