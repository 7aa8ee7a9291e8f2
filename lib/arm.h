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
	struct sock_fprog profile; /* the same; len 0: none */
	/*
	 * How many forks below the arming process the profile goes on: sshd forks the user's own
	 * sshd process first, and that the shell. 0: there is none, or it is on.
	 */
	unsigned profile_depth;
	int complain; /* nothing is to be denied: the filter tells, and that is all */
	int mounts;   /* a mount namespace of its own first; without it files are not watched */
	uint32_t uid; /* of the user, whom that is charged to */
	int confined; /* arm_confine() has done its work in this process or above */
	int threads;  /* the caller has others, which are to be confined with it */
};

#define ARM_INIT ((struct arm){.channel = -1, .uts = -1})

/*
 * Confines the calling process and, when supervised, hands its listener over. 0 or -errno. On
 * success every descriptor of *arm is closed in this process and its signals are the caller's
 * again; after a failure all stay blocked, so that no handler of the caller's runs half confined.
 */
int arm_confine(struct arm *arm);

/*
 * The same for a process that becomes the session itself: all its threads. There is no
 * moment for a profile. -EOPNOTSUPP, with nothing done yet, when there are other threads and the
 * kernel cannot confine them with the calling one. After a failure, too, the caller has its
 * signals.
 */
int arm_confine_whole(struct arm *arm);

/* The rulesets alone, without filter or monitor: for a process that only tries what they allow. */
int arm_restrict(const struct arm *arm);

/* Loads the profile's filter, if there is one. In a process that is confined. 0 or -errno. */
int arm_profile(struct arm *arm);

/*
 * What a forked child has to do: arm_confine() when it is the first, arm_profile() at its depth.
 * 0 or -errno. As long as profile_depth is not 0 the child's own children have something to do,
 * too.
 */
int arm_descend(struct arm *arm);

struct wire_answer;

/*
 * Fills *ret from a READY answer. channel and fds are taken over on success; on failure they are
 * still the caller's (fds may have moved). 0 or -errno.
 */
int arm_prepare(
	const struct wire_answer *answer, int channel, int *fds, size_t n_fds, struct arm *ret);

/* Closes every descriptor of *arm; the programs stay. */
void arm_close(struct arm *arm);

/* Closes and unmaps what *arm owns; for the process that stays unconfined. NULL-safe. */
void arm_done(struct arm *arm);
