/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The expectations. Numbers are the kernel's, written out: not what the filter's own table says. */

#include "rows.h"

#include "cleanup.h"

const struct row whole_calls[] = {
	{"clone3", FAILS(ENOSYS)}, {"openat2", FAILS(ENOSYS)}, {"io_uring_setup", FAILS(ENOSYS)},
	{"io_uring_enter", FAILS(ENOSYS)}, {"io_uring_register", FAILS(ENOSYS)},
	{"setns", FAILS(EPERM)}, {"mount", FAILS(EPERM)}, {"umount2", FAILS(EPERM)},
	{"pivot_root", FAILS(EPERM)}, {"open_tree", FAILS(EPERM)}, {"move_mount", FAILS(EPERM)},
	{"fsopen", FAILS(EPERM)}, {"fsconfig", FAILS(EPERM)}, {"fsmount", FAILS(EPERM)},
	{"fspick", FAILS(EPERM)}, {"mount_setattr", FAILS(EPERM)}, {"init_module", FAILS(EPERM)},
	{"finit_module", FAILS(EPERM)}, {"delete_module", FAILS(EPERM)},
	{"create_module", FAILS(EPERM)}, {"kexec_load", FAILS(EPERM)},
	{"kexec_file_load", FAILS(EPERM)}, {"reboot", FAILS(EPERM)}, {"swapon", FAILS(EPERM)},
	{"swapoff", FAILS(EPERM)}, {"bpf", FAILS(EPERM)}, {"ioperm", FAILS(EPERM)},
	{"iopl", FAILS(EPERM)}, {"open_by_handle_at", FAILS(EPERM)}, {"userfaultfd", FAILS(EPERM)},
	{"perf_event_open", FAILS(EPERM), .when = NOT_ALLOWED},
	{"keyctl", FAILS(EPERM), .when = NOT_ALLOWED},
	{"add_key", FAILS(EPERM), .when = NOT_ALLOWED},
	{"request_key", FAILS(EPERM), .when = NOT_ALLOWED},
	{"name_to_handle_at", FAILS(EPERM), .when = NOT_ALLOWED},
	{"fanotify_init", FAILS(EPERM), .when = NOT_ALLOWED},
	{"pidfd_getfd", FAILS(EPERM), .when = NOT_ALLOWED},
	{"kcmp", FAILS(EPERM), .when = NOT_ALLOWED},
	{"modify_ldt", FAILS(EPERM), .when = NOT_ALLOWED},
	{"move_pages", FAILS(EPERM), .when = NOT_ALLOWED},
	{"migrate_pages", FAILS(EPERM), .when = NOT_ALLOWED},
	{"quotactl", FAILS(EPERM), .when = NOT_ALLOWED},
	{"quotactl_fd", FAILS(EPERM), .when = NOT_ALLOWED},
	{"acct", FAILS(EPERM), .when = NOT_ALLOWED}, {"syslog", FAILS(EPERM), .when = NOT_ALLOWED},
	{"clock_settime", FAILS(EPERM), .when = NOT_ALLOWED},
	{"clock_adjtime", FAILS(EPERM), .when = NOT_ALLOWED},
	{"settimeofday", FAILS(EPERM), .when = NOT_ALLOWED},
	{"adjtimex", FAILS(EPERM), .when = NOT_ALLOWED},
	{"sethostname", FAILS(EPERM), .when = NOT_ALLOWED},
	{"setdomainname", FAILS(EPERM), .when = NOT_ALLOWED},
	{"vhangup", FAILS(EPERM), .when = NOT_ALLOWED},
	{"lookup_dcookie", FAILS(EPERM), .when = NOT_ALLOWED},
	{"nfsservctl", FAILS(EPERM), .when = NOT_ALLOWED},
	{"shmget", FAILS(EPERM), .when = NO_SYSV}, {"shmat", FAILS(EPERM), .when = NO_SYSV},
	{"shmdt", FAILS(EPERM), .when = NO_SYSV}, {"shmctl", FAILS(EPERM), .when = NO_SYSV},
	{"semget", FAILS(EPERM), .when = NO_SYSV}, {"semop", FAILS(EPERM), .when = NO_SYSV},
	{"semtimedop", FAILS(EPERM), .when = NO_SYSV}, {"semctl", FAILS(EPERM), .when = NO_SYSV},
	{"msgget", FAILS(EPERM), .when = NO_SYSV}, {"msgsnd", FAILS(EPERM), .when = NO_SYSV},
	{"msgrcv", FAILS(EPERM), .when = NO_SYSV}, {"msgctl", FAILS(EPERM), .when = NO_SYSV},
	{"mq_open", FAILS(EPERM), .when = NO_SYSV}, {"mq_unlink", FAILS(EPERM), .when = NO_SYSV},
	{"mq_timedsend", FAILS(EPERM), .when = NO_SYSV},
	{"mq_timedreceive", FAILS(EPERM), .when = NO_SYSV},
	{"mq_notify", FAILS(EPERM), .when = NO_SYSV},
	{"mq_getsetattr", FAILS(EPERM), .when = NO_SYSV},
	{"truncate", FAILS(EACCES), .when = GUARDS_TRUNCATE},
	{"connect", NOTIFY, .when = NOTIFIES_CONNECT}, {"sendmsg", NOTIFY, .when = NOTIFIES_SEND},
	{"sendmmsg", NOTIFY, .when = NOTIFIES_SEND}, {"listen", NOTIFY, .when = NOTIFIES_LISTEN},
	/* With all arguments zero, as these are, it is domain 0. */
	{"socket", FAILS(EAFNOSUPPORT)}, {"socketpair", FAILS(EAFNOSUPPORT)},
	{"ioprio_set", FAILS(EPERM)}, /* whose? */
};
const size_t n_whole_calls = ARRAY_SIZE(whole_calls);

const struct row rows[] = {
	{"seccomp", ALLOW, {1, 0}},
	{"seccomp", ALLOW, {1, 1}},
	{"seccomp", FAILS(EBUSY), {1, 8}, SUPERVISED},
	{"seccomp", FAILS(EBUSY), {1, 8 | 1 | 16 | 32}, SUPERVISED},
	{"seccomp", ALLOW, {1, 7 | 16 | 32}},
	/* clone: flags first on x86; 0x1200011 is fork, 0x3d0f00 a thread. */
	{"clone", ALLOW, {0x1200011}},
	{"clone", ALLOW, {0x3d0f00}},
	{"clone", ALLOW, {0x4111}}, /* vfork */
	{"clone", ALLOW, {0x80}},   /* CLONE_NEWTIME is unshare's; here part of the exit signal */
	{"clone", FAILS(EPERM), {0x00020000 | 17}},
	{"clone", FAILS(EPERM), {0x02000000 | 17}},
	{"clone", FAILS(EPERM), {0x04000000 | 17}},
	{"clone", FAILS(EPERM), {0x08000000 | 17}},
	{"clone", FAILS(EPERM), {0x10000000 | 17}},
	{"clone", FAILS(EPERM), {0x20000000 | 17}},
	{"clone", FAILS(EPERM), {0x40000000 | 17}},
	{"clone", FAILS(EPERM), {0x7e020000}},
	{"unshare", ALLOW, {0x200}},   /* CLONE_FS */
	{"unshare", ALLOW, {0x400}},   /* CLONE_FILES */
	{"unshare", ALLOW, {0x40000}}, /* CLONE_SYSVSEM */
	{"unshare", FAILS(EPERM), {0x00000080}},
	{"unshare", FAILS(EPERM), {0x00020000}},
	{"unshare", FAILS(EPERM), {0x02000000}},
	{"unshare", FAILS(EPERM), {0x04000000}},
	{"unshare", FAILS(EPERM), {0x08000000}},
	{"unshare", FAILS(EPERM), {0x10000000 | 0x400}},
	{"unshare", FAILS(EPERM), {0x20000000}},
	{"unshare", FAILS(EPERM), {0x40000000}},

	{"ioctl", FAILS(EPERM), {0, 0x5412}}, /* TIOCSTI */
	{"ioctl", FAILS(EPERM), {0, 0x541c}}, /* TIOCLINUX */
	{"ioctl", FAILS(EPERM), {0, 0x5423}}, /* TIOCSETD */
	{"ioctl", FAILS(EPERM), {0, 0x541d}}, /* TIOCCONS */
	{"ioctl", ALLOW, {0, 0x5413}},        /* TIOCGWINSZ */
	{"ioctl", ALLOW, {0, 0x5401}},        /* TCGETS */
	{"ioctl", ALLOW, {0x5412, 0}},

	{"sendto", FAILS(EOPNOTSUPP), {3, 0, 0, 0x20000000}},
	{"sendto", FAILS(EOPNOTSUPP), {3, 0, 0, 0x20004000}},
	{"sendto", FAILS(EOPNOTSUPP), {3, 0, 0, 0x20000000, 0x7fff0000, 16}},
	{"sendto", ALLOW, {3, 0, 0, 0x4000}},
	{"sendto", ALLOW, {3, 0, 0, 0, 0, 16}}, /* no address, whatever its length */
	{"sendto", NOTIFY, {3, 0, 0, 0, 0x7fff0000, 16}, NOTIFIES_SEND},
	{"sendto", NOTIFY, {3, 0, 0, 0x4000, 1, 0}, NOTIFIES_SEND},
	{"sendmsg", FAILS(EOPNOTSUPP), {3, 0, 0x20000000}},
	{"sendmsg", FAILS(EOPNOTSUPP), {3, 0, 0x20004040}},
	{"sendmsg", NOTIFY, {3, 0, 0x4040}, NOTIFIES_SEND},
	{"sendmmsg", FAILS(EOPNOTSUPP), {3, 0, 1, 0x20000040}},
	{"sendmmsg", NOTIFY, {3, 0, 0x20000000, 0}, NOTIFIES_SEND},
	{"sendmmsg", NOTIFY, {3, 0, 1, 0x40}, NOTIFIES_SEND},

	{"setsockopt", FAILS(EPERM), {3, 0, 4}, NOTIFIES_CONNECT},   /* IP_OPTIONS */
	{"setsockopt", FAILS(EPERM), {3, 41, 57}, NOTIFIES_CONNECT}, /* IPV6_RTHDR */
	{"setsockopt", FAILS(EPERM), {3, 41, 32}, NOTIFIES_CONNECT}, /* IPV6_FLOWLABEL_MGR */
	{"setsockopt", FAILS(EPERM), {3, 41, 6}, NOTIFIES_CONNECT},  /* IPV6_2292PKTOPTIONS */
	{"setsockopt", ALLOW, {3, 41, 5}},                           /* IPV6_2292RTHDR */
	{"setsockopt", ALLOW, {3, 0, 32}},                           /* IP_MULTICAST_IF */
	{"setsockopt", ALLOW, {3, 0, 57}},
	{"setsockopt", ALLOW, {3, 41, 4}},
	{"setsockopt", ALLOW, {3, 1, 6}}, /* SO_BROADCAST */
	{"setsockopt", ALLOW, {3, 6, 1}}, /* TCP_NODELAY */

	{"setsockopt", FAILS(EPERM), {3, 0, 35}, GUARDS_GROUPS},  /* IP_ADD_MEMBERSHIP */
	{"setsockopt", FAILS(EPERM), {3, 0, 36}, GUARDS_GROUPS},  /* IP_DROP_MEMBERSHIP */
	{"setsockopt", FAILS(EPERM), {3, 0, 37}, GUARDS_GROUPS},  /* IP_UNBLOCK_SOURCE */
	{"setsockopt", FAILS(EPERM), {3, 0, 38}, GUARDS_GROUPS},  /* IP_BLOCK_SOURCE */
	{"setsockopt", FAILS(EPERM), {3, 0, 39}, GUARDS_GROUPS},  /* IP_ADD_SOURCE_MEMBERSHIP */
	{"setsockopt", FAILS(EPERM), {3, 0, 40}, GUARDS_GROUPS},  /* IP_DROP_SOURCE_MEMBERSHIP */
	{"setsockopt", FAILS(EPERM), {3, 0, 41}, GUARDS_GROUPS},  /* IP_MSFILTER */
	{"setsockopt", FAILS(EPERM), {3, 0, 42}, GUARDS_GROUPS},  /* MCAST_JOIN_GROUP */
	{"setsockopt", FAILS(EPERM), {3, 0, 43}, GUARDS_GROUPS},  /* MCAST_BLOCK_SOURCE */
	{"setsockopt", FAILS(EPERM), {3, 0, 44}, GUARDS_GROUPS},  /* MCAST_UNBLOCK_SOURCE */
	{"setsockopt", FAILS(EPERM), {3, 0, 45}, GUARDS_GROUPS},  /* MCAST_LEAVE_GROUP */
	{"setsockopt", FAILS(EPERM), {3, 0, 46}, GUARDS_GROUPS},  /* MCAST_JOIN_SOURCE_GROUP */
	{"setsockopt", FAILS(EPERM), {3, 0, 47}, GUARDS_GROUPS},  /* MCAST_LEAVE_SOURCE_GROUP */
	{"setsockopt", FAILS(EPERM), {3, 0, 48}, GUARDS_GROUPS},  /* MCAST_MSFILTER */
	{"setsockopt", FAILS(EPERM), {3, 41, 20}, GUARDS_GROUPS}, /* IPV6_JOIN_GROUP */
	{"setsockopt", FAILS(EPERM), {3, 41, 21}, GUARDS_GROUPS}, /* IPV6_LEAVE_GROUP */
	{"setsockopt", FAILS(EPERM), {3, 41, 27}, GUARDS_GROUPS}, /* IPV6_JOIN_ANYCAST */
	{"setsockopt", FAILS(EPERM), {3, 41, 28}, GUARDS_GROUPS}, /* IPV6_LEAVE_ANYCAST */
	{"setsockopt", FAILS(EPERM), {3, 41, 42}, GUARDS_GROUPS}, /* MCAST_JOIN_GROUP */
	{"setsockopt", FAILS(EPERM), {3, 41, 43}, GUARDS_GROUPS}, /* MCAST_BLOCK_SOURCE */
	{"setsockopt", FAILS(EPERM), {3, 41, 44}, GUARDS_GROUPS}, /* MCAST_UNBLOCK_SOURCE */
	{"setsockopt", FAILS(EPERM), {3, 41, 45}, GUARDS_GROUPS}, /* MCAST_LEAVE_GROUP */
	{"setsockopt", FAILS(EPERM), {3, 41, 46}, GUARDS_GROUPS}, /* MCAST_JOIN_SOURCE_GROUP */
	{"setsockopt", FAILS(EPERM), {3, 41, 47}, GUARDS_GROUPS}, /* MCAST_LEAVE_SOURCE_GROUP */
	{"setsockopt", FAILS(EPERM), {3, 41, 48}, GUARDS_GROUPS}, /* MCAST_MSFILTER */
	{"setsockopt", ALLOW, {3, 0, 20}},
	{"setsockopt", ALLOW, {3, 0, 27}},
	{"setsockopt", ALLOW, {3, 0, 34}},
	{"setsockopt", ALLOW, {3, 0, 49}},
	{"setsockopt", ALLOW, {3, 0, 52}},
	{"setsockopt", ALLOW, {3, 41, 19}},
	{"setsockopt", ALLOW, {3, 41, 22}},
	{"setsockopt", ALLOW, {3, 41, 26}},
	{"setsockopt", ALLOW, {3, 41, 29}},
	{"setsockopt", ALLOW, {3, 41, 35}},
	{"setsockopt", ALLOW, {3, 41, 36}},
	{"setsockopt", ALLOW, {3, 41, 40}},
	{"setsockopt", ALLOW, {3, 41, 41}},
	{"setsockopt", ALLOW, {3, 41, 49}},
	{"setsockopt", ALLOW, {3, 1, 35}},
	{"setsockopt", ALLOW, {3, 6, 42}},

	{"prlimit64", ALLOW, {0, 7}}, /* one's own */
	{"prlimit64", FAILS(EPERM), {1, 7}},
	{"prlimit64", FAILS(EPERM), {4194303, 0}},
	{"prlimit64", FAILS(EPERM), {0x80000000, 0}},
	{"sched_setparam", ALLOW, {0}},
	{"sched_setparam", FAILS(EPERM), {1}},
	{"sched_setscheduler", ALLOW, {0, 1}},
	{"sched_setscheduler", FAILS(EPERM), {0xffffffff}},
	{"sched_setaffinity", ALLOW, {0, 8}},
	{"sched_setaffinity", FAILS(EPERM), {4711, 8}},
	{"sched_setattr", ALLOW, {0}},
	{"sched_setattr", FAILS(EPERM), {1}},
	{"setpriority", ALLOW, {0, 0, 19}},
	{"setpriority", FAILS(EPERM), {0, 1, 19}},
	{"setpriority", FAILS(EPERM), {1, 0, 19}}, /* the process group */
	{"setpriority", FAILS(EPERM), {2, 0, 19}}, /* all of the user's */
	{"setpriority", FAILS(EPERM), {2, 1000, 19}},
	{"ioprio_set", ALLOW, {1, 0, 0x6000}},
	{"ioprio_set", FAILS(EPERM), {1, 1, 0x6000}},
	{"ioprio_set", FAILS(EPERM), {2, 0, 0x6000}},
	{"ioprio_set", FAILS(EPERM), {3, 0, 0x6000}},
	{"sched_getaffinity", ALLOW, {1, 8}},
	{"getpriority", ALLOW, {2, 0}},

	{"personality", ALLOW, {0}},
	{"personality", ALLOW, {0xffffffff}},
	{"personality", FAILS(EPERM), {0x0040000}, NOT_ALLOWED}, /* ADDR_NO_RANDOMIZE */
	{"personality", FAILS(EPERM), {8}, NOT_ALLOWED},         /* PER_LINUX32 */
	{"personality", FAILS(EPERM), {0xfffffffe}, NOT_ALLOWED},
	{"personality", FAILS(EPERM), {0x7fffffff}, NOT_ALLOWED},

	{"prctl", FAILS(EPERM), {28, 0x2f}},   /* PR_SET_SECUREBITS */
	{"prctl", FAILS(EPERM), {0x59616d61}}, /* PR_SET_PTRACER */
	{"prctl", FAILS(EPERM), {35, 9}},      /* PR_SET_MM */
	{"prctl", ALLOW, {27}},                /* PR_GET_SECUREBITS */
	{"prctl", ALLOW, {15}},                /* PR_SET_NAME */
	{"prctl", ALLOW, {38, 1}},             /* PR_SET_NO_NEW_PRIVS */
	{"prctl", ALLOW, {22, 2}},             /* PR_SET_SECCOMP: browsers */

	{"ioctl", FAILS(EPERM), {3, 0x8910}, NOTIFIES_CONNECT}, /* SIOCGIFNAME */
	{"ioctl", FAILS(EPERM), {3, 0x8912}, NOTIFIES_CONNECT}, /* SIOCGIFCONF */
	{"ioctl", FAILS(EPERM), {3, 0x8913}, NOTIFIES_CONNECT}, /* SIOCGIFFLAGS */
	{"ioctl", FAILS(EPERM), {3, 0x8914}, NOTIFIES_CONNECT}, /* SIOCSIFFLAGS */
	{"ioctl", FAILS(EPERM), {3, 0x8915}, NOTIFIES_CONNECT}, /* SIOCGIFADDR */
	{"ioctl", FAILS(EPERM), {3, 0x8921}, NOTIFIES_CONNECT}, /* SIOCGIFMTU */
	{"ioctl", FAILS(EPERM), {3, 0x8927}, NOTIFIES_CONNECT}, /* SIOCGIFHWADDR */
	{"ioctl", FAILS(EPERM), {3, 0x8933}, NOTIFIES_CONNECT}, /* SIOCGIFINDEX */
	{"ioctl", FAILS(EPERM), {3, 0x8942}, NOTIFIES_CONNECT}, /* SIOCGIFTXQLEN */
	{"ioctl", FAILS(EPERM), {3, 0x8946}, NOTIFIES_CONNECT}, /* SIOCETHTOOL */
	{"ioctl", FAILS(EPERM), {3, 0x8970}, NOTIFIES_CONNECT}, /* SIOCGIFMAP */
	{"ioctl", FAILS(EPERM), {3, 0x8982}, NOTIFIES_CONNECT}, /* SIOCGIFVLAN */
	{"ioctl", ALLOW, {3, 0x8904}},                          /* SIOCGPGRP */
	{"ioctl", ALLOW, {3, 0x8905}},                          /* SIOCATMARK */
	{"ioctl", ALLOW, {3, 0x8906}},                          /* SIOCGSTAMP */
	{"ioctl", ALLOW, {3, 0x541b}},                          /* FIONREAD, SIOCINQ */
	{"ioctl", ALLOW, {3, 0x5421}},                          /* FIONBIO */

	{"chmod", ALLOW, {0, 0755}},
	{"chmod", ALLOW, {0, 01777}},
	{"chmod", FAILS(EPERM), {0, 04755}},
	{"chmod", FAILS(EPERM), {0, 02755}},
	{"fchmod", ALLOW, {3, 0644}},
	{"fchmod", FAILS(EPERM), {3, 04000}},
	{"fchmod", FAILS(EPERM), {3, 06711}},
	{"fchmodat", ALLOW, {3, 0, 0600}},
	{"fchmodat", FAILS(EPERM), {3, 0, 02000}},
	{"fchmodat2", FAILS(EPERM), {3, 0, 04700}},
	{"creat", ALLOW, {0, 0666}},
	{"creat", FAILS(EPERM), {0, 04755}},
	{"mknod", ALLOW, {0, 0100644}},
	{"mknod", FAILS(EPERM), {0, 0102755}},
	{"mknodat", ALLOW, {3, 0, 0140600}},
	{"mknodat", FAILS(EPERM), {3, 0, 0104755}},
	{"open", ALLOW, {0, 0, 0}},
	{"open", ALLOW, {0, 0101, 0666}},
	{"open", ALLOW, {0, 0, 04755}}, /* no file is created: the mode is junk */
	{"open", FAILS(EPERM), {0, 0101, 04755}},
	{"open", FAILS(EPERM), {0, 020200001, 02755}}, /* O_TMPFILE */
	{"openat", ALLOW, {3, 0, 0, 0}},
	{"openat", ALLOW, {3, 0, 0200000, 06000}}, /* O_DIRECTORY */
	{"openat", ALLOW, {3, 0, 02101, 0600}},
	{"openat", FAILS(EPERM), {3, 0, 02101, 04700}},
	{"openat", FAILS(EPERM), {3, 0, 0101, 02000}},
	{"openat", FAILS(EPERM), {3, 0, 020200002, 06755}},
	{"openat", ALLOW, {3, 0, 020200002, 0755}},

	/* Truncation: 01000 is O_TRUNC, access mode 3 has no name. */
	{"truncate", FAILS(EACCES), {1, 0}, GUARDS_TRUNCATE},
	{"ftruncate", ALLOW, {3, 0}},
	{"open", FAILS(EACCES), {0, 01000}, GUARDS_TRUNCATE},
	{"open", FAILS(EACCES), {0, 01003}, GUARDS_TRUNCATE},
	{"open", FAILS(EACCES), {0, 02001100, 0600}, GUARDS_TRUNCATE},
	{"open", ALLOW, {0, 01001}},
	{"open", ALLOW, {0, 01102, 0600}},
	{"open", ALLOW, {0, 0200003}},
	{"openat", FAILS(EACCES), {3, 0, 01000}, GUARDS_TRUNCATE},
	{"openat", FAILS(EACCES), {3, 0, 01003}, GUARDS_TRUNCATE},
	{"openat", FAILS(EACCES), {3, 0, 02001100, 0600}, GUARDS_TRUNCATE},
	{"openat", ALLOW, {3, 0, 01001}},
	{"openat", ALLOW, {3, 0, 02001102, 0600}},
	{"openat", ALLOW, {3, 0, 3}},
	{"creat", ALLOW, {0, 0600}},

	/* Socket kinds. 0x80800 is SOCK_CLOEXEC|SOCK_NONBLOCK. */
	{"socket", ALLOW, {1, 1, 0}},
	{"socket", ALLOW, {1, 1 | 0x80800, 0}},
	{"socket", ALLOW, {1, 5, 0}},
	{"socket", ALLOW, {1, 2, 0}},
	{"socket", ALLOW, {1, 2 | 0x80000, 0}},
	{"socket", FAILS(EPROTONOSUPPORT), {1, 3, 0}}, /* would be a datagram socket */
	{"socket", FAILS(EPROTONOSUPPORT), {1, 1, 1}},
	{"socket", ALLOW, {2, 1, 0}},
	{"socket", ALLOW, {2, 1, 6}},
	{"socket", ALLOW, {10, 1 | 0x800, 0}},
	{"socket", ALLOW, {10, 1 | 0x80000, 6}},
	{"socket", ALLOW, {2, 2, 0}},
	{"socket", ALLOW, {2, 2 | 0x80800, 17}},
	{"socket", ALLOW, {10, 2, 0}},
	{"socket", ALLOW, {10, 2, 17}},
	{"socket", FAILS(EPROTONOSUPPORT), {2, 1, 262}}, /* MPTCP */
	{"socket", FAILS(EPROTONOSUPPORT), {10, 1, 262}},
	{"socket", FAILS(EPROTONOSUPPORT), {2, 1, 132}}, /* SCTP */
	{"socket", FAILS(EPROTONOSUPPORT), {2, 5, 132}},
	{"socket", FAILS(EPROTONOSUPPORT), {2, 5, 0}},
	{"socket", FAILS(EPROTONOSUPPORT), {2, 2, 136}}, /* UDP-Lite */
	{"socket", ALLOW, {2, 2, 1}, HAS_ICMP, FAILS(EPROTONOSUPPORT)},
	{"socket", ALLOW, {2, 2 | 0x80800, 1}, HAS_ICMP, FAILS(EPROTONOSUPPORT)},
	{"socket", ALLOW, {10, 2, 58}, HAS_ICMP, FAILS(EPROTONOSUPPORT)},
	{"socket", FAILS(EPROTONOSUPPORT), {2, 3, 1}}, /* raw ICMP */
	{"socket", FAILS(EPROTONOSUPPORT), {10, 3, 58}},
	{"socket", FAILS(EPROTONOSUPPORT), {2, 2, 58}},
	{"socket", FAILS(EPROTONOSUPPORT), {10, 2, 1}},
	{"socket", FAILS(EPROTONOSUPPORT), {2, 1, 1}},
	{"socket", FAILS(EPROTONOSUPPORT), {2, 3, 0}}, /* raw */
	{"socket", FAILS(EPROTONOSUPPORT), {2, 3, 255}},
	{"socket", FAILS(EPROTONOSUPPORT), {2, 10, 0x300}}, /* SOCK_PACKET */
	{"socket", FAILS(EPROTONOSUPPORT), {2, 1 | 0x1000, 0}},
	{"socket", FAILS(EPROTONOSUPPORT), {2, 1 | 0x10, 0}},
	{"socket", FAILS(EPROTONOSUPPORT), {2, 1 | 0x80000000, 0}},
	{"socket", FAILS(EPROTONOSUPPORT), {2, 0, 0}},
	{"socket", ALLOW, {16, 3, 0}},
	{"socket", ALLOW, {16, 3 | 0x80000, 0}},
	{"socket", ALLOW, {16, 2, 0}},
	{"socket", FAILS(EPROTONOSUPPORT), {16, 3, 4}},  /* SOCK_DIAG */
	{"socket", FAILS(EPROTONOSUPPORT), {16, 3, 9}},  /* AUDIT */
	{"socket", FAILS(EPROTONOSUPPORT), {16, 3, 15}}, /* KOBJECT_UEVENT */
	{"socket", FAILS(EAFNOSUPPORT), {17, 3, 0x300}}, /* PACKET */
	{"socket", FAILS(EAFNOSUPPORT), {40, 1, 0}},     /* VSOCK */
	{"socket", FAILS(EAFNOSUPPORT), {38, 5, 0}},     /* ALG */
	{"socket", FAILS(EAFNOSUPPORT), {44, 3, 0}},     /* XDP */
	{"socket", FAILS(EAFNOSUPPORT), {31, 3, 1}},     /* BLUETOOTH */
	{"socket", FAILS(EAFNOSUPPORT), {0xffffffff, 1, 0}},
	{"socketpair", ALLOW, {1, 1, 0}},
	{"socketpair", ALLOW, {1, 5 | 0x80000, 0}},
	{"socketpair", ALLOW, {1, 2, 0}},
	{"socketpair", FAILS(EPROTONOSUPPORT), {1, 3, 0}},
	{"socketpair", FAILS(EAFNOSUPPORT), {30, 1, 0}}, /* TIPC */

	/* What the module, the hand-over and the login programs need. */
	{"read", ALLOW, {64}},
	{"write", ALLOW, {64}},
	{"close", ALLOW, {64}},
	{"dup3", ALLOW, {3, 64, 02000000}},
	{"wait4", ALLOW},
	{"execve", ALLOW},
	{"chroot", ALLOW},
	{"setuid", ALLOW, {1000}},
	{"prctl", ALLOW, {38, 1}},
	{"prctl", ALLOW, {22, 2}},
	{"bind", ALLOW, {3}},
	{"accept4", ALLOW, {3}},
	{"ptrace", ALLOW, {16}},
	{"landlock_restrict_self", ALLOW},
};
const size_t n_rows = ARRAY_SIZE(rows);
