/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Every number that a call may have, under every specification, this machine's and arm64's: what
 * the kernel's own tables have, what is free, x32, other architectures.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <string.h>

#include "cleanup.h"
#include "expect.h"
#include "filters.h"

#define NUMBERS 600
#define X32_BIT 0x40000000U

struct kernel_call {
	const char *name;
	unsigned number;
};

#include "kernel-calls.h"

static uint32_t run(const struct built_filter *filter, uint32_t arch, uint32_t number)
{
	const struct seccomp_data call = {.nr = (int)number, .arch = arch};
	uint32_t action = 0;

	assert_int_equal(bpf_run(filter->program, filter->length, &call, &action), 0);
	return action;
}

static void check(unsigned spec, const char *name, unsigned number, uint32_t expected)
{
	uint32_t got = run(&filters[spec], filters_arch(&filters[spec].spec), number);

	if (got != expected)
		fail_msg("%u (%s) under specification %u: %#x, want %#x", number, name, spec, got,
			expected);
}

/* libseccomp's numbers are the kernel's, or it has none: then nobody else has the number. */
static void check_table(uint32_t arch, const struct kernel_call *calls, size_t n)
{
	assert_true(n > 250);
	for (size_t i = 0; i < n; i++) {
		_cleanup_free_ char *other = NULL;
		unsigned number;
		int r = syscall_number(arch, calls[i].name, strlen(calls[i].name), &number);

		if (r == 0 && number == calls[i].number)
			continue;
		other = syscall_name(arch, calls[i].number);
		if (r != SYSCALLS_E_UNKNOWN || other)
			fail_msg("%s on %#x: the kernel's number is %u", calls[i].name, arch,
				calls[i].number);
	}
}

static void test_kernels_tables(void **state)
{
	check_table(seccomp_arch_native(), native_calls, ARRAY_SIZE(native_calls));
	check_table(AUDIT_ARCH_AARCH64, arm64_calls, ARRAY_SIZE(arm64_calls));
}

/* By the kernel's name and number; what libseccomp does not know is not there. */
static void check_calls(unsigned spec, const struct kernel_call *calls, size_t n)
{
	uint32_t arch = filters_arch(&filters[spec].spec);

	for (size_t i = 0; i < n; i++) {
		_cleanup_free_ char *known = syscall_name(arch, calls[i].number);

		check(spec, calls[i].name, calls[i].number,
			known ? expect_call(calls[i].name, &filters[spec].spec) : FAILS(ENOSYS));
	}
}

static void test_every_call_of_the_kernel(void **state)
{
	size_t n_checked = 0;

	for (unsigned spec = 0; spec < SPECS; spec++) {
		uint32_t arch = filters_arch(&filters[spec].spec);

		if (arch == seccomp_arch_native())
			check_calls(spec, native_calls, ARRAY_SIZE(native_calls));
		else if (arch == AUDIT_ARCH_AARCH64)
			check_calls(spec, arm64_calls, ARRAY_SIZE(arm64_calls));
		else
			continue;
		n_checked++;
	}
	assert_true(n_checked >= SPECS_NATIVE);
}

static void test_every_number(void **state)
{
	for (unsigned spec = 0; spec < SPECS; spec++) {
		uint32_t arch = filters_arch(&filters[spec].spec);

		for (unsigned number = 0; number <= NUMBERS; number++)
			check(spec, "by number", number,
				expect_number(arch, number, &filters[spec].spec));
	}
}

/* x32 calls come with the architecture of x86-64, and a bit. */
static void test_x32(void **state)
{
	for (unsigned spec = 0; spec < SPECS; spec++)
		for (unsigned number = 0; number <= NUMBERS; number++)
			check(spec, "x32", X32_BIT | number, FAILS(ENOSYS));
}

static void test_numbers_beyond(void **state)
{
	static const uint32_t numbers[] = {NUMBERS + 1, 1023, 1024, 65535, 0x3fffffff, 0x40000400,
		0x7fffffff, 0x80000000, 0x80000001, 0xc0000000, 0xffffffff};

	for (unsigned spec = 0; spec < SPECS; spec++)
		for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
			check(spec, "beyond", numbers[i], FAILS(ENOSYS));
}

static void test_foreign_architectures(void **state)
{
	static const uint32_t architectures[] = {AUDIT_ARCH_I386, AUDIT_ARCH_X86_64, AUDIT_ARCH_ARM,
		AUDIT_ARCH_AARCH64, AUDIT_ARCH_S390X, 0, 0xffffffff};

	for (size_t i = 0; i < ARRAY_SIZE(architectures); i++)
		for (unsigned spec = 0; spec < SPECS; spec++)
			for (unsigned number = 0; number <= NUMBERS; number++)
				if (architectures[i] != filters_arch(&filters[spec].spec))
					assert_int_equal(
						run(&filters[spec], architectures[i], number),
						FAILS(ENOSYS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernels_tables),
		cmocka_unit_test(test_every_call_of_the_kernel),
		cmocka_unit_test(test_every_number),
		cmocka_unit_test(test_x32),
		cmocka_unit_test(test_numbers_beyond),
		cmocka_unit_test(test_foreign_architectures),
	};

	return cmocka_run_group_tests(tests, filters_setup, filters_teardown);
}
