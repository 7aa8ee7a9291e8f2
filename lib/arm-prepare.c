/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A confinement from the supervisor's answer, before it goes on. Used by the module: libc only.
 */

#include <sys/mman.h>
#include <sys/stat.h>

#include "arm.h"
#include "fd.h"
#include "wire.h"

/* Login programs close and move low descriptors between open_session and fork. */
#define FD_MINIMUM 64

static int map_program(int memfd, uint32_t n_instructions, struct sock_fprog *ret)
{
	size_t size = (size_t)n_instructions * sizeof(struct sock_filter);
	struct stat st;
	void *program;

	if (!memfd_is_sealed(memfd) || n_instructions == 0 || n_instructions > BPF_MAXINSNS)
		return -EPROTO;
	if (fstat(memfd, &st) < 0)
		return -errno;
	if ((size_t)st.st_size != size)
		return -EPROTO;
	program = mmap(NULL, size, PROT_READ, MAP_PRIVATE, memfd, 0);
	if (program == MAP_FAILED)
		return -errno;
	*ret = (struct sock_fprog){.len = (unsigned short)n_instructions, .filter = program};
	return 0;
}

static int move_above(int *fds, size_t n_fds)
{
	for (size_t i = 0; i < n_fds; i++) {
		int fd = fd_move_above(fds[i], FD_MINIMUM);

		if (fd < 0)
			return fd;
		fds[i] = fd;
	}
	return 0;
}

/* The programs come last, each in a memfd that is not needed once it is mapped. */
static int map_programs(const struct wire_answer *answer, const int *memfds, struct arm *arm)
{
	int r = map_program(memfds[0], answer->n_instructions, &arm->program);

	if (r == 0 && answer->flags & WIRE_READY_PROFILE)
		r = map_program(memfds[1], answer->n_profile_instructions, &arm->profile);
	return r;
}

static void unmap(struct sock_fprog *program)
{
	if (program->filter)
		munmap(program->filter, program->len * sizeof(struct sock_filter));
}

int arm_prepare(
	const struct wire_answer *answer, int channel, int *fds, size_t n_fds, struct arm *ret)
{
	size_t n_uts = answer->flags & WIRE_READY_UTS ? 1 : 0;
	size_t n_programs = answer->flags & WIRE_READY_PROFILE ? 2 : 1;
	struct arm arm = ARM_INIT;
	int r;

	if (answer->n_rulesets > ARM_RULESETS_MAX ||
		n_fds != n_uts + answer->n_rulesets + n_programs)
		return -EPROTO;
	r = move_above(fds, n_fds);
	if (r == 0)
		r = map_programs(answer, fds + n_fds - n_programs, &arm);
	if (r < 0) {
		unmap(&arm.program);
		unmap(&arm.profile);
		return r;
	}
	for (size_t i = 0; i < n_programs; i++)
		fd_close(fds[n_fds - 1 - i]);
	if (n_uts)
		arm.uts = fds[0];
	for (size_t i = 0; i < answer->n_rulesets; i++)
		arm.rulesets[arm.n_rulesets++] = fds[n_uts + i];
	arm.channel = channel;
	arm.restrict_flags = answer->restrict_flags;
	arm.filter_flags = answer->filter_flags;
	arm.supervise = !!(answer->flags & WIRE_READY_SUPERVISE);
	arm.complain = !!(answer->flags & WIRE_READY_COMPLAIN);
	arm.mounts = !!(answer->flags & WIRE_READY_MOUNTS);
	arm.uid = answer->uid;
	arm.profile_depth = n_programs == 2 && !arm.complain ? 1 : 0;
	*ret = arm;
	return 0;
}

void arm_close(struct arm *arm)
{
	for (size_t i = 0; i < arm->n_rulesets; i++)
		arm->rulesets[i] = fd_close(arm->rulesets[i]);
	arm->channel = fd_close(arm->channel);
	arm->uts = fd_close(arm->uts);
}

void arm_done(struct arm *arm)
{
	if (!arm)
		return;
	arm_close(arm);
	unmap(&arm->program);
	unmap(&arm->profile);
	*arm = ARM_INIT;
}
