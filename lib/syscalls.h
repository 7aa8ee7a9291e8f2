/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * System calls by name: their numbers, and sets of them under the names of systemd.exec(5). Names
 * are libseccomp's; one that it does not know yet is as if the architecture had no such call.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYSCALLS_MAX 1024 /* above every number of the 64-bit architectures */

/* As libseccomp and linux/audit.h number architectures; 0 is the one this program was built for. */
#define SYSCALLS_NATIVE 0U

/* Answers of syscall_number() and syscalls_resolve(). */
#define SYSCALLS_E_UNKNOWN 1 /* no such call, no such set */
#define SYSCALLS_E_ABSENT  2 /* a call of other architectures */

struct syscall_set {
	const char *name;    /* "@mount" */
	const char *help;    /* one line, no full stop */
	const char *members; /* calls and @sets, a blank between them; NULL: all calls there are */
};

extern const struct syscall_set syscall_sets[];
extern const size_t n_syscall_sets;

/* Numbers of calls. */
struct syscalls {
	uint64_t bits[SYSCALLS_MAX / 64];
};

/* NULL where there is none. The name, with its '@', need not be NUL-terminated. */
const struct syscall_set *syscall_set_find(const char *name, size_t length);

/*
 * Steps through a list of words with blanks between them: the next word's length, and *text behind
 * the blanks before it. 0 at the end.
 */
size_t syscall_next_word(const char **text);

/* 0 and the number, or SYSCALLS_E_*. The name need not be NUL-terminated. */
int syscall_number(uint32_t arch, const char *name, size_t length, unsigned *ret);

/* The name of a number, or NULL where libseccomp knows none; the caller frees it. */
char *syscall_name(uint32_t arch, unsigned number);

/*
 * Adds what a word, the name of a call or of a @set, stands for. 0 or SYSCALLS_E_*; members of a
 * set that do not exist here are left out.
 */
int syscalls_add_word(struct syscalls *calls, uint32_t arch, const char *word, size_t length);

/* The name of a call or @set that was probably meant, a copy in buffer, or NULL. */
#define SYSCALL_NAME_MAX 64
const char *syscall_nearest(const char *word, size_t length, char buffer[SYSCALL_NAME_MAX]);

static inline void syscalls_add(struct syscalls *calls, unsigned number)
{
	if (number < SYSCALLS_MAX)
		calls->bits[number / 64] |= UINT64_C(1) << number % 64;
}

static inline bool syscalls_have(const struct syscalls *calls, unsigned number)
{
	return number < SYSCALLS_MAX && (calls->bits[number / 64] >> number % 64 & 1) != 0;
}

void syscalls_unite(struct syscalls *calls, const struct syscalls *others);
void syscalls_remove(struct syscalls *calls, const struct syscalls *others);
void syscalls_intersect(struct syscalls *calls, const struct syscalls *others);
bool syscalls_meet(const struct syscalls *a, const struct syscalls *b);
unsigned syscalls_count(const struct syscalls *calls);
