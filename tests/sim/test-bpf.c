/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The interpreter itself: what it computes, and that it refuses what the kernel would. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "bpf.h"
#include "cleanup.h"

#define LENGTH_MAX 6

static const struct {
	struct sock_filter program[LENGTH_MAX];
	size_t length;
	int r;
	uint32_t action;
} rows[] = {
	{{BPF_STMT(BPF_RET | BPF_K, 7)}, 1, 0, 7},
	{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), BPF_STMT(BPF_RET | BPF_A, 0)}, 2, 0, 42},
	{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4), BPF_STMT(BPF_RET | BPF_A, 0)}, 2, 0, 0xc000003e},
	{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 60), BPF_STMT(BPF_RET | BPF_A, 0)}, 2, 0, 6},
	{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x2a0 | 2),
		 BPF_STMT(BPF_RET | BPF_A, 0)},
		3, 0, 0x22},
	{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 42, 1, 0),
		 BPF_STMT(BPF_RET | BPF_K, 1), BPF_STMT(BPF_RET | BPF_K, 2)},
		4, 0, 2},
	{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 42, 1, 0),
		 BPF_STMT(BPF_RET | BPF_K, 1), BPF_STMT(BPF_RET | BPF_K, 2)},
		4, 0, 1},
	{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 42, 1, 0),
		 BPF_STMT(BPF_RET | BPF_K, 1), BPF_STMT(BPF_RET | BPF_K, 2)},
		4, 0, 2},
	{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1, 1, 0),
		 BPF_STMT(BPF_RET | BPF_K, 1), BPF_STMT(BPF_RET | BPF_K, 2)},
		4, 0, 1},
	{{BPF_STMT(BPF_JMP | BPF_JA, 1), BPF_STMT(BPF_RET | BPF_K, 1),
		 BPF_STMT(BPF_RET | BPF_K, 2)},
		3, 0, 2},
	{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), BPF_STMT(BPF_ST, 15),
		 BPF_STMT(BPF_LD | BPF_IMM, 1), BPF_STMT(BPF_LD | BPF_MEM, 15),
		 BPF_STMT(BPF_RET | BPF_A, 0)},
		5, 0, 42},
	/* What the kernel would not load. */
	{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0)}, 1, -EINVAL, 0},
	{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64), BPF_STMT(BPF_RET | BPF_K, 0)}, 2, -EINVAL, 0},
	{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2), BPF_STMT(BPF_RET | BPF_K, 0)}, 2, -EINVAL, 0},
	{{BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0), BPF_STMT(BPF_RET | BPF_K, 0)}, 2, -EINVAL, 0},
	{{BPF_STMT(BPF_LD | BPF_MEM, 16), BPF_STMT(BPF_RET | BPF_K, 0)}, 2, -EINVAL, 0},
	{{BPF_STMT(BPF_ST, 16), BPF_STMT(BPF_RET | BPF_K, 0)}, 2, -EINVAL, 0},
	{{BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0), BPF_STMT(BPF_RET | BPF_K, 0)}, 2, -EINVAL, 0},
	{{BPF_STMT(BPF_JMP | BPF_JA, 5), BPF_STMT(BPF_RET | BPF_K, 0)}, 2, -EINVAL, 0},
	{{BPF_STMT(BPF_RET | BPF_K, 0)}, 0, -EINVAL, 0},
};

static void test_programs(void **state)
{
	const struct seccomp_data call = {
		.nr = 42, .arch = 0xc000003e, .args = {[5] = 0x600000000ULL}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint32_t action = 0;

		if (bpf_run(rows[i].program, rows[i].length, &call, &action) != rows[i].r ||
			action != rows[i].action)
			fail_msg("row %zu: action %u", i, action);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
