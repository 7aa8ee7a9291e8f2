/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Written by hand: a binary search over ranges of numbers. libseccomp's own tree has a leaf for
 * each call, and its default action would answer for numbers that nobody knows, too.
 */

#include "filter-profile.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <string.h>

#include "fd.h"
#include "filter-denials.h"

#define JUMP_MAX 255 /* a conditional jump's 8 bits */

static bool restricts(const struct policy *layer)
{
	return layer->syscalls.profile != PROFILE_UNRESTRICTED || layer->syscalls.n_deny_rules > 0;
}

bool filter_profile_needed(const struct policy_set *set)
{
	for (size_t i = 0; i < set->n_layers; i++)
		if (restricts(set->layers[i]))
			return true;
	return false;
}

/* The rules' own numbers are this machine's: another architecture's come from the words. */
static struct syscalls calls_of(const struct syscall_rule *rule, uint32_t arch)
{
	struct syscalls calls = {0};

	if (arch == SYSCALLS_NATIVE)
		return rule->calls;
	syscalls_add_word(&calls, arch, rule->word, strlen(rule->word));
	return calls;
}

struct syscalls filter_profile_allowed(const struct policy *layer, uint32_t arch)
{
	struct syscalls allowed, calls;

	profile_calls(layer->syscalls.profile, arch, &allowed);
	for (size_t i = 0; i < layer->syscalls.n_allow_rules; i++) {
		calls = calls_of(&layer->syscalls.allow_rules[i], arch);
		syscalls_unite(&allowed, &calls);
	}
	for (size_t i = 0; i < layer->syscalls.n_deny_rules; i++) {
		calls = calls_of(&layer->syscalls.deny_rules[i], arch);
		syscalls_remove(&allowed, &calls);
	}
	return allowed;
}

static uint32_t action_of(int error)
{
	if (error == SYSCALLS_KILL)
		return SECCOMP_RET_KILL_PROCESS;
	if (error == SYSCALLS_LOG)
		return SECCOMP_RET_LOG;
	return SECCOMP_RET_ERRNO | ((uint32_t)error & SECCOMP_RET_DATA);
}

/* The kernel's order: as signed numbers, the smaller action is the sterner. */
static uint32_t sterner(uint32_t a, uint32_t b)
{
	int32_t of_a = (int32_t)(a & SECCOMP_RET_ACTION_FULL);
	int32_t of_b = (int32_t)(b & SECCOMP_RET_ACTION_FULL);

	if (of_a == of_b)
		return a < b ? a : b;
	return of_a < of_b ? a : b;
}

static void add_layer(struct filter_profile *profile, const struct policy *layer,
	const struct syscalls *judged, uint32_t arch)
{
	struct syscalls allowed = filter_profile_allowed(layer, arch);
	uint32_t action = action_of(layer->complain ? SYSCALLS_LOG : layer->syscalls.error);

	for (unsigned number = 0; number < SYSCALLS_MAX; number++)
		if (syscalls_have(judged, number) && !syscalls_have(&allowed, number))
			profile->actions[number] = sterner(profile->actions[number], action);
}

void filter_profile_plan(const struct policy_set *set, uint32_t arch, struct filter_profile *ret)
{
	const struct filter_spec base = {.arch = arch};
	struct filter_profile profile = {.arch = arch};
	struct filter_denials denials;
	struct syscalls judged;

	if (arch == SYSCALLS_NATIVE)
		profile.arch = seccomp_arch_native();
	for (unsigned number = 0; number < SYSCALLS_MAX; number++)
		profile.actions[number] = SECCOMP_RET_ALLOW;
	filter_denials(&base, &denials);
	profile_calls(PROFILE_UNRESTRICTED, arch, &judged);
	syscalls_remove(&judged, &denials.missing);
	for (size_t i = 0; i < set->n_layers; i++)
		if (restricts(set->layers[i]))
			add_layer(&profile, set->layers[i], &judged, arch);
	*ret = profile;
}

/* Numbers from `first` on, to the next range. */
struct range {
	uint32_t first, action;
};

struct program {
	struct range ranges[SYSCALLS_MAX + 1];
	size_t n_ranges;
	struct sock_filter code[4 * SYSCALLS_MAX];
	size_t length;
};

static void find_ranges(struct program *program, const struct filter_profile *profile)
{
	for (unsigned number = 0; number <= SYSCALLS_MAX; number++) {
		uint32_t action = number < SYSCALLS_MAX ? profile->actions[number]
							: SECCOMP_RET_ALLOW;

		if (number == 0 || action != program->ranges[program->n_ranges - 1].action)
			program->ranges[program->n_ranges++] = (struct range){number, action};
	}
}

/* Instructions that a search of n ranges takes. */
static size_t search_length(size_t n)
{
	size_t left;

	if (n == 1)
		return 1;
	left = search_length(n / 2);
	return (left > JUMP_MAX ? 2 : 1) + left + search_length(n - n / 2);
}

static void emit(struct program *program, struct sock_filter instruction)
{
	program->code[program->length++] = instruction;
}

static void emit_search(struct program *program, const struct range *ranges, size_t n)
{
	const struct range *middle = ranges + n / 2;
	size_t left;

	if (n == 1) {
		emit(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, ranges->action));
		return;
	}
	left = search_length(n / 2);
	if (left > JUMP_MAX) {
		emit(program, (struct sock_filter)BPF_JUMP(
				      BPF_JMP | BPF_JGE | BPF_K, middle->first, 0, 1));
		emit(program, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, (uint32_t)left));
	} else {
		emit(program, (struct sock_filter)BPF_JUMP(
				      BPF_JMP | BPF_JGE | BPF_K, middle->first, (uint8_t)left, 0));
	}
	emit_search(program, ranges, n / 2);
	emit_search(program, middle, n - n / 2);
}

/* Another architecture is the base filter's affair. */
static void emit_program(struct program *program, uint32_t arch)
{
	emit(program, (struct sock_filter)BPF_STMT(
			      BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)));
	emit(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, arch, 1, 0));
	emit(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
	emit(program, (struct sock_filter)BPF_STMT(
			      BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)));
	emit_search(program, program->ranges, program->n_ranges);
}

int filter_profile_compile(const struct filter_profile *profile, int *ret_memfd)
{
	_cleanup_free_ struct program *program = calloc(1, sizeof(*program));
	int fd;

	if (!program)
		return -ENOMEM;
	find_ranges(program, profile);
	emit_program(program, profile->arch);
	fd = memfd_new_sealed(
		"sandlock-profile", program->code, program->length * sizeof(program->code[0]));
	if (fd < 0)
		return fd;
	*ret_memfd = fd;
	return 0;
}

int filter_profile_build(const struct policy_set *set, int *ret_memfd)
{
	struct filter_profile profile;

	filter_profile_plan(set, SYSCALLS_NATIVE, &profile);
	return filter_profile_compile(&profile, ret_memfd);
}
