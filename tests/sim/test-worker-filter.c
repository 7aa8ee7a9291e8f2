/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The filters of the supervisor's own processes, simulated: which of them lets a call with these
 * arguments through. Everybody else is killed for it.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "bpf.h"
#include "cleanup.h"
#include "fd.h"
#include "worker-filter.h"

#define FILTERS WORKER_FILTER_NONE
#define NUMBERS 600
#define X32     0x40000000 /* __X32_SYSCALL_BIT */

#define WORKER  (1U << WORKER_FILTER_WORKER)
#define SCRIBE  (1U << WORKER_FILTER_SCRIBE)
#define WATCHER (1U << WORKER_FILTER_WATCHER)
#define HERALD  (1U << WORKER_FILTER_HERALD)
#define NOBODY  0U

static struct {
	struct sock_filter *code;
	size_t length;
} programs[FILTERS];

static int taken = -1; /* memfd */

int __wrap_seccomp_load(scmp_filter_ctx ctx);

int __wrap_seccomp_load(scmp_filter_ctx ctx)
{
	taken = memfd_create("filter", MFD_CLOEXEC);
	return taken < 0 ? -errno : seccomp_export_bpf(ctx, taken);
}

static int setup(void **state)
{
	for (size_t i = 0; i < FILTERS; i++) {
		size_t size;

		assert_int_equal(worker_filter_load((enum worker_filter)i), 0);
		assert_int_equal(fd_read_all(taken, BPF_MAXINSNS * sizeof(struct sock_filter),
					 (char **)&programs[i].code, &size),
			0);
		programs[i].length = size / sizeof(struct sock_filter);
		taken = fd_close(taken);
	}
	return 0;
}

static int teardown(void **state)
{
	for (size_t i = 0; i < FILTERS; i++)
		free(programs[i].code);
	return 0;
}

static uint32_t run(size_t which, const struct seccomp_data *call)
{
	uint32_t action = 0;

	assert_int_equal(bpf_run(programs[which].code, programs[which].length, call, &action), 0);
	return action;
}

/* Whom the call is allowed; it must kill all others. */
static unsigned allowed(const struct seccomp_data *call)
{
	unsigned who = 0;

	for (size_t i = 0; i < FILTERS; i++) {
		uint32_t action = run(i, call);

		if (action == SECCOMP_RET_ALLOW)
			who |= 1U << i;
		else
			assert_int_equal(action, SECCOMP_RET_KILL_PROCESS);
	}
	return who;
}

static unsigned allowed_native(int number, unsigned argument, uint64_t value)
{
	struct seccomp_data call = {.nr = number, .arch = seccomp_arch_native()};

	call.args[argument] = value;
	return allowed(&call);
}

#define CALL(name) #name, SYS_##name

static const struct {
	const char *name;
	int number;
	unsigned who;
} calls[] = {
	{CALL(process_vm_readv), WORKER},
	{CALL(process_vm_writev), SCRIBE},
	{CALL(pidfd_getfd), WORKER},
	{CALL(pidfd_send_signal), WORKER},
	{CALL(connect), WORKER},
	{CALL(listen), WORKER},
	{CALL(openat), WORKER | WATCHER},
	{CALL(readlinkat), WORKER | WATCHER},
	{CALL(getsockopt), WORKER | HERALD},
	{CALL(sendmsg), WORKER | SCRIBE | WATCHER | HERALD},
	{CALL(recvmsg), WORKER | SCRIBE | WATCHER | HERALD},
	{CALL(exit_group), WORKER | SCRIBE | WATCHER | HERALD},
	{CALL(name_to_handle_at), NOBODY},
	{CALL(execve), NOBODY},
	{CALL(execveat), NOBODY},
	{CALL(ptrace), NOBODY},
	{CALL(kill), NOBODY},
	{CALL(socket), NOBODY},
	{CALL(bind), NOBODY},
	{CALL(sendto), NOBODY},
	{CALL(sendmmsg), NOBODY},
	{CALL(setsockopt), NOBODY},
	{CALL(setns), NOBODY},
	{CALL(unshare), NOBODY},
	{CALL(mount), NOBODY},
	{CALL(setresuid), NOBODY},
	{CALL(capset), NOBODY},
	{CALL(seccomp), NOBODY},
	{CALL(bpf), NOBODY},
	{CALL(fanotify_mark), NOBODY},
	{CALL(io_uring_setup), NOBODY},
	{CALL(unlinkat), NOBODY},
	{CALL(renameat2), NOBODY},
	{CALL(fchmodat), NOBODY},
	{CALL(ftruncate), NOBODY},
};

static void test_calls(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		if (allowed_native(calls[i].number, 0, 0) != calls[i].who)
			fail_msg("%s: allowed to %#x", calls[i].name,
				allowed_native(calls[i].number, 0, 0));
}

/* A handle opens what the folders above it would have kept from the user: never to be read. */
static void test_handles_open_paths_only(void **state)
{
	static const uint64_t reading[] = {O_RDONLY, O_WRONLY, O_RDWR, O_RDONLY | O_DIRECTORY,
		O_RDONLY | O_DIRECTORY | O_CLOEXEC, O_RDWR | O_NONBLOCK, ~(uint64_t)O_PATH,
		(uint64_t)O_PATH << 32};

	assert_int_equal(allowed_native(SYS_open_by_handle_at, 2, O_PATH | O_DIRECTORY | O_CLOEXEC),
		WATCHER);
	for (size_t i = 0; i < ARRAY_SIZE(reading); i++) {
		assert_int_equal(allowed_native(SYS_open_by_handle_at, 2, reading[i]), NOBODY);
		assert_int_equal(
			allowed_native(SYS_open_by_handle_at, 2, reading[i] | O_PATH), WATCHER);
	}
	for (unsigned bit = 0; bit < 64; bit++) {
		uint64_t flag = UINT64_C(1) << bit;
		unsigned who = flag == O_PATH ? WATCHER : NOBODY;

		assert_int_equal(allowed_native(SYS_open_by_handle_at, 2, flag), who);
	}
	/* Of the other arguments none stands in for the flags. */
	assert_int_equal(allowed_native(SYS_open_by_handle_at, 0, O_PATH), NOBODY);
	assert_int_equal(allowed_native(SYS_open_by_handle_at, 1, O_PATH), NOBODY);
}

static void test_threads_are_the_only_children(void **state)
{
	const struct seccomp_data clone3 = {.nr = SYS_clone3, .arch = seccomp_arch_native()};

	assert_int_equal(allowed_native(SYS_clone, 0, CLONE_THREAD | CLONE_VM), WORKER);
	assert_int_equal(allowed_native(SYS_clone, 0, ~(uint64_t)CLONE_THREAD), NOBODY);
	assert_int_equal(allowed_native(SYS_clone, 0, 0), NOBODY);
	for (size_t i = 0; i < FILTERS; i++)
		assert_int_equal(run(i, &clone3), i == WORKER_FILTER_WORKER
							  ? SECCOMP_RET_ERRNO | ENOSYS
							  : SECCOMP_RET_KILL_PROCESS);
}

static void test_other_ways_in(void **state)
{
	for (int number = 0; number < NUMBERS; number++) {
		const struct seccomp_data other = {.nr = number, .arch = AUDIT_ARCH_MIPS};
		const struct seccomp_data x32 = {.nr = number | X32, .arch = seccomp_arch_native()};

		assert_int_equal(allowed(&other), NOBODY);
		assert_int_equal(allowed(&x32), NOBODY);
	}
}

/* With CAP_SYS_ADMIN every call more would have to be thought about. */
static void test_the_herald_has_ten_calls(void **state)
{
	unsigned n = 0;

	for (int number = 0; number < NUMBERS; number++) {
		const struct seccomp_data call = {.nr = number, .arch = seccomp_arch_native()};

		n += run(WORKER_FILTER_HERALD, &call) == SECCOMP_RET_ALLOW;
	}
#if defined(__SANITIZE_ADDRESS__)
	n--; /* sigaltstack(2) is the sanitizer's */
#endif
	assert_int_equal(n, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_handles_open_paths_only),
		cmocka_unit_test(test_threads_are_the_only_children),
		cmocka_unit_test(test_other_ways_in),
		cmocka_unit_test(test_the_herald_has_ten_calls),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
