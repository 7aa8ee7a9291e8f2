/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The second filter, simulated: every set and every profile, several layers and errors, for every
 * number there is, this architecture's and another one's. What is expected comes from the lists of
 * the policy, not from the plan that the program is made of.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <string.h>

#include "bpf.h"
#include "cleanup.h"
#include "fd.h"
#include "filter-profile.h"
#include "layer.h"

#define ALLOW        SECCOMP_RET_ALLOW
#define LOG          SECCOMP_RET_LOG
#define KILL         SECCOMP_RET_KILL_PROCESS
#define FAILS(error) (SECCOMP_RET_ERRNO | (error))
#define NUMBERS      600
#define LAYERS       3

static const uint32_t arches[] = {AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64};

/* All numbers of one architecture, and what the program says to each. */
struct answers {
	uint32_t arch;
	uint32_t actions[NUMBERS];
};

static uint32_t run(const struct sock_filter *code, size_t length, uint32_t arch, uint32_t number)
{
	/* A filter of numbers alone: whatever the arguments are. */
	const struct seccomp_data call = {
		.nr = (int)number, .arch = arch, .args = {UINT64_MAX, number, 0x5412, 1, 2, 3}};
	uint32_t action = 0;

	assert_int_equal(bpf_run(code, length, &call, &action), 0);
	return action;
}

static size_t ask(const struct layer_text *texts, size_t n, uint32_t arch, struct answers *ret)
{
	static const uint32_t beyond[] = {NUMBERS, SYSCALLS_MAX - 1, SYSCALLS_MAX, 0x3fffffff,
		0x40000000, 0x40000000 + 42, 0x7fffffff, 0x80000000, 0xffffffff};
	static struct layer made[LAYERS];
	struct policy *layers[LAYERS];
	const struct policy_set set = {.layers = layers, .n_layers = n};
	_cleanup_free_ struct sock_filter *code = NULL;
	_cleanup_close_ int fd = -1;
	struct filter_profile profile;
	size_t size, length;

	for (size_t i = 0; i < n; i++) {
		layer_make(&texts[i], &made[i]);
		layers[i] = &made[i].policy;
	}
	assert_true(filter_profile_needed(&set));
	filter_profile_plan(&set, arch, &profile);
	assert_int_equal(filter_profile_compile(&profile, &fd), 0);
	assert_true(memfd_is_sealed(fd));
	assert_int_equal(fd_read_all(fd, BPF_MAXINSNS * sizeof(*code), (char **)&code, &size), 0);
	length = size / sizeof(*code);
	ret->arch = arch;
	for (uint32_t number = 0; number < NUMBERS; number++)
		ret->actions[number] = run(code, length, arch, number);
	/* x32 among them: the base filter has the word. */
	for (size_t i = 0; i < ARRAY_SIZE(beyond); i++)
		assert_int_equal(run(code, length, arch, beyond[i]), ALLOW);
	for (size_t i = 0; i < ARRAY_SIZE(arches); i++)
		if (arches[i] != arch)
			assert_int_equal(run(code, length, arches[i], 1), ALLOW);
	assert_int_equal(run(code, length, AUDIT_ARCH_I386, 1), ALLOW);
	return length;
}

/* What libseccomp does not know, and what programs must believe not to be there. */
static bool is_unjudged(uint32_t arch, unsigned number)
{
	static const char *const missing[] = {"clone3", "openat2", "socketcall", "io_uring_setup",
		"io_uring_enter", "io_uring_register"};
	_cleanup_free_ char *name = seccomp_syscall_resolve_num_arch(arch, (int)number);

	for (size_t i = 0; name && i < ARRAY_SIZE(missing); i++)
		if (strcmp(name, missing[i]) == 0)
			return true;
	return !name;
}

static void check_all(const struct answers *answers, const struct syscalls *allowed,
	uint32_t denied, const char *what)
{
	for (unsigned number = 0; number < NUMBERS; number++) {
		bool allow = is_unjudged(answers->arch, number) || syscalls_have(allowed, number);
		uint32_t expected = allow ? ALLOW : denied;

		if (answers->actions[number] != expected)
			fail_msg("%s: %u on %#x: %#x, want %#x", what, number, answers->arch,
				answers->actions[number], expected);
	}
}

static void test_profiles(void **state)
{
	for (int profile = PROFILE_ESSENTIAL; profile < PROFILES; profile++) {
		const struct layer_text text = {.profile = profile};

		for (size_t i = 0; i < ARRAY_SIZE(arches); i++) {
			struct answers answers;
			struct syscalls allowed;
			size_t length = ask(&text, 1, arches[i], &answers);

			profile_calls(profile, arches[i], &allowed);
			check_all(&answers, &allowed, FAILS(EPERM), profiles[profile].name);
			if (i == 0)
				print_message("%s: %u calls, %zu instructions\n",
					profiles[profile].name, syscalls_count(&allowed), length);
		}
	}
}

static struct syscalls set_of(uint32_t arch, const char *word)
{
	struct syscalls calls = {0};

	assert_int_equal(syscalls_add_word(&calls, arch, word, strlen(word)), 0);
	return calls;
}

static void test_denied_sets(void **state)
{
	for (size_t i = 0; i < n_syscall_sets; i++) {
		const char *name = syscall_sets[i].name;
		const struct layer_text text = {.deny = {name}, .error = EACCES};

		for (size_t j = 0; j < ARRAY_SIZE(arches); j++) {
			struct syscalls denied = set_of(arches[j], name);
			struct syscalls allowed = set_of(arches[j], "@known");
			struct answers answers;

			ask(&text, 1, arches[j], &answers);
			syscalls_remove(&allowed, &denied);
			check_all(&answers, &allowed, FAILS(EACCES), name);
		}
	}
}

static void test_allowed_sets(void **state)
{
	for (size_t i = 0; i < n_syscall_sets; i++) {
		const char *name = syscall_sets[i].name;
		const struct layer_text text = {.profile = PROFILE_ESSENTIAL, .allow = {name}};

		for (size_t j = 0; j < ARRAY_SIZE(arches); j++) {
			struct syscalls allowed, set = set_of(arches[j], name);
			struct answers answers;

			ask(&text, 1, arches[j], &answers);
			profile_calls(PROFILE_ESSENTIAL, arches[j], &allowed);
			syscalls_unite(&allowed, &set);
			check_all(&answers, &allowed, FAILS(EPERM), name);
		}
	}
}

/* Several layers: what becomes of single calls. */
static const struct {
	size_t n;
	struct layer_text layers[LAYERS];
	const char *call;
	uint32_t action;
} rows[] = {
	{2, {{PROFILE_MINIMAL}, {PROFILE_NETWORK}}, "read", ALLOW},
	{2, {{PROFILE_MINIMAL}, {PROFILE_NETWORK}}, "socket", FAILS(EPERM)},
	{2, {{PROFILE_NETWORK}, {PROFILE_MINIMAL}}, "socket", FAILS(EPERM)},
	{2, {{PROFILE_NETWORK}, {PROFILE_UNRESTRICTED}}, "socket", ALLOW},
	{2, {{PROFILE_NETWORK}, {PROFILE_UNRESTRICTED}}, "ptrace", FAILS(EPERM)},
	/* Allowed is what every layer allows. */
	{2, {{PROFILE_MINIMAL, {"socket"}}, {PROFILE_MINIMAL}}, "socket", FAILS(EPERM)},
	{2, {{PROFILE_MINIMAL, {"socket"}}, {PROFILE_ESSENTIAL, {"@network-io"}}}, "socket", ALLOW},
	/* deny wins, over a name as over a set. */
	{1, {{PROFILE_MINIMAL, {"@file-system"}, {"mkdir"}}}, "mkdir", FAILS(EPERM)},
	{1, {{PROFILE_MINIMAL, {"@file-system"}, {"mkdir"}}}, "rmdir", ALLOW},
	{1, {{PROFILE_MINIMAL, {"mkdir"}, {"@file-system"}}}, "mkdir", FAILS(EPERM)},
	{1, {{PROFILE_UNRESTRICTED, .deny = {"@debug", "kcmp"}}}, "ptrace", FAILS(EPERM)},
	{1, {{PROFILE_UNRESTRICTED, .deny = {"@debug", "kcmp"}}}, "kcmp", FAILS(EPERM)},
	{1, {{PROFILE_UNRESTRICTED, .deny = {"@debug", "kcmp"}}}, "process_vm_readv", ALLOW},
	/* Errors: kill before errno before log, and the smaller errno. */
	{1, {{PROFILE_MINIMAL, .error = ENOSYS}}, "socket", FAILS(ENOSYS)},
	{1, {{PROFILE_MINIMAL, .error = SYSCALLS_KILL}}, "socket", KILL},
	{1, {{PROFILE_MINIMAL, .error = SYSCALLS_KILL}}, "read", ALLOW},
	{1, {{PROFILE_MINIMAL, .error = SYSCALLS_LOG}}, "socket", LOG},
	{1, {{PROFILE_MINIMAL, .error = SYSCALLS_LOG}}, "clone3", ALLOW},
	{1, {{PROFILE_MINIMAL, .error = SYSCALLS_KILL}}, "clone3", ALLOW},
	{2, {{PROFILE_MINIMAL, .error = SYSCALLS_LOG}, {PROFILE_MINIMAL, .error = EACCES}},
		"socket", FAILS(EACCES)},
	{2, {{PROFILE_MINIMAL, .error = EACCES}, {PROFILE_MINIMAL, .error = SYSCALLS_LOG}},
		"socket", FAILS(EACCES)},
	{2, {{PROFILE_MINIMAL, .error = EACCES}, {PROFILE_MINIMAL, .error = EPERM}}, "socket",
		FAILS(EPERM)},
	{2, {{PROFILE_MINIMAL, .error = EPERM}, {PROFILE_MINIMAL, .error = EACCES}}, "socket",
		FAILS(EPERM)},
	{3,
		{{PROFILE_MINIMAL, .error = EPERM}, {PROFILE_MINIMAL, .error = SYSCALLS_KILL},
			{PROFILE_MINIMAL, .error = SYSCALLS_LOG}},
		"socket", KILL},
	{2, {{PROFILE_MINIMAL, .error = EACCES}, {PROFILE_NETWORK, .error = SYSCALLS_KILL}},
		"socket", FAILS(EACCES)},
	{2, {{PROFILE_MINIMAL, .error = EACCES}, {PROFILE_NETWORK, .error = SYSCALLS_KILL}},
		"ptrace", KILL},
	/* An error alone, beside a layer that denies, denies nothing. */
	{2, {{PROFILE_UNRESTRICTED, .error = SYSCALLS_KILL}, {PROFILE_MINIMAL}}, "socket",
		FAILS(EPERM)},
};

static void test_layers(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(arches); j++) {
			struct answers answers;
			unsigned number;

			if (syscall_number(
				    arches[j], rows[i].call, strlen(rows[i].call), &number) != 0)
				continue;
			ask(rows[i].layers, rows[i].n, arches[j], &answers);
			if (answers.actions[number] != rows[i].action)
				fail_msg("row %zu: %s: %#x, want %#x", i, rows[i].call,
					answers.actions[number], rows[i].action);
		}
	}
}

/* The worst that a policy can do to the search: no two neighbours alike, in all that is known. */
static void test_longest_program(void **state)
{
	_cleanup_free_ struct sock_filter *code = NULL;
	_cleanup_close_ int fd = -1;
	struct filter_profile profile = {.arch = AUDIT_ARCH_X86_64};
	size_t size, length;

	for (unsigned number = 0; number < SYSCALLS_MAX; number++)
		profile.actions[number] = number % 2 ? FAILS(EPERM) : ALLOW;
	assert_int_equal(filter_profile_compile(&profile, &fd), 0);
	assert_int_equal(fd_read_all(fd, BPF_MAXINSNS * sizeof(*code), (char **)&code, &size), 0);
	length = size / sizeof(*code);
	assert_true(length <= BPF_MAXINSNS);
	for (unsigned number = 0; number < SYSCALLS_MAX; number++)
		assert_int_equal(run(code, length, profile.arch, number), profile.actions[number]);
}

static void test_needed(void **state)
{
	static const struct {
		struct layer_text text;
		bool needed;
	} texts[] = {
		{{PROFILE_UNRESTRICTED}, false},
		{{PROFILE_UNRESTRICTED, .error = SYSCALLS_KILL}, false},
		{{PROFILE_UNRESTRICTED, .allow = {"kcmp"}}, false},
		{{PROFILE_UNRESTRICTED, .deny = {"kcmp"}}, true},
		{{PROFILE_NETWORK}, true},
	};
	const struct policy_set nothing = {.n_layers = 0};

	assert_false(filter_profile_needed(&nothing));
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct layer made;
		struct policy *layer = &made.policy;
		const struct policy_set set = {.layers = &layer, .n_layers = 1};

		layer_make(&texts[i].text, &made);
		assert_int_equal(filter_profile_needed(&set), texts[i].needed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_profiles),
		cmocka_unit_test(test_denied_sets),
		cmocka_unit_test(test_allowed_sets),
		cmocka_unit_test(test_layers),
		cmocka_unit_test(test_longest_program),
		cmocka_unit_test(test_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
