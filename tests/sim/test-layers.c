/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What sets and layers come to, simulated: the base filter where a set is allowed, and the answer
 * of both filters together where several policies apply, for every number.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <string.h>

#include "bpf.h"
#include "cleanup.h"
#include "expect.h"
#include "fd.h"
#include "filter-profile.h"
#include "layer.h"

#define KILL    SECCOMP_RET_KILL_PROCESS
#define LOG     SECCOMP_RET_LOG
#define NUMBERS 600
#define LAYERS  3

struct program {
	struct sock_filter *code;
	size_t length;
};

static void program_read(int memfd, struct program *ret)
{
	size_t size;

	assert_int_equal(
		fd_read_all(memfd, BPF_MAXINSNS * sizeof(*ret->code), (char **)&ret->code, &size),
		0);
	ret->length = size / sizeof(*ret->code);
}

static void build_base(const struct filter_spec *spec, struct program *ret)
{
	_cleanup_close_ int memfd = -1;

	assert_int_equal(filter_build(spec, &memfd), 0);
	program_read(memfd, ret);
}

static uint32_t run(const struct program *program, uint32_t arch, unsigned number)
{
	const struct seccomp_data call = {.nr = (int)number, .arch = arch};
	uint32_t action = 0;

	assert_int_equal(bpf_run(program->code, program->length, &call, &action), 0);
	return action;
}

/* `allow = @set` lifts those denials that a policy may lift, and no other. */
static void check_set(const char *set, uint32_t arch)
{
	struct filter_spec spec = {.arch = arch};
	struct program program;

	assert_int_equal(syscalls_add_word(&spec.allowed, arch, set, strlen(set)), 0);
	build_base(&spec, &program);
	for (unsigned number = 0; number <= NUMBERS; number++) {
		uint32_t got = run(&program, arch, number);
		uint32_t expected = expect_number(arch, number, &spec);

		if (got != expected)
			fail_msg("allow = %s: %u on %#x: %#x, want %#x", set, number, arch, got,
				expected);
	}
	free(program.code);
}

static void test_allowed_sets(void **state)
{
	for (size_t i = 0; i < n_syscall_sets; i++) {
		check_set(syscall_sets[i].name, AUDIT_ARCH_X86_64);
		check_set(syscall_sets[i].name, AUDIT_ARCH_AARCH64);
	}
}

static bool is_listed(const char *const words[LAYER_WORDS], unsigned number)
{
	struct syscalls calls = {0};

	for (size_t i = 0; i < LAYER_WORDS && words[i]; i++)
		syscalls_add_word(&calls, SYSCALLS_NATIVE, words[i], strlen(words[i]));
	return syscalls_have(&calls, number);
}

static uint32_t error_action(const struct layer_text *text)
{
	if (text->error == SYSCALLS_KILL)
		return KILL;
	if (text->error == SYSCALLS_LOG)
		return LOG;
	return FAILS(text->error ? (uint32_t)text->error : EPERM);
}

/* ENOSYS for what must not seem to be there, whatever the policies say. */
static bool is_missing(unsigned number)
{
	static const char *const missing[] = {
		"clone3", "openat2", "io_uring_setup", "io_uring_enter", "io_uring_register"};
	_cleanup_free_ char *name = syscall_name(SYSCALLS_NATIVE, number);

	for (size_t i = 0; name && i < ARRAY_SIZE(missing); i++)
		if (strcmp(name, missing[i]) == 0)
			return true;
	return !name;
}

static uint32_t expect_layer(const struct layer_text *text, unsigned number)
{
	struct syscalls profile;

	profile_calls(text->profile, SYSCALLS_NATIVE, &profile);
	if (is_missing(number) ||
		(!is_listed(text->deny, number) &&
			(syscalls_have(&profile, number) || is_listed(text->allow, number))))
		return ALLOW;
	return error_action(text);
}

static bool lifts(const struct layer_text *text, unsigned number)
{
	return is_listed(text->allow, number) && !is_listed(text->deny, number);
}

/* The base filter's answer and each layer's, the sternest of them. */
static uint32_t expect_session(const struct layer_text *texts, size_t n, unsigned number)
{
	struct filter_spec spec = {.arch = SYSCALLS_NATIVE};
	bool lifted = true;
	uint32_t action;

	for (size_t i = 0; i < n; i++)
		lifted = lifted && lifts(&texts[i], number);
	if (lifted)
		syscalls_add(&spec.allowed, number);
	action = expect_number(seccomp_arch_native(), number, &spec);
	for (size_t i = 0; i < n; i++)
		action = expect_both(action, expect_layer(&texts[i], number));
	return action;
}

static const struct {
	size_t n;
	struct layer_text texts[LAYERS];
} sessions[] = {
	{1, {{PROFILE_UNRESTRICTED}}},
	{1, {{PROFILE_ESSENTIAL}}},
	{1, {{PROFILE_MINIMAL}}},
	{1, {{PROFILE_IO_HEAVY}}},
	{1, {{PROFILE_COMPUTE}}},
	{1, {{PROFILE_NETWORK}}},
	{1, {{PROFILE_NETWORK, .error = SYSCALLS_KILL}}},
	{1, {{PROFILE_NETWORK, .error = SYSCALLS_LOG}}},
	{1, {{PROFILE_UNRESTRICTED, {"@debug", "@keyring"}}}},
	{1, {{PROFILE_NETWORK, {"@debug", "@clock"}, {"ptrace"}}}},
	{1, {{PROFILE_UNRESTRICTED, .deny = {"@network-io", "@debug"}}}},
	{2, {{PROFILE_NETWORK}, {PROFILE_COMPUTE}}},
	{2, {{PROFILE_UNRESTRICTED, {"@debug", "kcmp"}}, {PROFILE_UNRESTRICTED, {"kcmp"}}}},
	{2, {{PROFILE_UNRESTRICTED, {"kcmp"}}, {PROFILE_UNRESTRICTED}}},
	{2, {{PROFILE_UNRESTRICTED, {"kcmp"}}, {PROFILE_UNRESTRICTED, {"kcmp"}, {"@debug"}}}},
	{2, {{PROFILE_MINIMAL, {"@clock"}}, {PROFILE_ESSENTIAL, {"@clock", "@signal"}}}},
	{3, {{PROFILE_NETWORK, {"@debug"}, .error = EACCES},
		    {PROFILE_IO_HEAVY, {"@debug"}, .error = SYSCALLS_LOG},
		    {PROFILE_UNRESTRICTED, {"@debug"}, {"@resources"}, SYSCALLS_KILL}}},
};

/* Two layers of one error: the smaller; the rows have no two errnos for one call. */
static void check_session(const struct layer_text *texts, size_t n, size_t row)
{
	struct layer made[LAYERS];
	struct policy *layers[LAYERS];
	const struct policy_set set = {.layers = layers, .n_layers = n};
	struct program base, second = {NULL, 0};
	struct filter_spec spec;

	for (size_t i = 0; i < n; i++) {
		layer_make(&texts[i], &made[i]);
		layers[i] = &made[i].policy;
	}
	spec = filter_spec(&set, 7);
	build_base(&spec, &base);
	if (filter_profile_needed(&set)) {
		_cleanup_close_ int memfd = -1;

		assert_int_equal(filter_profile_build(&set, &memfd), 0);
		program_read(memfd, &second);
	}
	for (unsigned number = 0; number <= NUMBERS; number++) {
		uint32_t arch = seccomp_arch_native(), got = run(&base, arch, number);

		if (second.code)
			got = expect_both(got, run(&second, arch, number));
		if (got != expect_session(texts, n, number))
			fail_msg("session %zu: %u: %#x, want %#x", row, number, got,
				expect_session(texts, n, number));
	}
	free(base.code);
	free(second.code);
}

static void test_sessions(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(sessions); i++)
		check_session(sessions[i].texts, sessions[i].n, i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_allowed_sets),
		cmocka_unit_test(test_sessions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
