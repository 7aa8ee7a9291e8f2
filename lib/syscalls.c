/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Names to numbers, by libseccomp's tables. Only computes. */

#include "syscalls.h"

#include <seccomp.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "str.h"

/* Where the numbers that all architectures share begin (Linux 5.1). */
#define FIRST_COMMON     424
#define UNKNOWN_IN_A_ROW 16

#define NESTING_MAX 4 /* @privileged has sets, @system-service has some that have sets */

const struct syscall_set *syscall_set_find(const char *name, size_t length)
{
	for (size_t i = 0; i < n_syscall_sets; i++)
		if (str_equal(name, length, syscall_sets[i].name))
			return &syscall_sets[i];
	return NULL;
}

size_t syscall_next_word(const char **text)
{
	*text += strspn(*text, " ");
	return strcspn(*text, " ");
}

/* libseccomp numbers its architectures as the kernel's audit does; its word for "this one" is 0. */
static int resolve(uint32_t arch, const char *name)
{
	_Static_assert(SYSCALLS_NATIVE == SCMP_ARCH_NATIVE, "both mean this architecture");
	return seccomp_syscall_resolve_name_arch(arch, name);
}

int syscall_number(uint32_t arch, const char *name, size_t length, unsigned *ret)
{
	char terminated[SYSCALL_NAME_MAX];
	int number;

	if (length == 0 || length >= sizeof(terminated))
		return SYSCALLS_E_UNKNOWN;
	memcpy(terminated, name, length);
	terminated[length] = '\0';
	/* libseccomp stops at a NUL, we do not. */
	if (strlen(terminated) != length)
		return SYSCALLS_E_UNKNOWN;
	number = resolve(arch, terminated);
	if (number == __NR_SCMP_ERROR)
		return SYSCALLS_E_UNKNOWN;
	if (number < 0 || number >= SYSCALLS_MAX)
		return SYSCALLS_E_ABSENT;
	*ret = (unsigned)number;
	return 0;
}

char *syscall_name(uint32_t arch, unsigned number)
{
	return seccomp_syscall_resolve_num_arch(arch, (int)number);
}

/* Each look-up walks libseccomp's table, so this stops a while behind the last call. */
static void add_all(struct syscalls *calls, uint32_t arch)
{
	for (unsigned number = 0, last = FIRST_COMMON; number < last + UNKNOWN_IN_A_ROW; number++) {
		_cleanup_free_ char *name = syscall_name(arch, number);

		if (!name)
			continue;
		syscalls_add(calls, number);
		last = number > last ? number : last;
	}
}

static int add_word(
	struct syscalls *calls, uint32_t arch, const char *word, size_t length, unsigned level);

static void add_members(
	struct syscalls *calls, uint32_t arch, const struct syscall_set *set, unsigned level)
{
	const char *member = set->members;
	size_t length;

	if (!member)
		add_all(calls, arch);
	for (; member && (length = syscall_next_word(&member)) > 0; member += length)
		if (level < NESTING_MAX)
			add_word(calls, arch, member, length, level + 1);
}

static int add_word(
	struct syscalls *calls, uint32_t arch, const char *word, size_t length, unsigned level)
{
	const struct syscall_set *set;
	unsigned number;
	int r;

	if (length > 0 && word[0] == '@') {
		set = syscall_set_find(word, length);
		if (!set)
			return SYSCALLS_E_UNKNOWN;
		add_members(calls, arch, set, level);
		return 0;
	}
	r = syscall_number(arch, word, length, &number);
	if (r == 0)
		syscalls_add(calls, number);
	return r;
}

int syscalls_add_word(struct syscalls *calls, uint32_t arch, const char *word, size_t length)
{
	return add_word(calls, arch, word, length, 0);
}

static const char *keep(const struct str_nearest *nearest, char buffer[SYSCALL_NAME_MAX])
{
	if (nearest->best && nearest->best != buffer)
		snprintf(buffer, SYSCALL_NAME_MAX, "%s", nearest->best);
	return nearest->best ? buffer : NULL;
}

const char *syscall_nearest(const char *word, size_t length, char buffer[SYSCALL_NAME_MAX])
{
	struct str_nearest nearest = STR_NEAREST(word, length);

	if (length > 0 && word[0] == '@') {
		for (size_t i = 0; i < n_syscall_sets; i++)
			str_nearest_offer(&nearest, syscall_sets[i].name);
		return keep(&nearest, buffer);
	}
	for (unsigned number = 0; number < SYSCALLS_MAX; number++) {
		_cleanup_free_ char *name = syscall_name(SYSCALLS_NATIVE, number);

		if (!name)
			continue;
		str_nearest_offer(&nearest, name);
		/* The name lives no longer than this turn. */
		if (nearest.best == name)
			nearest.best = keep(&nearest, buffer);
	}
	return nearest.best;
}

void syscalls_unite(struct syscalls *calls, const struct syscalls *others)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls->bits); i++)
		calls->bits[i] |= others->bits[i];
}

void syscalls_remove(struct syscalls *calls, const struct syscalls *others)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls->bits); i++)
		calls->bits[i] &= ~others->bits[i];
}

void syscalls_intersect(struct syscalls *calls, const struct syscalls *others)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls->bits); i++)
		calls->bits[i] &= others->bits[i];
}

bool syscalls_meet(const struct syscalls *a, const struct syscalls *b)
{
	for (size_t i = 0; i < ARRAY_SIZE(a->bits); i++)
		if (a->bits[i] & b->bits[i])
			return true;
	return false;
}

unsigned syscalls_count(const struct syscalls *calls)
{
	unsigned n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(calls->bits); i++)
		n += (unsigned)__builtin_popcountll(calls->bits[i]);
	return n;
}
