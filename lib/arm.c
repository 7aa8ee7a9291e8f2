/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The confinement goes on: in this order, because each step takes away what the next ones do not
 * need. Runs between fork and whatever the login program does next, so: system calls only, no
 * allocation, no lock, no log. Used by the module: libc only.
 */

#include "arm.h"

#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "fd.h"
#include "landlock-uapi.h"
#include "sock.h"
#include "wire.h"

#define ACK_TIMEOUT_MS 5000

/* Login programs close and move low descriptors between open_session and fork. */
#define FD_MINIMUM 64

/*
 * Tells the monitor who is about to be confined, and gives it a socket of this process's own:
 * several children of one login program may do this at the same time. Returns our end.
 */
static int announce(int channel)
{
	struct wire_short message = {.type = WIRE_ANNOUNCE};
	int pair[2], fds[2], r;

	r = sock_pair(pair);
	if (r < 0)
		return r;
	fds[0] = (int)syscall(SYS_pidfd_open, getpid(), 0);
	fds[1] = pair[1];
	if (fds[0] < 0)
		r = -errno;
	else
		r = sock_send(channel, &message, sizeof(message), fds, 2, 0);
	fd_close(fds[0]);
	fd_close(pair[1]);
	if (r < 0) {
		fd_close(pair[0]);
		return r;
	}
	return pair[0];
}

int arm_restrict(const struct arm *arm)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	for (size_t i = 0; i < arm->n_rulesets; i++)
		if (syscall(SYS_landlock_restrict_self, arm->rulesets[i], arm->restrict_flags) < 0)
			return -errno;
	return 0;
}

/* *ret_listener is -1 where the filter has none. */
static int load_filter(const struct arm *arm, int *ret_listener)
{
	unsigned flags = arm->filter_flags;
	long r;

	if (arm->supervise)
		flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &arm->program);
	if (r < 0)
		return -errno;
	*ret_listener = arm->supervise ? (int)r : -1;
	return 0;
}

/*
 * From here on a notified call would wait for a supervisor that does not have the listener yet:
 * write(2), poll(2), read(2) and close(2) are never notified, sendmsg(2) may be.
 */
static int hand_over(int sock, int listener)
{
	struct wire_short message = {.type = WIRE_LISTENER, .value = listener};
	ssize_t n;
	int r;

	if (write(sock, &message, sizeof(message)) != (ssize_t)sizeof(message))
		return -EPIPE;
	r = sock_wait(sock, ACK_TIMEOUT_MS);
	if (r < 0)
		return r;
	n = read(sock, &message, sizeof(message));
	if (n < 0)
		return -errno;
	return n == (ssize_t)sizeof(message) && message.type == WIRE_ACK ? 0 : -EPROTO;
}

/* Has the monitor say why. The session is refused, whether it hears of it or not. */
static int tell(int sock, int error)
{
	const struct wire_short message = {.type = WIRE_FAILED, .value = error};

	return write(sock, &message, sizeof(message)) < 0 ? -errno : error;
}

static void close_all(struct arm *arm)
{
	for (size_t i = 0; i < arm->n_rulesets; i++)
		arm->rulesets[i] = fd_close(arm->rulesets[i]);
	arm->channel = fd_close(arm->channel);
	arm->uts = fd_close(arm->uts);
}

static int confine(struct arm *arm, int *ret_listener)
{
	int r;

	if (arm->uts >= 0 && setns(arm->uts, CLONE_NEWUTS) < 0)
		return -errno;
	r = arm_restrict(arm);
	if (r < 0)
		return r;
	close_all(arm);
	return load_filter(arm, ret_listener);
}

/* Signals wait: a handler of the login program must not run half confined. */
int arm_confine(struct arm *arm)
{
	_cleanup_close_ int listener = -1;
	_cleanup_close_ int sock = announce(arm->channel);
	sigset_t all, saved;
	int r;

	if (sock < 0)
		return sock;
	sigfillset(&all);
	if (sigprocmask(SIG_SETMASK, &all, &saved) < 0)
		return -errno;
	r = confine(arm, &listener);
	if (r < 0)
		return tell(sock, r);
	r = hand_over(sock, listener);
	if (r < 0)
		return r;
	if (sigprocmask(SIG_SETMASK, &saved, NULL) < 0)
		return -errno;
	arm->confined = 1;
	return 0;
}

int arm_profile(struct arm *arm)
{
	arm->profile_depth = 0;
	if (arm->profile.len == 0)
		return 0;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &arm->profile) < 0 ? -errno : 0;
}

int arm_descend(struct arm *arm)
{
	if (!arm->confined) {
		int r = arm_confine(arm);

		if (r < 0)
			return r;
	}
	if (arm->profile_depth == 0 || --arm->profile_depth > 0)
		return 0;
	return arm_profile(arm);
}

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
	arm.profile_depth = n_programs == 2 ? 1 : 0;
	*ret = arm;
	return 0;
}

void arm_done(struct arm *arm)
{
	if (!arm)
		return;
	close_all(arm);
	unmap(&arm->program);
	unmap(&arm->profile);
	*arm = ARM_INIT;
}
