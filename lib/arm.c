/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The confinement goes on: in this order, because each step takes away what the next ones do not
 * need. Runs between fork and whatever the login program does next, so: system calls only, no
 * allocation, no lock, no log. Used by the module: libc only.
 */

#include "arm.h"

#include <linux/capability.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "fd.h"
#include "landlock-uapi.h"
#include "sock.h"
#include "wire.h"

#define ACK_TIMEOUT_MS 5000

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

static uint32_t restrict_flags(const struct arm *arm)
{
	return arm->restrict_flags | (arm->threads ? LANDLOCK_RESTRICT_SELF_TSYNC : 0);
}

int arm_restrict(const struct arm *arm)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	for (size_t i = 0; i < arm->n_rulesets; i++)
		if (syscall(SYS_landlock_restrict_self, arm->rulesets[i], restrict_flags(arm)) < 0)
			return -errno;
	return 0;
}

/* A listener can come along with threads from Linux 5.7, if it may not be mistaken for a thread's
 * id. */
static unsigned filter_flags(const struct arm *arm)
{
	unsigned flags = arm->filter_flags;

	if (arm->supervise)
		flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	if (arm->threads)
		flags |= SECCOMP_FILTER_FLAG_TSYNC;
	if (arm->supervise && arm->threads)
		flags |= SECCOMP_FILTER_FLAG_TSYNC_ESRCH;
	return flags;
}

/* Root needs no no_new_privs, so a session that is only watched keeps its set-id programs. */
static long load(const struct arm *arm, unsigned flags, const struct sock_fprog *program)
{
	long r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);

	if (r >= 0 || errno != EACCES || !arm->complain)
		return r;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);
}

/* *ret_listener is -1 where the filter has none. */
static int load_filter(const struct arm *arm, int *ret_listener)
{
	long r = load(arm, filter_flags(arm), &arm->program);

	/* Without a listener a positive result is a thread that could not be confined. */
	if (r < 0 || (r > 0 && !arm->supervise))
		return r < 0 ? -errno : -ESRCH;
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

/* With CAP_SYS_ADMIN in effect beside what is. 0 or -errno. */
static int raise_admin(const struct __user_cap_data_struct *before)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct during[_LINUX_CAPABILITY_U32S_3];

	memcpy(during, before, sizeof(during));
	during[0].effective |= CAP_TO_MASK(CAP_SYS_ADMIN);
	return syscall(SYS_capset, &header, during) < 0 ? -errno : 0;
}

/*
 * atd(8) forks its job with the effective ids of daemon: root's capabilities are permitted, but not
 * in effect.
 */
static int join_with_permitted(int uts)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct before[_LINUX_CAPABILITY_U32S_3];
	const uint32_t admin = CAP_TO_MASK(CAP_SYS_ADMIN);
	int r;

	if (syscall(SYS_capget, &header, before) < 0)
		return -errno;
	if (!(before[0].permitted & admin) || before[0].effective & admin)
		return -EPERM;
	r = raise_admin(before);
	if (r < 0)
		return r;
	r = setns(uts, CLONE_NEWUTS) < 0 ? -errno : 0;
	if (syscall(SYS_capset, &header, before) < 0)
		return -errno;
	return r;
}

static int join(int uts)
{
	if (uts < 0 || setns(uts, CLONE_NEWUTS) == 0)
		return 0;
	return errno == EPERM ? join_with_permitted(uts) : -errno;
}

/* The kernel counts namespaces for the effective id, and root's count is everybody's. */
static void unshare_charged(uid_t uid, const struct __user_cap_data_struct *before)
{
	if (syscall(SYS_setresuid, -1, uid, -1) == 0 && raise_admin(before) == 0)
		unshare(CLONE_NEWNS);
}

/*
 * A copy of the mounts, which sees what is mounted later and is seen as the first was: only a mark
 * on them is the session's alone. Who may not have one is not watched, and the monitor says so. It
 * fails only where the process is not what it was.
 */
static int take_mounts(const struct arm *arm)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct before[_LINUX_CAPABILITY_U32S_3];
	uid_t real, effective, saved;
	int dumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);

	if (!arm->mounts || arm->threads)
		return 0;
	if (syscall(SYS_capget, &header, before) < 0 ||
		syscall(SYS_getresuid, &real, &effective, &saved) < 0)
		return -errno;
	unshare_charged(arm->uid, before);
	if (syscall(SYS_setresuid, -1, effective, -1) < 0 ||
		syscall(SYS_capset, &header, before) < 0)
		return -errno;
	/* To which a change of ids puts an end; 2 is the kernel's alone to give. */
	if (dumpable < 2 && prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0) < 0)
		return -errno;
	return 0;
}

/* Its profile only logs, and later there would be no privilege to load it with. */
static int watch(const struct arm *arm)
{
	if (arm->profile.len == 0)
		return 0;
	return load(arm, 0, &arm->profile) < 0 ? -errno : 0;
}

static int confine(struct arm *arm, int *ret_listener)
{
	int r = join(arm->uts);

	if (r < 0)
		return r;
	r = take_mounts(arm);
	if (r < 0)
		return r;
	r = arm->complain ? watch(arm) : arm_restrict(arm);
	if (r < 0)
		return r;
	arm_close(arm);
	return load_filter(arm, ret_listener);
}

static int confine_and_hand_over(struct arm *arm)
{
	_cleanup_close_ int sock = announce(arm->channel);
	_cleanup_close_ int listener = -1;
	int r;

	if (sock < 0)
		return sock;
	r = confine(arm, &listener);
	return r < 0 ? tell(sock, r) : hand_over(sock, listener);
}

/* A handler of the login program must not run half confined. */
static int hold_signals(sigset_t *ret_saved)
{
	sigset_t all;

	sigfillset(&all);
	return sigprocmask(SIG_SETMASK, &all, ret_saved) < 0 ? -errno : 0;
}

static int release_signals(const sigset_t *saved)
{
	return sigprocmask(SIG_SETMASK, saved, NULL) < 0 ? -errno : 0;
}

/* What failed stays without signals: there is nothing left for it to do but to end. */
int arm_confine(struct arm *arm)
{
	sigset_t saved;
	int r = hold_signals(&saved);

	if (r == 0)
		r = confine_and_hand_over(arm);
	if (r == 0)
		r = release_signals(&saved);
	if (r < 0)
		return r;
	arm->confined = 1;
	return 0;
}

int arm_profile(struct arm *arm)
{
	arm->profile_depth = 0;
	if (arm->profile.len == 0 || arm->complain)
		return 0;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &arm->profile) < 0 ? -errno : 0;
}

/*
 * Flags are looked at before what they come with: EBADF and EFAULT say that they are known,
 * landlock_restrict_self(2), seccomp(2).
 */
static int threads_can_follow(const struct arm *arm)
{
	if (arm->n_rulesets > 0 &&
		(syscall(SYS_landlock_restrict_self, -1, LANDLOCK_RESTRICT_SELF_TSYNC) == 0 ||
			errno != EBADF))
		return -EOPNOTSUPP;
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, filter_flags(arm), NULL) == 0 ||
		errno != EFAULT)
		return -EOPNOTSUPP;
	return 0;
}

static int find_threads(struct arm *arm)
{
	struct stat st;

	if (stat("/proc/self/task", &st) < 0)
		return -errno;
	/* A link for each thread, besides . and .. */
	arm->threads = st.st_nlink > 3;
	return arm->threads ? threads_can_follow(arm) : 0;
}

/* What writing to a monitor that does not listen any more has raised is not for the caller. */
static void drop_broken_pipe(void)
{
	const struct timespec now = {0};
	sigset_t pipe;

	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	sigtimedwait(&pipe, NULL, &now);
}

/* The caller has to be told of a failure, and goes on for that. */
int arm_confine_whole(struct arm *arm)
{
	sigset_t saved;
	int r = find_threads(arm), released;

	if (r == 0)
		r = hold_signals(&saved);
	if (r < 0)
		return r;
	r = confine_and_hand_over(arm);
	if (r < 0)
		drop_broken_pipe();
	released = release_signals(&saved);
	if (r == 0)
		r = released;
	if (r < 0)
		return r;
	arm->confined = 1;
	return 0;
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
