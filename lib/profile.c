/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The profiles. A table and the one function that adds it up. */

#include "profile.h"

const struct profile_info profiles[PROFILES] = {
	[PROFILE_UNRESTRICTED] = {"unrestricted", "everything but what is always denied",
		{"@known"}},

	[PROFILE_ESSENTIAL] = {"essential", "one program: loading it, files, memory",
		{"exit exit_group execve execveat brk mmap munmap mprotect madvise openat open "
		 "read write close close_range fstat stat lstat newfstatat statx access faccessat "
		 "faccessat2 lseek readlink readlinkat arch_prctl set_tid_address set_robust_list "
		 "futex getrandom rseq prlimit64 prctl getcwd getpid gettid getuid geteuid getgid "
		 "getegid fcntl",
			/* The dynamic loader reads headers in place; cat(1) says how it reads. */
			"pread64 fadvise64 rt_sigreturn restart_syscall map_shadow_stack",
			/*
			 * Between the filter and the shell login programs give up root, take the
			 * terminal, put the descriptors and signals in place; sshd asks who is at
			 * the other end of its connection, and ends the session without an answer,
			 * as bash does where it is not told its process group. cron tells the log
			 * of the job, by a socket from before: none can be made.
			 */
			"setuid setgid setgroups setreuid setregid setresuid setresgid setfsuid "
			"setfsgid getgroups getresuid getresgid capget capset setsid ioctl dup "
			"dup2 dup3 chdir umask rt_sigaction rt_sigprocmask alarm setpriority "
			"setrlimit getpeername getsockname getsockopt getpgrp getpgid sendto"}},

	[PROFILE_MINIMAL] = {"minimal", "an interactive shell and the programs it starts",
		{"rt_sigaction rt_sigprocmask rt_sigpending rt_sigtimedwait rt_sigqueueinfo "
		 "rt_sigreturn sigaltstack kill tkill tgkill clone fork vfork wait4 waitpid waitid "
		 "readv writev pread64 pwrite64 ioctl flock dup dup2 dup3 pipe pipe2 eventfd2 "
		 "clock_gettime clock_getres gettimeofday time nanosleep clock_nanosleep "
		 "timer_create timer_settime timer_gettime timer_getoverrun timer_delete getppid "
		 "getresuid getresgid uname umask sysinfo getpgrp getpgid setpgid getsid setsid "
		 "sched_getaffinity sched_yield getrlimit setrlimit getrusage pselect6 ppoll "
		 "epoll_create1 epoll_ctl epoll_wait poll select chdir fchdir getdents getdents64 "
		 "mremap mlock munlock mlockall munlockall memfd_create get_robust_list",
			"rt_sigsuspend rt_tgsigqueueinfo pause signalfd signalfd4 pidfd_open "
			"pidfd_send_signal alarm getitimer setitimer times timerfd_create "
			"timerfd_settime timerfd_gettime eventfd epoll_create epoll_pwait "
			"epoll_pwait2 futex_waitv futex_wait futex_wake futex_requeue membarrier "
			"getcpu getpriority mincore msync mlock2 preadv preadv2 pwritev pwritev2 "
			"inotify_init inotify_init1 inotify_add_watch inotify_rm_watch mseal "
			"cachestat",
			/* ls(1) looks for ACLs. */
			"getxattr lgetxattr fgetxattr getxattrat listxattr llistxattr flistxattr "
			"listxattrat"}},

	[PROFILE_IO_HEAVY] = {"io-heavy", "changing files: git, tar, compilers",
		{"mkdir mkdirat rmdir unlink unlinkat rename renameat link linkat symlink "
		 "symlinkat chmod fchmod fchmodat chown fchown fchownat lchown utimes futimesat "
		 "utime utimensat truncate ftruncate fallocate sendfile splice tee vmsplice "
		 "statfs fstatfs fsync fdatasync",
			"renameat2 creat mknod mknodat fchmodat2 copy_file_range sync syncfs "
			"sync_file_range readahead setxattr lsetxattr fsetxattr setxattrat "
			"removexattr lremovexattr fremovexattr removexattrat",
			"io_setup io_submit io_getevents io_pgetevents io_cancel io_destroy"}},

	[PROFILE_COMPUTE] = {"compute", "placing threads and memory",
		{"sched_getscheduler sched_setscheduler sched_getparam sched_setparam "
		 "sched_get_priority_max sched_get_priority_min sched_rr_get_interval "
		 "sched_setaffinity mbind get_mempolicy set_mempolicy migrate_pages move_pages "
		 "membarrier",
			"sched_getattr sched_setattr set_mempolicy_home_node ioprio_get ioprio_set "
			"remap_file_pages pkey_alloc pkey_free pkey_mprotect"}},

	[PROFILE_NETWORK] = {"network", "sockets: curl, ssh, servers",
		{"socket socketpair bind listen accept accept4 connect shutdown sendto recvfrom "
		 "sendmsg recvmsg sendmmsg recvmmsg setsockopt getsockopt getsockname "
		 "getpeername"}},
};

static void add_paragraph(struct syscalls *calls, uint32_t arch, const char *words)
{
	size_t length;

	for (; (length = syscall_next_word(&words)) > 0; words += length)
		syscalls_add_word(calls, arch, words, length);
}

void profile_calls(enum profile profile, uint32_t arch, struct syscalls *ret)
{
	enum profile first = profile == PROFILE_UNRESTRICTED ? profile : PROFILE_ESSENTIAL;
	struct syscalls calls = {0};

	for (enum profile i = first; i <= profile; i++)
		for (size_t j = 0; j < PROFILE_PARAGRAPHS && profiles[i].adds[j]; j++)
			add_paragraph(&calls, arch, profiles[i].adds[j]);
	*ret = calls;
}
