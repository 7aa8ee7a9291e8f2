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

static int try_clone3(void)
{
	return raw(SYS_clone3, 0, 0, 0, 0);
}

static int try_io_uring(void)
{
	return raw(SYS_io_uring_setup, 1, 0, 0, 0);
}

static int try_openat2(void)
{
	return raw(SYS_openat2, AT_FDCWD, 0, 0, 0);
}

static int try_unknown(void)
{
	return raw(700, 0, 0, 0, 0);
}

static int try_listener(void)
{
	return raw(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, 0, 0);
}

static int try_listener_with_junk(void)
{
	return raw(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		(long)(JUNK | SECCOMP_FILTER_FLAG_NEW_LISTENER), 0, 0);
}

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

static int try_mount(void)
{
	return raw(SYS_mount, 0, 0, 0, 0);
}

static int try_fsopen(void)
{
	return raw(SYS_fsopen, (long)"tmpfs", 0, 0, 0);
}

static int try_userfaultfd(void)
{
	return raw(SYS_userfaultfd, 0, 0, 0, 0);
}

static int try_tiocsti(void)
{
	return raw(SYS_ioctl, 0, TIOCSTI, 0, 0);
}

static int try_tiocsti_with_junk(void)
{
	return raw(SYS_ioctl, 0, (long)(JUNK | TIOCSTI), 0, 0);
}

static int try_winsize(void)
{
	return raw(SYS_ioctl, -1, TIOCGWINSZ, 0, 0);
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

static int try_perf(void)
{
	return raw(SYS_perf_event_open, 0, 0, -1, -1);
}

static int try_keys(void)
{
	return raw(SYS_keyctl, 0, 0, 0, 0);
}

static int try_kernel_log(void)
{
	return raw(SYS_syslog, 10, 0, 0, 0); /* how much there is */
}

static int try_clock(void)
{
	return raw(SYS_settimeofday, 0, 0, 0, 0);
}

static int try_shared_memory(void)
{
	return raw(SYS_shmget, 0, 4096, 0600, 0);
}

static int try_queue(void)
{
	return raw(SYS_mq_unlink, (long)"sandlock-test", 0, 0, 0);
}

static int try_persona(void)
{
	return raw(SYS_personality, 8, 0, 0, 0);
}

static int try_asking_for_persona(void)
{
	return raw(SYS_personality, 0xffffffff, 0, 0, 0);
}

static int try_tracer(void)
{
	return errno_of(prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0));
}

static int try_own_priority(void)
{
	return raw(SYS_setpriority, 0, 0, 0, 0);
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

static int try_x32(void)
{
	return raw(0x40000000 + SYS_getpid, 0, 0, 0, 0);
}
#endif

const struct attempt attempts[] = {
	{"clone3", try_clone3, ENOSYS, ENOSYS},
	{"io_uring", try_io_uring, ENOSYS, ENOSYS},
	{"openat2", try_openat2, ENOSYS, ENOSYS},
	{"unknown call", try_unknown, ENOSYS, ENOSYS},
	{"listener", try_listener, EFAULT, EBUSY},
	{"listener, junk", try_listener_with_junk, EFAULT, EBUSY},
	{"unshare user", try_unshare_user, EPERM, EPERM},
	{"unshare files", try_unshare_files, 0, 0},
	{"setns", try_setns, EPERM, EPERM},
	{"mount", try_mount, EPERM, EPERM},
	{"fsopen", try_fsopen, EPERM, EPERM},
	{"userfaultfd", try_userfaultfd, EPERM, EPERM},
	{"perf_event_open", try_perf, EPERM, EPERM},
	{"keyctl", try_keys, EPERM, EPERM},
	{"syslog", try_kernel_log, EPERM, EPERM},
	{"settimeofday", try_clock, EPERM, EPERM},
	{"shmget", try_shared_memory, EPERM, EPERM},
	{"mq_unlink", try_queue, EPERM, EPERM},
	{"personality", try_persona, EPERM, EPERM},
	{"personality, asked", try_asking_for_persona, 0, 0},
	{"PR_SET_PTRACER", try_tracer, EPERM, EPERM},
	{"own priority", try_own_priority, 0, 0},
	{"parent's priority", try_parents_priority, EPERM, EPERM},
	{"parent's limits", try_parents_limits, EPERM, EPERM},
	{"own cores", try_own_cores, 0, 0},
	{"parent's cores", try_parents_cores, EPERM, EPERM},
	{"TIOCSTI", try_tiocsti, EPERM, EPERM},
	{"TIOCSTI, junk", try_tiocsti_with_junk, EPERM, EPERM},
	{"TIOCGWINSZ", try_winsize, EBADF, EBADF},
	{"set-id", try_set_id, EPERM, EPERM},
	{"set-id open", try_set_id_open, EPERM, EPERM},
	{"chmod", try_chmod, 0, 0},
	{"thread", try_thread, 0, 0},
	{"spawn", try_spawn, 0, 0},
	{"chroot", try_chroot, ENOENT, ENOENT},
#if defined(__x86_64__)
	{"int 0x80", try_int80, ENOSYS, ENOSYS},
	{"x32", try_x32, ENOSYS, ENOSYS},
#endif
};
const size_t n_attempts = ARRAY_SIZE(attempts);
