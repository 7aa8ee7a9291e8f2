/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of the base filter. Pure data. */

#include "filter-rules.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ioprio.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "cleanup.h"

/* From linux/seccomp.h of 5.0; no library header may have it. */
#define NEW_LISTENER (1U << 3)

/* From linux/in6.h, which does not go with netinet/in.h. */
#define IPV6_FLOWLABEL_MGR 32

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#define NAMESPACES                                                                                 \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |             \
		CLONE_NEWPID | CLONE_NEWNET)

/* clone(2)'s first two arguments change places on s390. */
#if defined(__s390__)
#define CLONE_FLAGS 1
#else
#define CLONE_FLAGS 0
#endif

/* Access mode 3: open(2) wants both permissions and gives neither; for ioctls of devices. */
#define O_NEITHER 3

#define SET_ID   (S_ISUID | S_ISGID)
#define CREATING (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))

#define MASKED(argument, mask, value)                                                              \
	{                                                                                          \
		FILTER_TEST_MASKED, argument, mask, value                                          \
	}
#define IS(argument, value)   MASKED(argument, UINT32_MAX, value)
#define UNSET(argument, bits) MASKED(argument, bits, 0)
#define ANY(argument, bits)                                                                        \
	{                                                                                          \
		FILTER_TEST_ANY, argument, bits                                                    \
	}
#define OPTIONAL(call)                                                                             \
	{                                                                                          \
		call, EPERM, .class = FILTER_OPTIONAL                                              \
	}
#define POINTER(argument)                                                                          \
	{                                                                                          \
		FILTER_TEST_POINTER, argument                                                      \
	}

static bool supervised(const struct filter_spec *spec)
{
	return filter_supervised(spec);
}

static bool notifies_connect(const struct filter_spec *spec)
{
	return spec->notify_connect;
}

static bool notifies_send(const struct filter_spec *spec)
{
	return spec->notify_send;
}

static bool notifies_listen(const struct filter_spec *spec)
{
	return spec->notify_listen;
}

static bool denies_sysv(const struct filter_spec *spec)
{
	return !spec->sysv;
}

static bool guards_truncate(const struct filter_spec *spec)
{
	return spec->guard_truncate;
}

const struct filter_rule filter_rules[] = {
	/* Their arguments are in memory, where no filter sees them. Callers fall back on ENOSYS. */
	{"clone3", ENOSYS},
	{"openat2", ENOSYS, .class = FILTER_FALLBACK}, /* would create set-id files */
	{"socketcall", ENOSYS, .class = FILTER_FALLBACK},
	/* Opens files and connects sockets without any of the calls filtered here. */
	{"io_uring_setup", ENOSYS},
	{"io_uring_enter", ENOSYS},
	{"io_uring_register", ENOSYS},
	/*
	 * When the supervisor dies the session could become its own: it would install a listener
	 * and answer itself. The kernel says EBUSY while there is one, so that is no news.
	 */
	{"seccomp", EBUSY, {ANY(1, NEW_LISTENER)}, supervised},

	/* A user namespace gives capabilities, and with them mounts, routes and raw sockets. */
	{"clone", EPERM, {ANY(CLONE_FLAGS, NAMESPACES)}},
	{"unshare", EPERM, {ANY(0, NAMESPACES | CLONE_NEWTIME)}},
	{"setns", EPERM},
	/*
	 * Landlock refuses to mount while it handles a file right; here too, for kernels without.
	 * chroot(2) stays: sshd's ChrootDirectory and internal-sftp do it as root after the filter
	 * is on, the user has not the capability, and Landlock's rules are tied to inodes anyway.
	 */
	{"mount", EPERM},
	{"umount", EPERM},
	{"umount2", EPERM},
	{"pivot_root", EPERM},
	{"open_tree", EPERM},
	{"open_tree_attr", EPERM},
	{"move_mount", EPERM},
	{"fsopen", EPERM},
	{"fsconfig", EPERM},
	{"fsmount", EPERM},
	{"fspick", EPERM},
	{"mount_setattr", EPERM},
	/* Code in the kernel, or a way round its checks. They matter to sessions of root. */
	{"init_module", EPERM},
	{"finit_module", EPERM},
	{"delete_module", EPERM},
	{"create_module", EPERM},
	{"kexec_load", EPERM},
	{"kexec_file_load", EPERM},
	{"reboot", EPERM},
	{"swapon", EPERM},
	{"swapoff", EPERM},
	{"bpf", EPERM},
	{"ioperm", EPERM},
	{"iopl", EPERM},
	{"open_by_handle_at", EPERM}, /* opens files without a path to check */
	{"userfaultfd", EPERM},       /* holds the supervisor up while it reads the arguments */

	/*
	 * Much kernel for few programs, or the machine's own affairs. Most of it needs a capability
	 * that a session has not, so these are for sessions of root and for the kernel's faults.
	 */
	OPTIONAL("perf_event_open"),
	OPTIONAL("keyctl"),
	OPTIONAL("add_key"),
	OPTIONAL("request_key"),
	OPTIONAL("name_to_handle_at"),
	OPTIONAL("fanotify_init"),
	OPTIONAL("pidfd_getfd"),
	OPTIONAL("kcmp"),
	OPTIONAL("modify_ldt"),
	OPTIONAL("move_pages"),
	OPTIONAL("migrate_pages"),
	OPTIONAL("quotactl"),
	OPTIONAL("quotactl_fd"),
	OPTIONAL("acct"),
	OPTIONAL("syslog"),
	OPTIONAL("clock_settime"),
	OPTIONAL("clock_adjtime"),
	OPTIONAL("settimeofday"),
	OPTIONAL("adjtimex"),
	OPTIONAL("stime"),
	OPTIONAL("sethostname"),
	OPTIONAL("setdomainname"),
	OPTIONAL("vhangup"),
	OPTIONAL("lookup_dcookie"),
	OPTIONAL("nfsservctl"),

	/* Reach over every session of the machine; Landlock knows none of them. */
	{"shmget", EPERM, .applies = denies_sysv},
	{"shmat", EPERM, .applies = denies_sysv},
	{"shmdt", EPERM, .applies = denies_sysv},
	{"shmctl", EPERM, .applies = denies_sysv},
	{"semget", EPERM, .applies = denies_sysv},
	{"semop", EPERM, .applies = denies_sysv},
	{"semtimedop", EPERM, .applies = denies_sysv},
	{"semctl", EPERM, .applies = denies_sysv},
	{"msgget", EPERM, .applies = denies_sysv},
	{"msgsnd", EPERM, .applies = denies_sysv},
	{"msgrcv", EPERM, .applies = denies_sysv},
	{"msgctl", EPERM, .applies = denies_sysv},
	{"mq_open", EPERM, .applies = denies_sysv},
	{"mq_unlink", EPERM, .applies = denies_sysv},
	{"mq_timedsend", EPERM, .applies = denies_sysv},
	{"mq_timedreceive", EPERM, .applies = denies_sysv},
	{"mq_notify", EPERM, .applies = denies_sysv},
	{"mq_getsetattr", EPERM, .applies = denies_sysv},

	/* Capabilities that survive setuid(2); whom others may trace; where memory claims to be. */
	{"prctl", EPERM, {IS(0, PR_SET_SECUREBITS)}},
	{"prctl", EPERM, {IS(0, PR_SET_PTRACER)}},
	{"prctl", EPERM, {IS(0, PR_SET_MM)}},

	/* Terminal injection: types into the terminal of whoever shares it, su's caller too. */
	{"ioctl", EPERM, {IS(1, TIOCSTI)}},
	{"ioctl", EPERM, {IS(1, TIOCLINUX)}},
	{"ioctl", EPERM, {IS(1, TIOCSETD)}},
	{"ioctl", EPERM, {IS(1, TIOCCONS)}},

	/*
	 * The machine's interfaces: 0x891x to 0x894x are SIOCGIF* and SIOCSIF* with their kin and
	 * SIOCETHTOOL. Netlink says which addresses there are.
	 */
	{"ioctl", EPERM, {MASKED(1, ~0xfU, SIOCGIFNAME)}, notifies_connect},
	{"ioctl", EPERM, {MASKED(1, ~0x1fU, 0x8920)}, notifies_connect},
	{"ioctl", EPERM, {MASKED(1, ~0xfU, SIOCGIFBR)}, notifies_connect},
	{"ioctl", EPERM, {MASKED(1, ~1U, SIOCGIFMAP)}, notifies_connect},
	{"ioctl", EPERM, {IS(1, SIOCGIFVLAN)}, notifies_connect},

	/* Connects while sending: neither Landlock nor a supervisor of connect(2) sees it. */
	{"sendto", EOPNOTSUPP, {ANY(3, MSG_FASTOPEN)}},
	{"sendmsg", EOPNOTSUPP, {ANY(2, MSG_FASTOPEN)}},
	{"sendmmsg", EOPNOTSUPP, {ANY(3, MSG_FASTOPEN)}},
	/*
	 * A destination of the message's own. Each rule says that there is no such flag, so that
	 * it matters to nobody in which order a program of these rules looks at the arguments.
	 */
	{"sendto", FILTER_NOTIFY, {UNSET(3, MSG_FASTOPEN), POINTER(4)}, notifies_send},
	{"sendmsg", FILTER_NOTIFY, {UNSET(2, MSG_FASTOPEN)}, notifies_send},
	{"sendmmsg", FILTER_NOTIFY, {UNSET(3, MSG_FASTOPEN)}, notifies_send},

	/*
	 * A source route sends a packet to its first hop, whatever connect(2) or sendto(2) named.
	 * Segment routing (IPV6_RTHDR) needs no capability; IP_OPTIONS does since Linux 6.18. A
	 * flow label may hold a routing header for packets sent with it, fl_create(); so may the
	 * old form of control data. IPV6_2292RTHDR only asks for received ones, and the other
	 * headers (IPV6_HOPOPTS ...) need CAP_NET_RAW and route nothing.
	 */
	{"setsockopt", EPERM, {IS(1, IPPROTO_IP), IS(2, IP_OPTIONS)}, notifies_connect},
	{"setsockopt", EPERM, {IS(1, IPPROTO_IPV6), IS(2, IPV6_RTHDR)}, notifies_connect},
	{"setsockopt", EPERM, {IS(1, IPPROTO_IPV6), IS(2, IPV6_FLOWLABEL_MGR)}, notifies_connect},
	{"setsockopt", EPERM, {IS(1, IPPROTO_IPV6), IS(2, IPV6_2292PKTOPTIONS)}, notifies_connect},

	/* A set-id program would run unconfined, as this user, for whoever starts it. */
	{"chmod", EPERM, {ANY(1, SET_ID)}},
	{"fchmod", EPERM, {ANY(1, SET_ID)}},
	{"fchmodat", EPERM, {ANY(2, SET_ID)}},
	{"fchmodat2", EPERM, {ANY(2, SET_ID)}},
	{"creat", EPERM, {ANY(1, SET_ID)}},
	{"mknod", EPERM, {ANY(1, SET_ID)}},
	{"mknodat", EPERM, {ANY(2, SET_ID)}},
	{"open", EPERM, {ANY(1, CREATING), ANY(2, SET_ID)}},
	{"openat", EPERM, {ANY(2, CREATING), ANY(3, SET_ID)}},

	/*
	 * Below ABI 3 Landlock looks at nothing but what a file is open for: these empty a file
	 * that is not open for writing. The other ways want write_file.
	 */
	{"truncate", EACCES, .applies = guards_truncate},
	{"truncate64", EACCES, .applies = guards_truncate},
	{"open", EACCES, {MASKED(1, O_TRUNC | O_ACCMODE, O_TRUNC | O_RDONLY)}, guards_truncate},
	{"open", EACCES, {MASKED(1, O_TRUNC | O_ACCMODE, O_TRUNC | O_NEITHER)}, guards_truncate},
	{"openat", EACCES, {MASKED(2, O_TRUNC | O_ACCMODE, O_TRUNC | O_RDONLY)}, guards_truncate},
	{"openat", EACCES, {MASKED(2, O_TRUNC | O_ACCMODE, O_TRUNC | O_NEITHER)}, guards_truncate},

	{"connect", FILTER_NOTIFY, .applies = notifies_connect},
	{"listen", FILTER_NOTIFY, .applies = notifies_listen},
};
const size_t n_filter_rules = ARRAY_SIZE(filter_rules);

bool filter_rule_is_sysv(const struct filter_rule *rule)
{
	return rule->applies == denies_sysv;
}

/*
 * Limits and scheduling of one's own thread only: by RLIMIT_CPU a process ends another one, which
 * Landlock's scope of signals does not see. A filter knows nobody's number, so it must be 0.
 * personality(2): 0 is Linux, and -1 only asks.
 */
const struct filter_argument filter_arguments[] = {
	{"prlimit64", 0, {0}, 1},
	{"sched_setparam", 0, {0}, 1},
	{"sched_setscheduler", 0, {0}, 1},
	{"sched_setaffinity", 0, {0}, 1},
	{"sched_setattr", 0, {0}, 1},
	{"setpriority", 0, {PRIO_PROCESS}, 1},
	{"setpriority", 1, {0}, 1},
	{"ioprio_set", 0, {IOPRIO_WHO_PROCESS}, 1},
	{"ioprio_set", 1, {0}, 1},
	{"personality", 0, {0, UINT32_MAX}, 2, FILTER_OPTIONAL},
};
const size_t n_filter_arguments = ARRAY_SIZE(filter_arguments);

static bool has_icmp(const struct filter_spec *spec)
{
	return spec->icmp;
}

/*
 * Not here, and so refused: MPTCP, SCTP and UDP-Lite (Landlock's TCP rules do not see them), raw
 * and packet sockets, VSOCK, ALG, other netlink; SOCK_RAW of AF_UNIX, which is its SOCK_DGRAM.
 */
const struct filter_socket filter_sockets[] = {
	{AF_UNIX, SOCK_STREAM, 0},
	{AF_UNIX, SOCK_DGRAM, 0},
	{AF_UNIX, SOCK_SEQPACKET, 0},
	{AF_INET, SOCK_STREAM, 0},
	{AF_INET, SOCK_STREAM, IPPROTO_TCP},
	{AF_INET, SOCK_DGRAM, 0},
	{AF_INET, SOCK_DGRAM, IPPROTO_UDP},
	{AF_INET, SOCK_DGRAM, IPPROTO_ICMP, has_icmp},
	{AF_INET6, SOCK_STREAM, 0},
	{AF_INET6, SOCK_STREAM, IPPROTO_TCP},
	{AF_INET6, SOCK_DGRAM, 0},
	{AF_INET6, SOCK_DGRAM, IPPROTO_UDP},
	{AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6, has_icmp},
	/* getifaddrs(3) and getaddrinfo(3) ask which addresses there are: NETLINK_ROUTE is 0. */
	{AF_NETLINK, SOCK_RAW, 0},
	{AF_NETLINK, SOCK_DGRAM, 0},
};
const size_t n_filter_sockets = ARRAY_SIZE(filter_sockets);
