/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A traced process's system call, as the machine's registers hold it: one door for both machines.
 */

#include <stdint.h>
#include <sys/types.h>

struct registers {
	uint64_t words[34];
	size_t size; /* bytes of it that the kernel filled */
};

/*
 * At the entry of a system call: what is entered is close(-1), which every filter lets through and
 * which does nothing. *ret_saved is what registers_fail() needs. 0 or a negative errno (ptrace(2)).
 */
int registers_divert(pid_t tid, struct registers *ret_saved);

/* At the exit of a diverted call: it returns -error, and all other registers are the caller's. */
int registers_fail(pid_t tid, const struct registers *saved, int error);
