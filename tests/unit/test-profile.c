/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The profiles: each holds those before it, and what its programs are for. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/audit.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "profile.h"

static const uint32_t arches[] = {AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64};

/* A slip in the table would show nowhere else. */
static void test_every_word_is_a_call(void **state)
{
	for (int profile = PROFILE_ESSENTIAL; profile < PROFILES; profile++) {
		for (size_t i = 0; i < PROFILE_PARAGRAPHS && profiles[profile].adds[i]; i++) {
			/* Younger than libseccomp 2.5.4, blanks around each. */
			static const char later[] = " getxattrat listxattrat mseal removexattrat "
						    "setxattrat ";
			const char *word = profiles[profile].adds[i];
			size_t length;

			for (; (length = syscall_next_word(&word)) > 0; word += length) {
				char name[SYSCALL_NAME_MAX + 2];
				unsigned number;

				snprintf(name, sizeof(name), " %.*s ", (int)length, word);
				if (syscall_number(SYSCALLS_NATIVE, word, length, &number) ==
						SYSCALLS_E_UNKNOWN &&
					!strstr(later, name))
					fail_msg("%s:%s", profiles[profile].name, name);
			}
		}
	}
}

static void test_cumulative(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(arches); i++) {
		struct syscalls before = {0}, all, calls;

		profile_calls(PROFILE_UNRESTRICTED, arches[i], &all);
		for (int profile = PROFILE_ESSENTIAL; profile < PROFILES; profile++) {
			profile_calls(profile, arches[i], &calls);
			assert_true(syscalls_count(&calls) > syscalls_count(&before));
			syscalls_remove(&before, &calls);
			assert_int_equal(syscalls_count(&before), 0);
			before = calls;
		}
		syscalls_remove(&before, &all);
		assert_int_equal(syscalls_count(&before), 0);
		assert_true(syscalls_count(&calls) < syscalls_count(&all));
	}
}

/* The profile that a call comes with. */
static const struct {
	const char *call;
	enum profile first;
} rows[] = {
	{"exit_group", PROFILE_ESSENTIAL},
	{"execve", PROFILE_ESSENTIAL},
	{"openat", PROFILE_ESSENTIAL},
	{"read", PROFILE_ESSENTIAL},
	{"pread64", PROFILE_ESSENTIAL},
	{"setresuid", PROFILE_ESSENTIAL},
	{"getpeername", PROFILE_ESSENTIAL},
	{"getpgid", PROFILE_ESSENTIAL},
	{"clone", PROFILE_MINIMAL},
	{"wait4", PROFILE_MINIMAL},
	{"kill", PROFILE_MINIMAL},
	{"pipe2", PROFILE_MINIMAL},
	{"nanosleep", PROFILE_MINIMAL},
	{"getdents64", PROFILE_MINIMAL},
	{"ppoll", PROFILE_MINIMAL},
	{"epoll_pwait2", PROFILE_MINIMAL},
	{"signalfd4", PROFILE_MINIMAL},
	{"fgetxattr", PROFILE_MINIMAL},
	{"unlinkat", PROFILE_IO_HEAVY},
	{"mkdirat", PROFILE_IO_HEAVY},
	{"renameat2", PROFILE_IO_HEAVY},
	{"fchmodat2", PROFILE_IO_HEAVY},
	{"copy_file_range", PROFILE_IO_HEAVY},
	{"fsetxattr", PROFILE_IO_HEAVY},
	{"sched_setaffinity", PROFILE_COMPUTE},
	{"sched_setattr", PROFILE_COMPUTE},
	{"mbind", PROFILE_COMPUTE},
	{"socket", PROFILE_NETWORK},
	{"connect", PROFILE_NETWORK},
	{"recvmmsg", PROFILE_NETWORK},
	{"ptrace", PROFILES},
	{"mount", PROFILES},
	{"clone3", PROFILES},
	{"io_uring_setup", PROFILES},
	{"process_vm_readv", PROFILES},
	{"shmget", PROFILES},
	{"keyctl", PROFILES},
	{"unshare", PROFILES},
	{"seccomp", PROFILES},
	{"chroot", PROFILES},
};

static void test_first_profile_of_calls(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(arches); j++) {
			unsigned number;

			assert_int_equal(syscall_number(arches[j], rows[i].call,
						 strlen(rows[i].call), &number),
				0);
			for (int profile = PROFILE_ESSENTIAL; profile < PROFILES; profile++) {
				struct syscalls calls;

				profile_calls(profile, arches[j], &calls);
				if (syscalls_have(&calls, number) !=
					(profile >= (int)rows[i].first))
					fail_msg("%s under %s", rows[i].call,
						profiles[profile].name);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_word_is_a_call),
		cmocka_unit_test(test_cumulative),
		cmocka_unit_test(test_first_profile_of_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
