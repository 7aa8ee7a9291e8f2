/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Putting a confinement on the calling process. Everything is prepared before; arm_confine() makes
 * only system calls, so it may run in a fork handler of a threaded program. There is no way back:
 * after a failure the caller must end the process.
 */

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

#define ARM_RULESETS_MAX 6

struct arm {
	int channel; /* to the monitor; closed by arm_confine() in the confined process */
	int uts;     /* the namespace that marks the session, -1: none */
	int rulesets[ARM_RULESETS_MAX];
	size_t n_rulesets;
	uint32_t restrict_flags;
	uint32_t filter_flags;
	int supervise;             /* the filter has a listener, which the monitor must take */
	struct sock_fprog program; /* points into a read-only mapping */
};

#define ARM_INIT ((struct arm){.channel = -1, .uts = -1})

/*
 * Confines the calling process and, when supervised, hands its listener over. 0 or -errno. On
 * success every descriptor of *arm is closed in this process.
 */
int arm_confine(struct arm *arm);

struct wire_answer;

/*
 * Fills *ret from a READY answer. channel and fds are taken over on success; on failure they are
 * still the caller's (fds may have moved). 0 or -errno.
 */
int arm_prepare(
	const struct wire_answer *answer, int channel, int *fds, size_t n_fds, struct arm *ret);

/* Closes and unmaps what *arm owns; for the process that stays unconfined. NULL-safe. */
void arm_done(struct arm *arm);
