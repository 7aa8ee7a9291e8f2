/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a worker may ask of the kernel: neither exec nor ptrace nor writing to other processes is in
 * it, and threads are the only processes it can make. And a scribe, which can write and little
 * else, and a herald, which can send. The second user of libseccomp besides lib/filter.c; that one
 * is for sessions.
 */

#include "worker-filter.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>

#include "cleanup.h"
#include "deadline.h"

#define LOAD_SECONDS 5

/* What a list of calls cannot say. */
struct rule {
	int call;
	uint32_t action;
	unsigned n_tests; /* 0 or 1 */
	struct scmp_arg_cmp test;
};

static const int worker_calls[] = {
	/* notifications, and the target behind one */
	SCMP_SYS(ioctl),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(pidfd_open),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(kcmp),
	/* acting on a fetched socket */
	SCMP_SYS(connect),
	SCMP_SYS(listen),
	SCMP_SYS(shutdown),
	SCMP_SYS(getsockname),
	SCMP_SYS(getsockopt),
	SCMP_SYS(fcntl),
	/* connections that take their time */
	SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(epoll_pwait),
	/* pinning a path */
	SCMP_SYS(openat),
	SCMP_SYS(openat2),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(statx),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	/* ending the session when the monitor is gone */
	SCMP_SYS(getdents64),
	SCMP_SYS(pidfd_send_signal),
	SCMP_SYS(clock_nanosleep),
	/* talking to the monitor */
	SCMP_SYS(sendmsg),
	SCMP_SYS(recvmsg),
	SCMP_SYS(read),
	SCMP_SYS(close),
	/* threads, memory, time, the end */
	SCMP_SYS(futex),
	SCMP_SYS(mmap),
	SCMP_SYS(munmap),
	SCMP_SYS(mprotect),
	SCMP_SYS(madvise),
	SCMP_SYS(mremap),
	SCMP_SYS(brk),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(tgkill),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(sched_yield),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(timer_delete), /* worker_filter_load()'s own */
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	/* what the sanitizers' run time asks for besides */
	SCMP_SYS(sigaltstack),
	SCMP_SYS(write),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(getrandom),
	SCMP_SYS(prctl),
	SCMP_SYS(prlimit64),
	SCMP_SYS(open),
#endif
};

static const struct rule worker_rules[] = {
	/* pthread_create: clone3 is not there for us (its flags are in memory), clone is */
	{SCMP_SYS(clone3), SCMP_ACT_ERRNO(ENOSYS), 0, {0}},
	{SCMP_SYS(clone), SCMP_ACT_ALLOW, 1, {0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD}},
};

static const int scribe_calls[] = {
	/* writing, and where */
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(newfstatat),
	SCMP_SYS(stat),
	/* talking to the worker */
	SCMP_SYS(sendmsg),
	SCMP_SYS(recvmsg),
	SCMP_SYS(close),
	/* time, the end */
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(timer_delete),
	SCMP_SYS(exit_group),
#if defined(__SANITIZE_ADDRESS__)
	SCMP_SYS(sigaltstack),
#endif
};

static const int watcher_calls[] = {
	/* events, and what they are about */
	SCMP_SYS(read),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(openat),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(statx),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(close),
	/* talking to the monitor */
	SCMP_SYS(sendmsg),
	SCMP_SYS(recvmsg),
	/* memory, time, the end */
	SCMP_SYS(mmap),
	SCMP_SYS(munmap),
	SCMP_SYS(brk),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(timer_delete),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(exit_group),
#if defined(__SANITIZE_ADDRESS__)
	SCMP_SYS(ioctl),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(madvise),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(futex),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(write),
	SCMP_SYS(mprotect),
	SCMP_SYS(open),
	/* and what it needs to say what it has found */
	SCMP_SYS(mkdir),
	SCMP_SYS(pipe2),
	SCMP_SYS(fcntl),
#endif
};

static const struct rule watcher_rules[] = {
	/* by a handle nobody asks for the folders above: it may look, and read nothing */
	{SCMP_SYS(open_by_handle_at), SCMP_ACT_ALLOW, 1, {2, SCMP_CMP_MASKED_EQ, O_PATH, O_PATH}},
};

/* The rest of CAP_SYS_ADMIN is out of reach: none of these calls asks for it but sendmsg(2). */
static const int herald_calls[] = {
	/* in whose name, and where */
	SCMP_SYS(newfstatat),
	SCMP_SYS(stat),
	SCMP_SYS(getsockopt),
	/* sending, and talking to the worker */
	SCMP_SYS(sendmsg),
	SCMP_SYS(recvmsg),
	SCMP_SYS(close),
	/* time, the end */
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(timer_delete),
	SCMP_SYS(exit_group),
#if defined(__SANITIZE_ADDRESS__)
	SCMP_SYS(sigaltstack),
#endif
};

static const struct {
	const int *calls; /* allowed whatever their arguments */
	size_t n_calls;
	const struct rule *rules;
	size_t n_rules;
} filters[] = {
	[WORKER_FILTER_WORKER] = {worker_calls, ARRAY_SIZE(worker_calls), worker_rules,
		ARRAY_SIZE(worker_rules)},
	[WORKER_FILTER_SCRIBE] = {scribe_calls, ARRAY_SIZE(scribe_calls), NULL, 0},
	[WORKER_FILTER_WATCHER] = {watcher_calls, ARRAY_SIZE(watcher_calls), watcher_rules,
		ARRAY_SIZE(watcher_rules)},
	[WORKER_FILTER_HERALD] = {herald_calls, ARRAY_SIZE(herald_calls), NULL, 0},
};

static int add_rules(scmp_filter_ctx ctx, enum worker_filter which)
{
	int r = 0;

	for (size_t i = 0; i < filters[which].n_calls && r == 0; i++)
		r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, filters[which].calls[i], 0);
	for (size_t i = 0; i < filters[which].n_rules && r == 0; i++) {
		const struct rule *rule = &filters[which].rules[i];

		r = seccomp_rule_add_array(
			ctx, rule->action, rule->call, rule->n_tests, &rule->test);
	}
	return r;
}

static int load(enum worker_filter which)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int r;

	if (!ctx)
		return -ENOMEM;
	r = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	/* By default only the thread. */
	if (r == 0)
		r = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (r == 0)
		r = add_rules(ctx, which);
	if (r == 0)
		r = seccomp_load(ctx);
	seccomp_release(ctx);
	return r;
}

int worker_filter_load(enum worker_filter which)
{
	timer_t deadline;
	int r = deadline_start(LOAD_SECONDS, &deadline);

	if (r < 0)
		return r;
	r = load(which);
	deadline_stop(deadline);
	return r;
}
