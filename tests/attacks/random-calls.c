/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The denials of a supervised session, written out once more: not read from the filter's table. */

#include "random.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attack.h"

enum kind {
	NONE,
	ANY, /* any bit of value */
	IS,  /* the low half is value */
	NOT, /* the low half is not value */
};

struct test {
	enum kind kind;
	unsigned argument;
	uint32_t value;
};

static const struct denial {
	long number;
	int error;
	struct test tests[2];
} denials[] = {
	{SYS_clone3, ENOSYS},
	{SYS_openat2, ENOSYS},
	{SYS_io_uring_setup, ENOSYS},
	{SYS_io_uring_enter, ENOSYS},
	{SYS_io_uring_register, ENOSYS},
	{700, ENOSYS},
	{SYS_setns, EPERM},
	{SYS_mount, EPERM},
	{SYS_umount2, EPERM},
	{SYS_pivot_root, EPERM},
	{SYS_open_tree, EPERM},
	{SYS_move_mount, EPERM},
	{SYS_fsopen, EPERM},
	{SYS_fsconfig, EPERM},
	{SYS_fsmount, EPERM},
	{SYS_fspick, EPERM},
	{SYS_mount_setattr, EPERM},
	{SYS_init_module, EPERM},
	{SYS_finit_module, EPERM},
	{SYS_delete_module, EPERM},
	{SYS_kexec_load, EPERM},
	{SYS_kexec_file_load, EPERM},
	{SYS_reboot, EPERM},
	{SYS_swapon, EPERM},
	{SYS_swapoff, EPERM},
	{SYS_bpf, EPERM},
	{SYS_open_by_handle_at, EPERM},
	{SYS_userfaultfd, EPERM},
	{SYS_perf_event_open, EPERM},
	{SYS_keyctl, EPERM},
	{SYS_add_key, EPERM},
	{SYS_request_key, EPERM},
	{SYS_name_to_handle_at, EPERM},
	{SYS_fanotify_init, EPERM},
	{SYS_pidfd_getfd, EPERM},
	{SYS_kcmp, EPERM},
	{SYS_move_pages, EPERM},
	{SYS_migrate_pages, EPERM},
	{SYS_quotactl, EPERM},
	{SYS_quotactl_fd, EPERM},
	{SYS_acct, EPERM},
	{SYS_syslog, EPERM},
	{SYS_clock_settime, EPERM},
	{SYS_clock_adjtime, EPERM},
	{SYS_settimeofday, EPERM},
	{SYS_adjtimex, EPERM},
	{SYS_sethostname, EPERM},
	{SYS_setdomainname, EPERM},
	{SYS_vhangup, EPERM},
	{SYS_lookup_dcookie, EPERM},
	{SYS_nfsservctl, EPERM},
	{SYS_shmdt, EPERM},
	{SYS_semtimedop, EPERM},
	{SYS_mq_notify, EPERM},
	{SYS_mq_getsetattr, EPERM},
	{SYS_shmget, EPERM},
	{SYS_shmat, EPERM},
	{SYS_shmctl, EPERM},
	{SYS_semget, EPERM},
	{SYS_semop, EPERM},
	{SYS_semctl, EPERM},
	{SYS_msgget, EPERM},
	{SYS_msgsnd, EPERM},
	{SYS_msgrcv, EPERM},
	{SYS_msgctl, EPERM},
	{SYS_mq_open, EPERM},
	{SYS_mq_unlink, EPERM},
	{SYS_mq_timedsend, EPERM},
	{SYS_mq_timedreceive, EPERM},

	{SYS_clone, EPERM, {{ANY, 0, 0x7e020000}}},
	{SYS_unshare, EPERM, {{ANY, 0, 0x7e020080}}},
	{SYS_seccomp, EBUSY, {{ANY, 1, 8}}},
	{SYS_prctl, EPERM, {{IS, 0, 28}}},         /* PR_SET_SECUREBITS */
	{SYS_prctl, EPERM, {{IS, 0, 35}}},         /* PR_SET_MM */
	{SYS_prctl, EPERM, {{IS, 0, 0x59616d61}}}, /* PR_SET_PTRACER */
	{SYS_ioctl, EPERM, {{IS, 1, 0x5412}}},     /* TIOCSTI */
	{SYS_ioctl, EPERM, {{IS, 1, 0x541c}}},     /* TIOCLINUX */
	{SYS_ioctl, EPERM, {{IS, 1, 0x5423}}},     /* TIOCSETD */
	{SYS_ioctl, EPERM, {{IS, 1, 0x541d}}},     /* TIOCCONS */
	{SYS_ioctl, EPERM, {{IS, 1, 0x8912}}},     /* SIOCGIFCONF */
	{SYS_ioctl, EPERM, {{IS, 1, 0x8910}}},     /* SIOCGIFNAME */
	{SYS_ioctl, EPERM, {{IS, 1, 0x8927}}},     /* SIOCGIFHWADDR */
	{SYS_ioctl, EPERM, {{IS, 1, 0x8933}}},     /* SIOCGIFINDEX */
	{SYS_ioctl, EPERM, {{IS, 1, 0x8946}}},     /* SIOCETHTOOL */
	{SYS_sendto, EOPNOTSUPP, {{ANY, 3, 0x20000000}}},
	{SYS_sendmsg, EOPNOTSUPP, {{ANY, 2, 0x20000000}}},
	{SYS_sendmmsg, EOPNOTSUPP, {{ANY, 3, 0x20000000}}},
	{SYS_setsockopt, EPERM, {{IS, 1, 41}, {IS, 2, 57}}}, /* IPV6_RTHDR */
	{SYS_setsockopt, EPERM, {{IS, 1, 0}, {IS, 2, 35}}},  /* IP_ADD_MEMBERSHIP */
	{SYS_setsockopt, EPERM, {{IS, 1, 0}, {IS, 2, 36}}},  /* IP_DROP_MEMBERSHIP */
	{SYS_setsockopt, EPERM, {{IS, 1, 0}, {IS, 2, 37}}},  /* IP_UNBLOCK_SOURCE */
	{SYS_setsockopt, EPERM, {{IS, 1, 0}, {IS, 2, 38}}},  /* IP_BLOCK_SOURCE */
	{SYS_setsockopt, EPERM, {{IS, 1, 0}, {IS, 2, 39}}},  /* IP_ADD_SOURCE_MEMBERSHIP */
	{SYS_setsockopt, EPERM, {{IS, 1, 0}, {IS, 2, 40}}},  /* IP_DROP_SOURCE_MEMBERSHIP */
	{SYS_setsockopt, EPERM, {{IS, 1, 0}, {IS, 2, 41}}},  /* IP_MSFILTER */
	{SYS_setsockopt, EPERM, {{IS, 1, 0}, {IS, 2, 42}}},  /* MCAST_JOIN_GROUP */
	{SYS_setsockopt, EPERM, {{IS, 1, 0}, {IS, 2, 43}}},  /* MCAST_BLOCK_SOURCE */
	{SYS_setsockopt, EPERM, {{IS, 1, 0}, {IS, 2, 44}}},  /* MCAST_UNBLOCK_SOURCE */
	{SYS_setsockopt, EPERM, {{IS, 1, 0}, {IS, 2, 45}}},  /* MCAST_LEAVE_GROUP */
	{SYS_setsockopt, EPERM, {{IS, 1, 0}, {IS, 2, 46}}},  /* MCAST_JOIN_SOURCE_GROUP */
	{SYS_setsockopt, EPERM, {{IS, 1, 0}, {IS, 2, 47}}},  /* MCAST_LEAVE_SOURCE_GROUP */
	{SYS_setsockopt, EPERM, {{IS, 1, 0}, {IS, 2, 48}}},  /* MCAST_MSFILTER */
	{SYS_setsockopt, EPERM, {{IS, 1, 41}, {IS, 2, 20}}}, /* IPV6_JOIN_GROUP */
	{SYS_setsockopt, EPERM, {{IS, 1, 41}, {IS, 2, 21}}}, /* IPV6_LEAVE_GROUP */
	{SYS_setsockopt, EPERM, {{IS, 1, 41}, {IS, 2, 27}}}, /* IPV6_JOIN_ANYCAST */
	{SYS_setsockopt, EPERM, {{IS, 1, 41}, {IS, 2, 28}}}, /* IPV6_LEAVE_ANYCAST */
	{SYS_setsockopt, EPERM, {{IS, 1, 41}, {IS, 2, 42}}}, /* MCAST_JOIN_GROUP */
	{SYS_setsockopt, EPERM, {{IS, 1, 41}, {IS, 2, 43}}}, /* MCAST_BLOCK_SOURCE */
	{SYS_setsockopt, EPERM, {{IS, 1, 41}, {IS, 2, 44}}}, /* MCAST_UNBLOCK_SOURCE */
	{SYS_setsockopt, EPERM, {{IS, 1, 41}, {IS, 2, 45}}}, /* MCAST_LEAVE_GROUP */
	{SYS_setsockopt, EPERM, {{IS, 1, 41}, {IS, 2, 46}}}, /* MCAST_JOIN_SOURCE_GROUP */
	{SYS_setsockopt, EPERM, {{IS, 1, 41}, {IS, 2, 47}}}, /* MCAST_LEAVE_SOURCE_GROUP */
	{SYS_setsockopt, EPERM, {{IS, 1, 41}, {IS, 2, 48}}}, /* MCAST_MSFILTER */
	{SYS_fchmod, EPERM, {{ANY, 1, 06000}}},
	{SYS_fchmodat, EPERM, {{ANY, 2, 06000}}},
	{SYS_mknodat, EPERM, {{ANY, 2, 06000}}},
	{SYS_openat, EPERM, {{ANY, 2, 0100}, {ANY, 3, 06000}}},
	{SYS_prlimit64, EPERM, {{NOT, 0, 0}}},
	{SYS_sched_setparam, EPERM, {{NOT, 0, 0}}},
	{SYS_sched_setscheduler, EPERM, {{NOT, 0, 0}}},
	{SYS_sched_setaffinity, EPERM, {{NOT, 0, 0}}},
	{SYS_sched_setattr, EPERM, {{NOT, 0, 0}}},
	{SYS_setpriority, EPERM, {{NOT, 0, 0}}},
	{SYS_setpriority, EPERM, {{NOT, 1, 0}}},
	{SYS_ioprio_set, EPERM, {{NOT, 0, 1}}},
	{SYS_ioprio_set, EPERM, {{NOT, 1, 0}}},
	{SYS_personality, EPERM, {{NOT, 0, UINT32_MAX}, {NOT, 0, 0}}},
	{SYS_socket, EAFNOSUPPORT, {{IS, 0, 17}}},                  /* packet */
	{SYS_socket, EAFNOSUPPORT, {{IS, 0, 38}}},                  /* ALG */
	{SYS_socket, EAFNOSUPPORT, {{IS, 0, 40}}},                  /* VSOCK */
	{SYS_socket, EPROTONOSUPPORT, {{IS, 0, 2}, {IS, 1, 3}}},    /* raw */
	{SYS_socket, EPROTONOSUPPORT, {{IS, 0, 2}, {IS, 2, 262}}},  /* MPTCP */
	{SYS_socket, EPROTONOSUPPORT, {{IS, 0, 10}, {IS, 2, 132}}}, /* SCTP */
#ifdef SYS_modify_ldt                                               /* calls of x86 */
	{SYS_ioperm, EPERM},
	{SYS_iopl, EPERM},
	{SYS_modify_ldt, EPERM},
	{SYS_chmod, EPERM, {{ANY, 1, 06000}}},
	{SYS_creat, EPERM, {{ANY, 1, 06000}}},
	{SYS_mknod, EPERM, {{ANY, 1, 06000}}},
	{SYS_open, EPERM, {{ANY, 1, 0100}, {ANY, 2, 06000}}},
#endif
};

uint64_t random_next(uint64_t *state)
{
	/* xorshift64 */
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static bool holds(const struct test *test, const struct call *call)
{
	uint32_t low = (uint32_t)call->args[test->argument];

	switch (test->kind) {
	case ANY:
		return (low & test->value) != 0;
	case IS:
		return low == test->value;
	case NOT:
		return low != test->value;
	default:
		return true;
	}
}

static void make_hold(const struct test *test, struct call *call, uint64_t *state)
{
	uint64_t *argument = &call->args[test->argument], junk = random_next(state) << 32;

	/* Every second time there is something in the half that the kernel does not look at. */
	if (random_next(state) & 1)
		junk = 0;
	if (test->kind == IS)
		*argument = junk | test->value;
	while (test->kind == ANY && !holds(test, call))
		*argument |= UINT64_C(1) << random_next(state) % 32 & test->value;
	while (test->kind == NOT && !holds(test, call))
		*argument = random_next(state);
}

const size_t n_random_denials = ARRAY_SIZE(denials);

void random_forbid(struct call *call, size_t row, uint64_t *state)
{
	const struct denial *denial = &denials[row];

	call->number = denial->number;
	for (size_t i = 0; i < ARRAY_SIZE(denial->tests); i++)
		make_hold(&denial->tests[i], call, state);
}

int random_denial(const struct call *call)
{
	for (size_t i = 0; i < ARRAY_SIZE(denials); i++)
		if (denials[i].number == call->number && holds(&denials[i].tests[0], call) &&
			holds(&denials[i].tests[1], call))
			return denials[i].error;
	return 0;
}

#if defined(__x86_64__)
/* Without errno: random calls may have moved the thread's own memory. */
long random_make(const struct call *call)
{
	register uint64_t d __asm__("r10") = call->args[3];
	register uint64_t e __asm__("r8") = call->args[4];
	register uint64_t f __asm__("r9") = call->args[5];
	long r;

	__asm__ volatile("syscall"
			 : "=a"(r)
			 : "0"(call->number), "D"(call->args[0]), "S"(call->args[1]),
			 "d"(call->args[2]), "r"(d), "r"(e), "r"(f)
			 : "rcx", "r11", "memory");
	return r;
}
#else
long random_make(const struct call *call)
{
	long r = syscall(call->number, call->args[0], call->args[1], call->args[2], call->args[3],
		call->args[4], call->args[5]);

	return r < 0 ? -errno : r;
}
#endif
