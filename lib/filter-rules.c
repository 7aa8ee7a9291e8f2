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
#define POINTER(argument)                                                                          \
	{                                                                                          \
		FILTER_TEST_POINTER, argument                                                      \
	}

#define CLOSED(call, why)                                                                          \
	{                                                                                          \
		call, EPERM, why                                                                   \
	}
#define OPTIONAL(call, why)                                                                        \
	{                                                                                          \
		call, EPERM, why, .class = FILTER_OPTIONAL                                         \
	}
#define GROUPS(level, mask, option)                                                                \
	{                                                                                          \
		"setsockopt", EPERM, groups, {IS(1, level), MASKED(2, mask, option)},              \
			guards_groups                                                              \
	}
#define SYSV(call)                                                                                 \
	{                                                                                          \
		call, EPERM, others_ipc, .applies = denies_sysv                                    \
	}

/* Reasons that several rules have. */
static const char unseen[] = "its arguments are in memory, where no filter sees them";
static const char ring[] = "opens files and connects past every filter";
static const char namespaces[] = "a namespace gives capabilities";
static const char mounts[] = "changes which files the rules are about";
static const char kernel_code[] = "changes the running kernel";
static const char machine[] = "stops or slows the whole machine";
static const char hardware[] = "reaches the hardware past the kernel";
static const char keys[] = "key rings are shared with sessions outside";
static const char faults[] = "much of the kernel for few programs";
static const char settings[] = "a setting of the whole machine";
static const char obsolete[] = "obsolete";
static const char others_memory[] = "moves memory of other processes";
static const char others_ipc[] = "belongs to the machine, not to the session";
static const char privileges[] = "changes how privileges are kept";
static const char typing[] = "puts characters into somebody's terminal, or takes it away";
static const char interfaces[] = "the machine's network interfaces";
static const char fast_open[] = "connects while it sends, unseen";
static const char asks[] = "the supervisor decides about the address";
static const char source_route[] = "a source route leads elsewhere than the address says";
static const char groups[] = "a report of group membership says what the session wants it to";
static const char set_id[] = "a set-id program would run unconfined";
static const char emptying[] = "empties a file that may only be read";

static bool supervised(const struct filter_spec *spec)
{
	return filter_supervised(spec);
}

static bool notifies_connect(const struct filter_spec *spec)
{
	return spec->notify_connect;
}

static bool guards_network(const struct filter_spec *spec)
{
	return spec->notify_connect && !spec->watch_network;
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

static bool guards_groups(const struct filter_spec *spec)
{
	return spec->guard_groups;
}

static bool guards_truncate(const struct filter_spec *spec)
{
	return spec->guard_truncate;
}

const struct filter_rule filter_rules[] = {
	/* Callers fall back on ENOSYS. openat2 would create set-id files. */
	{"clone3", ENOSYS, unseen},
	{"openat2", ENOSYS, unseen, .class = FILTER_FALLBACK},
	{"socketcall", ENOSYS, unseen, .class = FILTER_FALLBACK},
	{"io_uring_setup", ENOSYS, ring},
	{"io_uring_enter", ENOSYS, ring},
	{"io_uring_register", ENOSYS, ring},
	/*
	 * When the supervisor dies the session could become its own: it would install a listener
	 * and answer itself. The kernel says EBUSY while there is one, so that is no news.
	 */
	{"seccomp", EBUSY, "a second supervisor would answer for the first", {ANY(1, NEW_LISTENER)},
		supervised},

	/* A user namespace gives capabilities, and with them mounts, routes and raw sockets. */
	{"clone", EPERM, namespaces, {ANY(CLONE_FLAGS, NAMESPACES)}},
	{"unshare", EPERM, namespaces, {ANY(0, NAMESPACES | CLONE_NEWTIME)}},
	CLOSED("setns", namespaces),
	/*
	 * Landlock refuses to mount while it handles a file right; here too, for kernels without.
	 * chroot(2) stays: sshd's ChrootDirectory and internal-sftp do it as root after the filter
	 * is on, the user has not the capability, and Landlock's rules are tied to inodes anyway.
	 */
	CLOSED("mount", mounts),
	CLOSED("umount", mounts),
	CLOSED("umount2", mounts),
	CLOSED("pivot_root", mounts),
	CLOSED("open_tree", mounts),
	CLOSED("open_tree_attr", mounts),
	CLOSED("move_mount", mounts),
	CLOSED("fsopen", mounts),
	CLOSED("fsconfig", mounts),
	CLOSED("fsmount", mounts),
	CLOSED("fspick", mounts),
	CLOSED("mount_setattr", mounts),
	/* Most of these need a capability: they matter to sessions of root. */
	CLOSED("init_module", kernel_code),
	CLOSED("finit_module", kernel_code),
	CLOSED("delete_module", kernel_code),
	CLOSED("create_module", kernel_code),
	CLOSED("kexec_load", kernel_code),
	CLOSED("kexec_file_load", kernel_code),
	CLOSED("reboot", machine),
	CLOSED("swapon", machine),
	CLOSED("swapoff", machine),
	CLOSED("bpf", kernel_code),
	CLOSED("ioperm", hardware),
	CLOSED("iopl", hardware),
	CLOSED("open_by_handle_at", "opens files without a path to check"),
	CLOSED("userfaultfd", "holds the supervisor up while it reads arguments"),

	/*
	 * Much kernel for few programs, or the machine's own affairs. Most of it needs a capability
	 * that a session has not, so these are for sessions of root and for the kernel's faults.
	 */
	OPTIONAL("perf_event_open", faults),
	OPTIONAL("keyctl", keys),
	OPTIONAL("add_key", keys),
	OPTIONAL("request_key", keys),
	OPTIONAL("name_to_handle_at", faults),
	OPTIONAL("fanotify_init", faults),
	OPTIONAL("pidfd_getfd", "takes descriptors of other processes"),
	OPTIONAL("kcmp", faults),
	OPTIONAL("modify_ldt", faults),
	OPTIONAL("move_pages", others_memory),
	OPTIONAL("migrate_pages", others_memory),
	OPTIONAL("quotactl", settings),
	OPTIONAL("quotactl_fd", settings),
	OPTIONAL("acct", settings),
	OPTIONAL("syslog", "the log of the kernel"),
	OPTIONAL("clock_settime", settings),
	OPTIONAL("clock_adjtime", settings),
	OPTIONAL("settimeofday", settings),
	OPTIONAL("adjtimex", settings),
	OPTIONAL("stime", settings),
	OPTIONAL("sethostname", settings),
	OPTIONAL("setdomainname", settings),
	OPTIONAL("vhangup", typing),
	OPTIONAL("lookup_dcookie", obsolete),
	OPTIONAL("nfsservctl", obsolete),

	/* Landlock knows none of them. */
	SYSV("shmget"),
	SYSV("shmat"),
	SYSV("shmdt"),
	SYSV("shmctl"),
	SYSV("semget"),
	SYSV("semop"),
	SYSV("semtimedop"),
	SYSV("semctl"),
	SYSV("msgget"),
	SYSV("msgsnd"),
	SYSV("msgrcv"),
	SYSV("msgctl"),
	SYSV("mq_open"),
	SYSV("mq_unlink"),
	SYSV("mq_timedsend"),
	SYSV("mq_timedreceive"),
	SYSV("mq_notify"),
	SYSV("mq_getsetattr"),

	{"prctl", EPERM, privileges, {IS(0, PR_SET_SECUREBITS)}},
	{"prctl", EPERM, "lets others trace this process", {IS(0, PR_SET_PTRACER)}},
	{"prctl", EPERM, "forges what /proc says of a process", {IS(0, PR_SET_MM)}},

	/* Terminal injection: whoever shares the terminal, su's caller too. */
	{"ioctl", EPERM, typing, {IS(1, TIOCSTI)}},
	{"ioctl", EPERM, typing, {IS(1, TIOCLINUX)}},
	{"ioctl", EPERM, typing, {IS(1, TIOCSETD)}},
	{"ioctl", EPERM, typing, {IS(1, TIOCCONS)}},

	/*
	 * The machine's interfaces: 0x891x to 0x894x are SIOCGIF* and SIOCSIF* with their kin and
	 * SIOCETHTOOL. Netlink says which addresses there are.
	 */
	{"ioctl", EPERM, interfaces, {MASKED(1, ~0xfU, SIOCGIFNAME)}, guards_network},
	{"ioctl", EPERM, interfaces, {MASKED(1, ~0x1fU, 0x8920)}, guards_network},
	{"ioctl", EPERM, interfaces, {MASKED(1, ~0xfU, SIOCGIFBR)}, guards_network},
	{"ioctl", EPERM, interfaces, {MASKED(1, ~1U, SIOCGIFMAP)}, guards_network},
	{"ioctl", EPERM, interfaces, {IS(1, SIOCGIFVLAN)}, guards_network},

	/* Neither Landlock nor a supervisor of connect(2) sees it. */
	{"sendto", EOPNOTSUPP, fast_open, {ANY(3, MSG_FASTOPEN)}},
	{"sendmsg", EOPNOTSUPP, fast_open, {ANY(2, MSG_FASTOPEN)}},
	{"sendmmsg", EOPNOTSUPP, fast_open, {ANY(3, MSG_FASTOPEN)}},
	/*
	 * A destination of the message's own. Each rule says that there is no such flag, so that
	 * it matters to nobody in which order a program of these rules looks at the arguments.
	 */
	{"sendto", FILTER_NOTIFY, asks, {UNSET(3, MSG_FASTOPEN), POINTER(4)}, notifies_send},
	{"sendmsg", FILTER_NOTIFY, asks, {UNSET(2, MSG_FASTOPEN)}, notifies_send},
	{"sendmmsg", FILTER_NOTIFY, asks, {UNSET(3, MSG_FASTOPEN)}, notifies_send},

	/*
	 * A source route sends a packet to its first hop, whatever connect(2) or sendto(2) named.
	 * Segment routing (IPV6_RTHDR) needs no capability; IP_OPTIONS does since Linux 6.18. A
	 * flow label may hold a routing header for packets sent with it, fl_create(); so may the
	 * old form of control data. IPV6_2292RTHDR only asks for received ones, and the other
	 * headers (IPV6_HOPOPTS ...) need CAP_NET_RAW and route nothing.
	 */
	{"setsockopt", EPERM, source_route, {IS(1, IPPROTO_IP), IS(2, IP_OPTIONS)}, guards_network},
	{"setsockopt", EPERM, source_route, {IS(1, IPPROTO_IPV6), IS(2, IPV6_RTHDR)},
		guards_network},
	{"setsockopt", EPERM, source_route, {IS(1, IPPROTO_IPV6), IS(2, IPV6_FLOWLABEL_MGR)},
		guards_network},
	{"setsockopt", EPERM, source_route, {IS(1, IPPROTO_IPV6), IS(2, IPV6_2292PKTOPTIONS)},
		guards_network},

	/*
	 * Whoever joins a multicast group, or says which of its senders to hear, makes the kernel
	 * send IGMP and MLD reports with those addresses in them: 35 to 48 of linux/in.h and some
	 * of linux/in6.h. To leave a group sends one as well.
	 */
	GROUPS(IPPROTO_IP, UINT32_MAX, IP_ADD_MEMBERSHIP),
	GROUPS(IPPROTO_IP, ~3U, IP_DROP_MEMBERSHIP),
	GROUPS(IPPROTO_IP, ~7U, IP_DROP_SOURCE_MEMBERSHIP),
	GROUPS(IPPROTO_IP, UINT32_MAX, MCAST_MSFILTER),
	GROUPS(IPPROTO_IPV6, ~1U, IPV6_JOIN_GROUP),
	GROUPS(IPPROTO_IPV6, UINT32_MAX, IPV6_JOIN_ANYCAST),
	GROUPS(IPPROTO_IPV6, UINT32_MAX, IPV6_LEAVE_ANYCAST),
	GROUPS(IPPROTO_IPV6, ~1U, MCAST_JOIN_GROUP),
	GROUPS(IPPROTO_IPV6, ~3U, MCAST_UNBLOCK_SOURCE),
	GROUPS(IPPROTO_IPV6, UINT32_MAX, MCAST_MSFILTER),

	/* As this user, for whoever starts it. */
	{"chmod", EPERM, set_id, {ANY(1, SET_ID)}},
	{"fchmod", EPERM, set_id, {ANY(1, SET_ID)}},
	{"fchmodat", EPERM, set_id, {ANY(2, SET_ID)}},
	{"fchmodat2", EPERM, set_id, {ANY(2, SET_ID)}},
	{"creat", EPERM, set_id, {ANY(1, SET_ID)}},
	{"mknod", EPERM, set_id, {ANY(1, SET_ID)}},
	{"mknodat", EPERM, set_id, {ANY(2, SET_ID)}},
	{"open", EPERM, set_id, {ANY(1, CREATING), ANY(2, SET_ID)}},
	{"openat", EPERM, set_id, {ANY(2, CREATING), ANY(3, SET_ID)}},

	/*
	 * Below ABI 3 Landlock looks at nothing but what a file is open for: these empty a file
	 * that is not open for writing. The other ways want write_file.
	 */
	{"truncate", EACCES, emptying, .applies = guards_truncate},
	{"truncate64", EACCES, emptying, .applies = guards_truncate},
	{"open", EACCES, emptying, {MASKED(1, O_TRUNC | O_ACCMODE, O_TRUNC | O_RDONLY)},
		guards_truncate},
	{"open", EACCES, emptying, {MASKED(1, O_TRUNC | O_ACCMODE, O_TRUNC | O_NEITHER)},
		guards_truncate},
	{"openat", EACCES, emptying, {MASKED(2, O_TRUNC | O_ACCMODE, O_TRUNC | O_RDONLY)},
		guards_truncate},
	{"openat", EACCES, emptying, {MASKED(2, O_TRUNC | O_ACCMODE, O_TRUNC | O_NEITHER)},
		guards_truncate},

	{"connect", FILTER_NOTIFY, asks, .applies = notifies_connect},
	{"listen", FILTER_NOTIFY, "the supervisor decides about the port",
		.applies = notifies_listen},
};
const size_t n_filter_rules = ARRAY_SIZE(filter_rules);

static bool is_lifted(enum filter_class class, const struct filter_spec *spec, unsigned call)
{
	return class == FILTER_OPTIONAL && syscalls_have(&spec->allowed, call);
}

bool filter_rule_applies(
	const struct filter_rule *rule, const struct filter_spec *spec, unsigned call)
{
	if (is_lifted(rule->class, spec, call))
		return false;
	return !rule->applies || rule->applies(spec);
}

bool filter_rule_is_sysv(const struct filter_rule *rule)
{
	return rule->applies == denies_sysv;
}

static const char others[] = "limits and scheduling of other processes";

/*
 * Limits and scheduling of one's own thread only: by RLIMIT_CPU a process ends another one, which
 * Landlock's scope of signals does not see. A filter knows nobody's number, so it must be 0.
 * personality(2): 0 is Linux, and -1 only asks.
 */
const struct filter_argument filter_arguments[] = {
	{"prlimit64", 0, {0}, 1, others},
	{"sched_setparam", 0, {0}, 1, others},
	{"sched_setscheduler", 0, {0}, 1, others},
	{"sched_setaffinity", 0, {0}, 1, others},
	{"sched_setattr", 0, {0}, 1, others},
	{"setpriority", 0, {PRIO_PROCESS}, 1, others},
	{"setpriority", 1, {0}, 1, others},
	{"ioprio_set", 0, {IOPRIO_WHO_PROCESS}, 1, others},
	{"ioprio_set", 1, {0}, 1, others},
	{"personality", 0, {0, UINT32_MAX}, 2, faults, FILTER_OPTIONAL},
};
const size_t n_filter_arguments = ARRAY_SIZE(filter_arguments);

bool filter_argument_applies(
	const struct filter_argument *row, const struct filter_spec *spec, unsigned call)
{
	return !is_lifted(row->class, spec, call);
}
