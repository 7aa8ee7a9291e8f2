/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The hand-written head of the program. Each piece is "if not, skip it", so a jump never reaches
 * further than its own piece and 8 bits are enough. Pure.
 */

#include "filter-head.h"

#include <endian.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "cleanup.h"
#include "filter-rules.h"

/* Offset of the low half of a 64-bit argument. */
#define LOW_HALF      (__BYTE_ORDER == __LITTLE_ENDIAN ? 0 : 4)
#define ARGUMENT(i)   (offsetof(struct seccomp_data, args) + 8 * (i) + LOW_HALF)
#define ERRNO(number) (SECCOMP_RET_ERRNO | ((number)&SECCOMP_RET_DATA))

static void emit(struct filter_head *head, struct sock_filter instruction)
{
	/* Counts on past the end: filter_head_make() looks once. */
	if (head->length < ARRAY_SIZE(head->program))
		head->program[head->length] = instruction;
	head->length++;
}

static void emit_load(struct filter_head *head, size_t offset)
{
	emit(head, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void emit_jump(
	struct filter_head *head, unsigned op, uint32_t value, uint8_t yes, uint8_t no)
{
	emit(head, (struct sock_filter)BPF_JUMP((uint16_t)(BPF_JMP | op | BPF_K), value, yes, no));
}

static void emit_return(struct filter_head *head, uint32_t action)
{
	emit(head, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* Leaves the call's number in the accumulator. */
static void emit_unknown(struct filter_head *head, const struct filter_head_spec *spec)
{
	emit_load(head, offsetof(struct seccomp_data, arch));
	emit_jump(head, BPF_JEQ, spec->arch, 1, 0);
	emit_return(head, ERRNO(ENOSYS));
	emit_load(head, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < spec->n_gaps; i++) {
		emit_jump(head, BPF_JGE, spec->gaps[i].first, 0, 2);
		emit_jump(head, BPF_JGT, spec->gaps[i].last, 1, 0);
		emit_return(head, ERRNO(ENOSYS));
	}
}

/* A number that no call has, where the architecture lacks this one: unknown numbers went before. */
static uint32_t number_of(const struct filter_head_spec *spec, const char *call)
{
	unsigned number;

	return syscall_number(spec->arch, call, strlen(call), &number) == 0 ? number : UINT32_MAX;
}

/* Takes the call's number in the accumulator, and leaves it there. */
static void emit_argument(struct filter_head *head, const struct filter_head_spec *spec,
	const struct filter_argument *row)
{
	uint8_t n = (uint8_t)row->n_values;

	emit_jump(head, BPF_JEQ, number_of(spec, row->call), 0, (uint8_t)(n + 3));
	emit_load(head, ARGUMENT(row->argument));
	for (uint8_t i = 0; i < n; i++)
		emit_jump(head, BPF_JEQ, row->values[i], (uint8_t)(n - i), 0);
	emit_return(head, ERRNO(EPERM));
	emit_load(head, offsetof(struct seccomp_data, nr));
}

static void emit_arguments(struct filter_head *head, const struct filter_spec *spec,
	const struct filter_head_spec *calls)
{
	for (size_t i = 0; i < n_filter_arguments; i++) {
		const struct filter_argument *row = &filter_arguments[i];

		if (filter_argument_applies(row, spec, number_of(calls, row->call)))
			emit_argument(head, calls, row);
	}
}

static void emit_socket_kind(struct filter_head *head, const struct filter_socket *kind)
{
	emit_load(head, ARGUMENT(0));
	emit_jump(head, BPF_JEQ, kind->domain, 0, 6);
	emit_load(head, ARGUMENT(1));
	/* Bits that are no flag stay and match no kind. */
	emit(head, (struct sock_filter)BPF_STMT(
			   BPF_ALU | BPF_AND | BPF_K, ~(uint32_t)(SOCK_NONBLOCK | SOCK_CLOEXEC)));
	emit_jump(head, BPF_JEQ, kind->type, 0, 3);
	emit_load(head, ARGUMENT(2));
	emit_jump(head, BPF_JEQ, kind->protocol, 0, 1);
	emit_return(head, SECCOMP_RET_ALLOW);
}

static void emit_sockets(struct filter_head *head, const struct filter_spec *spec)
{
	for (size_t i = 0; i < n_filter_sockets; i++) {
		const struct filter_socket *kind = &filter_sockets[i];

		if (!kind->applies || kind->applies(spec))
			emit_socket_kind(head, kind);
	}
	emit_load(head, ARGUMENT(0));
	for (size_t i = 0; i < n_filter_sockets; i++) {
		/* The table may name a domain several times; once asked is asked. */
		if (i > 0 && filter_sockets[i].domain == filter_sockets[i - 1].domain)
			continue;
		emit_jump(head, BPF_JEQ, filter_sockets[i].domain, 0, 1);
		emit_return(head, ERRNO(EPROTONOSUPPORT));
	}
	emit_return(head, ERRNO(EAFNOSUPPORT));
}

int filter_head_make(const struct filter_spec *spec, const struct filter_head_spec *head,
	struct filter_head *ret)
{
	struct filter_head made = {.length = 0};
	unsigned short skip;

	emit_unknown(&made, head);
	emit_arguments(&made, spec, head);
	emit_jump(&made, BPF_JEQ, number_of(head, "socket"), 2, 0);
	emit_jump(&made, BPF_JEQ, number_of(head, "socketpair"), 1, 0);
	skip = made.length;
	emit(&made, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0));
	emit_sockets(&made, spec);
	if (made.length > ARRAY_SIZE(made.program))
		return -E2BIG;
	made.program[skip].k = made.length - skip - 1U;
	*ret = made;
	return 0;
}
