/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* All but sockets. */

#include "attempt.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "cleanup.h"

#define JUNK 0xdeadbeef00000000UL

static int try_unshare_user(void)
{
	return errno_of(unshare(CLONE_NEWUSER));
}

static int try_unshare_files(void)
{
	return errno_of(unshare(CLONE_FILES));
}

static int try_setns(void)
{
	_cleanup_close_ int fd = open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC);

	return errno_of(setns(fd, 0));
}

static int try_set_id(void)
{
	_cleanup_close_ int fd = memfd_create("set-id", MFD_CLOEXEC);

	return errno_of(fchmod(fd, 04755));
}

static int try_set_id_open(void)
{
	return errno_of(open("/tmp", O_TMPFILE | O_WRONLY | O_CLOEXEC, 02755));
}

static int try_chmod(void)
{
	_cleanup_close_ int fd = memfd_create("plain", MFD_CLOEXEC);

	return errno_of(fchmod(fd, 0755));
}

static void *return_argument(void *argument)
{
	return argument;
}

static int try_thread(void)
{
	pthread_t thread;
	int r = pthread_create(&thread, NULL, return_argument, NULL);

	return r ? r : pthread_join(thread, NULL);
}

/* posix_spawn(3) inside, which would like clone3. */
static int try_spawn(void)
{
	return system("true") == 0 ? 0 : ECHILD;
}

static int try_tracer(void)
{
	return errno_of(prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0));
}

static int try_parents_priority(void)
{
	return raw(SYS_setpriority, 0, getppid(), 0, 0);
}

static int try_parents_limits(void)
{
	return raw(SYS_prlimit64, getppid(), 0, 0, 0);
}

static int try_parents_cores(void)
{
	unsigned long cores[16];
	long size = syscall(SYS_sched_getaffinity, 0, sizeof(cores), cores);

	return raw(SYS_sched_setaffinity, getppid(), size, (long)cores, 0);
}

static int try_own_cores(void)
{
	unsigned long cores[16];
	long size = syscall(SYS_sched_getaffinity, 0, sizeof(cores), cores);

	return raw(SYS_sched_setaffinity, 0, size, (long)cores, 0);
}

static int try_chroot(void)
{
	return errno_of(chroot("/nonexistent"));
}

#if defined(__x86_64__)
/* The 32-bit entry from 64-bit code: getpid is number 20 there. */
static int try_int80(void)
{
	long r = 20;

	__asm__ volatile("int $0x80" : "+a"(r) : : "memory", "r8", "r9", "r10", "r11");
	return r < 0 ? (int)-r : 0;
}
#endif

const struct attempt attempts[] = {
	{"clone3", NULL, ENOSYS, ENOSYS, {SYS_clone3}},
	{"io_uring", NULL, ENOSYS, ENOSYS, {SYS_io_uring_setup, 1}},
	{"openat2", NULL, ENOSYS, ENOSYS, {SYS_openat2, AT_FDCWD}},
	{"unknown call", NULL, ENOSYS, ENOSYS, {700}},
	{"listener", NULL, EFAULT, EBUSY,
		{SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER}},
	{"listener, junk", NULL, EFAULT, EBUSY,
		{SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			(long)(JUNK | SECCOMP_FILTER_FLAG_NEW_LISTENER)}},
	{"unshare user", try_unshare_user, EPERM, EPERM},
	{"unshare files", try_unshare_files, 0, 0},
	{"setns", try_setns, EPERM, EPERM},
	{"mount", NULL, EPERM, EPERM, {SYS_mount}},
	{"fsopen", NULL, EPERM, EPERM, {SYS_fsopen, (long)"tmpfs"}},
	{"userfaultfd", NULL, EPERM, EPERM, {SYS_userfaultfd}},
	{"perf_event_open", NULL, EPERM, EPERM, {SYS_perf_event_open, 0, 0, -1, -1}},
	{"keyctl", NULL, EPERM, EPERM, {SYS_keyctl}},
	{"syslog", NULL, EPERM, EPERM, {SYS_syslog, 10}}, /* how much there is */
	{"settimeofday", NULL, EPERM, EPERM, {SYS_settimeofday}},
	{"shmget", NULL, EPERM, EPERM, {SYS_shmget, 0, 4096, 0600}},
	{"mq_unlink", NULL, EPERM, EPERM, {SYS_mq_unlink, (long)"sandlock-test"}},
	{"personality", NULL, EPERM, EPERM, {SYS_personality, 8}},
	{"personality, asked", NULL, 0, 0, {SYS_personality, 0xffffffff}},
	{"PR_SET_PTRACER", try_tracer, EPERM, EPERM},
	{"own priority", NULL, 0, 0, {SYS_setpriority}},
	{"parent's priority", try_parents_priority, EPERM, EPERM},
	{"parent's limits", try_parents_limits, EPERM, EPERM},
	{"own cores", try_own_cores, 0, 0},
	{"parent's cores", try_parents_cores, EPERM, EPERM},
	{"TIOCSTI", NULL, EPERM, EPERM, {SYS_ioctl, 0, TIOCSTI}},
	{"TIOCSTI, junk", NULL, EPERM, EPERM, {SYS_ioctl, 0, (long)(JUNK | TIOCSTI)}},
	{"TIOCGWINSZ", NULL, EBADF, EBADF, {SYS_ioctl, -1, TIOCGWINSZ}},
	{"set-id", try_set_id, EPERM, EPERM},
	{"set-id open", try_set_id_open, EPERM, EPERM},
	{"chmod", try_chmod, 0, 0},
	{"thread", try_thread, 0, 0},
	{"spawn", try_spawn, 0, 0},
	{"chroot", try_chroot, ENOENT, ENOENT},
#if defined(__x86_64__)
	{"int 0x80", try_int80, ENOSYS, ENOSYS},
	{"x32", NULL, ENOSYS, ENOSYS, {0x40000000 + SYS_getpid}},
#endif
};
const size_t n_attempts = ARRAY_SIZE(attempts);

int attempt_make(const struct attempt *attempt)
{
	const long *call = attempt->call;

	return attempt->try ? attempt->try() : raw(call[0], call[1], call[2], call[3], call[4]);
}
