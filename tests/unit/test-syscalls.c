/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Names of calls and sets: numbers per architecture, what sets hold, what is no name. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/audit.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "syscalls.h"

#define NONE (-1)

static void test_numbers(void **state)
{
	static const struct {
		const char *name;
		int r, x86_64, arm64_r, arm64;
	} rows[] = {
		{"read", 0, 0, 0, 63},
		{"connect", 0, 42, 0, 203},
		{"fchmodat2", 0, 452, 0, 452},
		{"open", 0, 2, SYSCALLS_E_ABSENT, NONE},
		{"socketcall", SYSCALLS_E_ABSENT, NONE, SYSCALLS_E_ABSENT, NONE},
		{"umount", SYSCALLS_E_ABSENT, NONE, SYSCALLS_E_ABSENT, NONE},
		{"opne", SYSCALLS_E_UNKNOWN, NONE, SYSCALLS_E_UNKNOWN, NONE},
		{"Read", SYSCALLS_E_UNKNOWN, NONE, SYSCALLS_E_UNKNOWN, NONE},
		{"@mount", SYSCALLS_E_UNKNOWN, NONE, SYSCALLS_E_UNKNOWN, NONE},
		{"", SYSCALLS_E_UNKNOWN, NONE, SYSCALLS_E_UNKNOWN, NONE},
		{"0", SYSCALLS_E_UNKNOWN, NONE, SYSCALLS_E_UNKNOWN, NONE},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t length = strlen(rows[i].name);
		unsigned number = (unsigned)NONE;

		if (syscall_number(AUDIT_ARCH_X86_64, rows[i].name, length, &number) != rows[i].r ||
			(int)number != rows[i].x86_64)
			fail_msg("%s: %d", rows[i].name, (int)number);
		number = (unsigned)NONE;
		if (syscall_number(AUDIT_ARCH_AARCH64, rows[i].name, length, &number) !=
				rows[i].arm64_r ||
			(int)number != rows[i].arm64)
			fail_msg("%s on arm64: %d", rows[i].name, (int)number);
	}
}

static void test_names_end_where_they_are_told_to(void **state)
{
	char endless[2 * SYSCALL_NAME_MAX];
	unsigned number;

	assert_int_equal(syscall_number(SYSCALLS_NATIVE, "getpidx", 6, &number), 0);
	assert_int_equal(number, SYS_getpid);
	assert_int_equal(
		syscall_number(SYSCALLS_NATIVE, "read\0x", 6, &number), SYSCALLS_E_UNKNOWN);
	memset(endless, 'a', sizeof(endless));
	assert_int_equal(syscall_number(SYSCALLS_NATIVE, endless, sizeof(endless), &number),
		SYSCALLS_E_UNKNOWN);
	assert_ptr_equal(syscall_set_find("@swapx", 5), syscall_set_find("@swap", 5));
	assert_null(syscall_set_find("@swa", 4));
	assert_null(syscall_set_find("swap", 4));
}

static bool set_has(const char *set, unsigned call)
{
	struct syscalls calls = {0};

	assert_int_equal(syscalls_add_word(&calls, SYSCALLS_NATIVE, set, strlen(set)), 0);
	return syscalls_have(&calls, call);
}

static void test_sets(void **state)
{
	static const struct {
		const char *set;
		unsigned in, out;
	} rows[] = {
		{"@default", SYS_mmap, SYS_read},
		{"@aio", SYS_io_uring_setup, SYS_read},
		{"@basic-io", SYS_pread64, SYS_socket},
		{"@chown", SYS_fchownat, SYS_fchmodat},
		{"@clock", SYS_settimeofday, SYS_gettimeofday},
		{"@cpu-emulation", SYS_modify_ldt, SYS_arch_prctl},
		{"@debug", SYS_ptrace, SYS_process_vm_readv},
		{"@file-system", SYS_renameat2, SYS_chroot},
		{"@io-event", SYS_epoll_pwait2, SYS_timerfd_create},
		{"@ipc", SYS_shmget, SYS_socketpair},
		{"@keyring", SYS_keyctl, SYS_read},
		{"@memlock", SYS_mlock2, SYS_madvise},
		{"@module", SYS_finit_module, SYS_kexec_load},
		{"@mount", SYS_move_mount, SYS_unshare},
		{"@network-io", SYS_connect, SYS_read},
		{"@obsolete", SYS_uselib, SYS_time},
		{"@pkey", SYS_pkey_mprotect, SYS_mprotect},
		{"@privileged", SYS_init_module, SYS_setgid},
		{"@privileged", SYS_chown, SYS_ptrace},
		{"@process", SYS_clone, SYS_execve},
		{"@raw-io", SYS_iopl, SYS_ioctl},
		{"@reboot", SYS_kexec_file_load, SYS_swapon},
		{"@resources", SYS_setpriority, SYS_getpriority},
		{"@sandbox", SYS_seccomp, SYS_prctl},
		{"@setuid", SYS_setresgid, SYS_setfsuid},
		{"@signal", SYS_signalfd4, SYS_kill},
		{"@swap", SYS_swapoff, SYS_mlock},
		{"@sync", SYS_msync, SYS_mmap},
		{"@system-service", SYS_kill, SYS_mount},
		{"@system-service", SYS_openat, SYS_ptrace},
		{"@timer", SYS_timerfd_settime, SYS_nanosleep},
		{"@known", SYS_ptrace, 400},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!set_has(rows[i].set, rows[i].in) || set_has(rows[i].set, rows[i].out))
			fail_msg("row %zu: %s", i, rows[i].set);
}

/* A slip in the table would not show otherwise: every word is a set, or a call somewhere. */
static void test_every_member_is_a_name(void **state)
{
	/* Younger than libseccomp 2.5.4, blanks around each. */
	static const char later[] = " getxattrat listxattrat open_tree_attr removexattrat "
				    "riscv_hwprobe setxattrat uretprobe ";

	for (size_t i = 0; i < n_syscall_sets; i++) {
		const char *member = syscall_sets[i].members;
		size_t length;

		assert_int_equal(syscall_sets[i].name[0], '@');
		for (; member && (length = syscall_next_word(&member)) > 0; member += length) {
			char name[SYSCALL_NAME_MAX + 2];
			unsigned number;

			snprintf(name, sizeof(name), " %.*s ", (int)length, member);
			if (member[0] == '@')
				assert_non_null(syscall_set_find(member, length));
			else if (!strstr(later, name) &&
				 syscall_number(SYSCALLS_NATIVE, member, length, &number) ==
					 SYSCALLS_E_UNKNOWN)
				fail_msg("%s:%s", syscall_sets[i].name, name);
		}
	}
}

static void test_words(void **state)
{
	struct syscalls calls = {0};

	assert_int_equal(syscalls_add_word(&calls, SYSCALLS_NATIVE, "read", 4), 0);
	assert_int_equal(syscalls_add_word(&calls, SYSCALLS_NATIVE, "@swap", 5), 0);
	assert_int_equal(
		syscalls_add_word(&calls, SYSCALLS_NATIVE, "umount", 6), SYSCALLS_E_ABSENT);
	assert_int_equal(syscalls_add_word(&calls, SYSCALLS_NATIVE, "@swp", 4), SYSCALLS_E_UNKNOWN);
	assert_int_equal(syscalls_add_word(&calls, SYSCALLS_NATIVE, "raed", 4), SYSCALLS_E_UNKNOWN);
	assert_int_equal(syscalls_add_word(&calls, SYSCALLS_NATIVE, "", 0), SYSCALLS_E_UNKNOWN);
	assert_int_equal(syscalls_count(&calls), 3);
}

static void test_nearest(void **state)
{
	static const struct {
		const char *word, *nearest;
	} rows[] = {
		{"opnat", "openat"},
		{"perf_even_open", "perf_event_open"},
		{"@moutn", "@mount"},
		{"@netwrk-io", "@network-io"},
		{"xyzzyxyzzy", NULL},
		{"@xyzzyxyzzy", NULL},
	};
	char buffer[SYSCALL_NAME_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *nearest = syscall_nearest(rows[i].word, strlen(rows[i].word), buffer);

		if (rows[i].nearest)
			assert_string_equal(nearest, rows[i].nearest);
		else
			assert_null(nearest);
	}
}

static void test_arithmetic(void **state)
{
	struct syscalls a = {0}, b = {0};

	syscalls_add(&a, 0);
	syscalls_add(&a, 63);
	syscalls_add(&a, 64);
	syscalls_add(&a, SYSCALLS_MAX - 1);
	syscalls_add(&a, SYSCALLS_MAX);
	assert_int_equal(syscalls_count(&a), 4);
	assert_false(syscalls_have(&a, 1));
	assert_false(syscalls_have(&a, SYSCALLS_MAX));
	assert_false(syscalls_have(&a, SYSCALLS_MAX + 64));
	syscalls_add(&b, 64);
	syscalls_add(&b, 65);
	assert_true(syscalls_meet(&a, &b));
	syscalls_unite(&b, &a);
	assert_int_equal(syscalls_count(&b), 5);
	syscalls_remove(&b, &a);
	assert_int_equal(syscalls_count(&b), 1);
	assert_true(syscalls_have(&b, 65));
	assert_false(syscalls_meet(&a, &b));
	syscalls_intersect(&a, &b);
	assert_int_equal(syscalls_count(&a), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_names_end_where_they_are_told_to),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_every_member_is_a_name),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_arithmetic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
