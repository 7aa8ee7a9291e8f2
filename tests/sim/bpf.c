/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Follows seccomp_check_filter() and ___bpf_prog_run() of the kernel, for the part seccomp allows.
 */

#include "bpf.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

struct machine {
	uint32_t a, x, memory[BPF_MEMWORDS];
};

static bool load(struct machine *m, const struct seccomp_data *call, uint32_t offset)
{
	if (offset % 4 != 0 || offset > sizeof(*call) - 4)
		return false;
	memcpy(&m->a, (const char *)call + offset, 4);
	return true;
}

static bool arithmetic(struct machine *m, uint16_t code, uint32_t k)
{
	uint32_t value = BPF_SRC(code) == BPF_X ? m->x : k;

	switch (BPF_OP(code)) {
	case BPF_ADD:
		m->a += value;
		return true;
	case BPF_SUB:
		m->a -= value;
		return true;
	case BPF_AND:
		m->a &= value;
		return true;
	case BPF_OR:
		m->a |= value;
		return true;
	case BPF_XOR:
		m->a ^= value;
		return true;
	case BPF_LSH:
		m->a = value < 32 ? m->a << value : 0;
		return value < 32;
	case BPF_RSH:
		m->a = value < 32 ? m->a >> value : 0;
		return value < 32;
	default:
		return false;
	}
}

static bool holds(const struct machine *m, const struct sock_filter *i)
{
	uint32_t value = BPF_SRC(i->code) == BPF_X ? m->x : i->k;

	switch (BPF_OP(i->code)) {
	case BPF_JEQ:
		return m->a == value;
	case BPF_JGT:
		return m->a > value;
	case BPF_JGE:
		return m->a >= value;
	default:
		return m->a & value;
	}
}

/* How many instructions to skip. */
static size_t jump(const struct machine *m, const struct sock_filter *i)
{
	if (BPF_OP(i->code) == BPF_JA)
		return i->k;
	return holds(m, i) ? i->jt : i->jf;
}

static bool move(struct machine *m, const struct sock_filter *i)
{
	switch (i->code) {
	case BPF_LD | BPF_IMM:
		m->a = i->k;
		return true;
	case BPF_LD | BPF_MEM:
		m->a = m->memory[i->k % BPF_MEMWORDS];
		return i->k < BPF_MEMWORDS;
	case BPF_ST:
		m->memory[i->k % BPF_MEMWORDS] = m->a;
		return i->k < BPF_MEMWORDS;
	case BPF_MISC | BPF_TAX:
		m->x = m->a;
		return true;
	case BPF_MISC | BPF_TXA:
		m->a = m->x;
		return true;
	default:
		return false;
	}
}

static bool step(
	struct machine *m, const struct sock_filter *i, const struct seccomp_data *call, size_t *at)
{
	switch (BPF_CLASS(i->code)) {
	case BPF_ALU:
		return arithmetic(m, i->code, i->k);
	case BPF_JMP:
		*at += jump(m, i);
		return true;
	default:
		return i->code == (BPF_LD | BPF_W | BPF_ABS) ? load(m, call, i->k) : move(m, i);
	}
}

int bpf_run(const struct sock_filter *program, size_t length, const struct seccomp_data *call,
	uint32_t *ret_action)
{
	struct machine m = {0};

	for (size_t at = 0; at < length; at++) {
		const struct sock_filter *i = &program[at];

		if (i->code == (BPF_RET | BPF_K) || i->code == (BPF_RET | BPF_A)) {
			*ret_action = BPF_RVAL(i->code) == BPF_A ? m.a : i->k;
			return 0;
		}
		if (!step(&m, i, call, &at))
			return -EINVAL;
	}
	return -EINVAL;
}
