/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The base filter loaded into a child: what this kernel then answers, and what still works. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "filters.h"

#define BARE       0  /* specification without a supervisor */
#define SUPERVISED 31 /* every supervised call, nothing allowed */
#define JUNK       0xdeadbeef00000000UL

static int errno_of(long r)
{
	return r < 0 ? errno : 0;
}

static int raw(long nr, long a, long b, long c, long d)
{
	return errno_of(syscall(nr, a, b, c, d, 0L, 0L));
}

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

static int try_fast_open(void)
{
	_cleanup_close_ int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return errno_of(sendto(fd, "x", 1, MSG_FASTOPEN, NULL, 0));
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

static int try_mptcp(void)
{
	return errno_of(socket(AF_INET, SOCK_STREAM, 262));
}

static int try_raw_socket(void)
{
	return errno_of(socket(AF_INET, SOCK_RAW, 255));
}

static int try_packet_socket(void)
{
	return errno_of(socket(AF_PACKET, SOCK_RAW, 0));
}

static int try_udp_socket(void)
{
	return errno_of(socket(AF_INET, SOCK_DGRAM, 0));
}

/* EACCES is the kernel's, where net.ipv4.ping_group_range leaves us out. */
static int try_icmp_socket(void)
{
	int error = errno_of(socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP));

	return error == EACCES ? 0 : error;
}

static int try_unix_datagrams(void)
{
	int fds[2];

	return errno_of(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds));
}

static int try_unix_stream(void)
{
	int fds[2];

	return errno_of(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds));
}

/* A notified call without a listener is ENOSYS: here it says that the call is notified. */
static int try_connect(void)
{
	return errno_of(connect(-1, NULL, 0));
}

static int try_listen(void)
{
	return errno_of(listen(-1, 1));
}

static int try_send(void)
{
	return errno_of(sendto(-1, "x", 1, 0, NULL, 16));
}

static int try_send_to(void)
{
	static const struct sockaddr address;

	return errno_of(sendto(-1, "x", 1, 0, &address, sizeof(address)));
}

static int try_send_to_high(void)
{
	return errno_of(syscall(SYS_sendto, -1L, "x", 1L, 0L, 0x7fff00000000, 0L));
}

static int try_send_message(void)
{
	static const struct msghdr message;

	return errno_of(sendmsg(-1, &message, 0));
}

static int try_send_messages(void)
{
	static struct mmsghdr messages[1];

	return errno_of(sendmmsg(-1, messages, 1, 0));
}

static int try_interfaces(void)
{
	struct ifaddrs *addresses;

	return getifaddrs(&addresses) < 0 ? errno : 0;
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

static int try_interface_number(void)
{
	_cleanup_close_ int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char request[64] = "lo";

	return raw(SYS_ioctl, fd, 0x8933, (long)request, 0);
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

static const struct {
	const char *name;
	int (*try)(void);
	int bare, supervised;
} rows[] = {
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
	{"interface", try_interface_number, 0, EPERM},
	{"TIOCSTI", try_tiocsti, EPERM, EPERM},
	{"TIOCSTI, junk", try_tiocsti_with_junk, EPERM, EPERM},
	{"TIOCGWINSZ", try_winsize, EBADF, EBADF},
	{"fast open", try_fast_open, EOPNOTSUPP, EOPNOTSUPP},
	{"set-id", try_set_id, EPERM, EPERM},
	{"set-id open", try_set_id_open, EPERM, EPERM},
	{"chmod", try_chmod, 0, 0},
	{"MPTCP", try_mptcp, EPROTONOSUPPORT, EPROTONOSUPPORT},
	{"raw", try_raw_socket, EPROTONOSUPPORT, EPROTONOSUPPORT},
	{"packet", try_packet_socket, EAFNOSUPPORT, EAFNOSUPPORT},
	{"UDP", try_udp_socket, 0, 0},
	{"ICMP", try_icmp_socket, EPROTONOSUPPORT, 0},
	{"UNIX datagrams", try_unix_datagrams, 0, 0},
	{"UNIX stream", try_unix_stream, 0, 0},
	{"connect", try_connect, EBADF, ENOSYS},
	{"sendto", try_send_to, EBADF, ENOSYS},
	{"sendto, zero low half", try_send_to_high, EBADF, ENOSYS},
	{"sendto without address", try_send, EBADF, EBADF},
	{"sendmsg", try_send_message, EBADF, ENOSYS},
	{"sendmmsg", try_send_messages, EBADF, ENOSYS},
	{"listen", try_listen, EBADF, ENOSYS},
	{"interfaces", try_interfaces, 0, ENOSYS}, /* asks by sendto */
	{"thread", try_thread, 0, 0},
	{"spawn", try_spawn, 0, 0},
	{"chroot", try_chroot, ENOENT, ENOENT},
#if defined(__x86_64__)
	{"int 0x80", try_int80, ENOSYS, ENOSYS},
	{"x32", try_x32, ENOSYS, ENOSYS},
#endif
};

static int load(const struct built_filter *filter)
{
	struct sock_fprog program = {(unsigned short)filter->length, filter->program};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0 ? -errno : 0;
}

/* The errno of `try` in a child under the filter. */
static int confined(const struct built_filter *filter, int (*try)(void))
{
	int pipes[2], status, answer = -1;
	pid_t pid;

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (load(filter) < 0)
			_exit(1);
		answer = try();
		_exit(write(pipes[1], &answer, sizeof(answer)) != sizeof(answer));
	}
	close(pipes[1]);
	assert_int_equal(read(pipes[0], &answer, sizeof(answer)), sizeof(answer));
	close(pipes[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	return answer;
}

static void test_rows(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int bare = confined(&filters[BARE], rows[i].try);
		int supervised = confined(&filters[SUPERVISED], rows[i].try);

		if (bare != rows[i].bare || supervised != rows[i].supervised)
			fail_msg("%s: %s, supervised %s", rows[i].name, strerrorname_np(bare),
				strerrorname_np(supervised));
	}
}

/* Every program must load; the interpreter would also run what the kernel refuses. */
static int try_nothing(void)
{
	return 0;
}

static void test_every_specification_loads(void **state)
{
	for (unsigned spec = 0; spec < SPECS_NATIVE; spec++)
		assert_int_equal(confined(&filters[spec], try_nothing), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_every_specification_loads),
	};

	return cmocka_run_group_tests(tests, filters_setup, filters_teardown);
}
