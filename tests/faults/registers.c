/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* NT_PRSTATUS of x86-64 and arm64; see ptrace(2), elf.h and asm/ptrace.h of each. */

#include "registers.h"

#include <elf.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>

#if defined(__x86_64__)
#define WORD(member) (offsetof(struct user_regs_struct, member) / sizeof(uint64_t))
enum { NUMBER = WORD(orig_rax), RESULT = WORD(rax), FIRST = WORD(rdi) };
#elif defined(__aarch64__)
/* x0 is the first argument and the result. The number is a register set of its own. */
enum { RESULT = 0, FIRST = 0 };
#else
#error "which registers hold a system call here?"
#endif

static int get(pid_t tid, struct registers *ret)
{
	struct iovec vector = {ret->words, sizeof(ret->words)};

	if (ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &vector) < 0)
		return -errno;
	ret->size = vector.iov_len;
	return 0;
}

static int set(pid_t tid, const struct registers *registers)
{
	struct iovec vector = {(void *)registers->words, registers->size};

	return ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, &vector) < 0 ? -errno : 0;
}

static int set_number(pid_t tid, struct registers *registers, int number)
{
#if defined(__x86_64__)
	(void)tid;
	registers->words[NUMBER] = (uint64_t)number;
	return 0;
#else
	struct iovec vector = {&number, sizeof(number)};

	(void)registers;
	return ptrace(PTRACE_SETREGSET, tid, NT_ARM_SYSTEM_CALL, &vector) < 0 ? -errno : 0;
#endif
}

int registers_divert(pid_t tid, struct registers *ret_saved)
{
	struct registers changed;
	int r;

	r = get(tid, ret_saved);
	if (r < 0)
		return r;
	changed = *ret_saved;
	changed.words[FIRST] = UINT64_MAX;
	r = set_number(tid, &changed, SYS_close);
	return r < 0 ? r : set(tid, &changed);
}

int registers_fail(pid_t tid, const struct registers *saved, int error)
{
	struct registers changed = *saved;

	changed.words[RESULT] = (uint64_t)-error;
#if defined(__x86_64__)
	/* No call is left to be restarted by a signal that waits. */
	changed.words[NUMBER] = UINT64_MAX;
#endif
	return set(tid, &changed);
}
