/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The reference's supervisor: the paths of the measured policy, a filter of the size of the real
 * one, hand-over, and connect(2), sendto(2) and sendmsg(2) that are copied, done on the fetched
 * descriptor and answered.
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "landlock-uapi.h"
#include "reference.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define READ                                                                                       \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define ALL ((1ULL << 16) - 1)
#define FILE_RIGHTS                                                                                \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |                              \
		LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_TRUNCATE |                       \
		LANDLOCK_ACCESS_FS_IOCTL_DEV)

#define PATHS_MAX 16384

static void add_path(int ruleset, const char *path, uint64_t access)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = access};
	struct stat st;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return;
	if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed_access &= FILE_RIGHTS;
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0)
		_exit(1);
	close(rule.parent_fd);
}

/* The paths that the measured policy names, one a line, behind "r" or "w". */
static void add_paths(int ruleset, const char *list)
{
	static char text[PATHS_MAX];
	int fd = open(list, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, text, sizeof(text) - 1);
	char *rest = text, *line;

	if (n <= 0)
		_exit(1);
	close(fd);
	while ((line = strsep(&rest, "\n")) && *line)
		add_path(ruleset, line + 2, *line == 'w' ? ALL : READ);
}

static int build_ruleset(const char *list)
{
	struct landlock_ruleset_attr attr = {.handled_access_fs = ALL,
		.scoped = LANDLOCK_SCOPE_SIGNAL | LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET};
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);

	add_paths(ruleset, list);
	return ruleset;
}

static const int denied[] = {
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(pivot_root),
	SCMP_SYS(fsopen),
	SCMP_SYS(fsmount),
	SCMP_SYS(fsconfig),
	SCMP_SYS(fspick),
	SCMP_SYS(open_tree),
	SCMP_SYS(move_mount),
	SCMP_SYS(mount_setattr),
	SCMP_SYS(setns),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(io_uring_enter),
	SCMP_SYS(io_uring_register),
};

static const struct {
	int number;
	unsigned argument;
	uint64_t mask, value;
} masked[] = {
	{SCMP_SYS(seccomp), 1, SECCOMP_FILTER_FLAG_NEW_LISTENER, SECCOMP_FILTER_FLAG_NEW_LISTENER},
	{SCMP_SYS(clone), 0, CLONE_NEWUSER, CLONE_NEWUSER},
	{SCMP_SYS(clone), 0, CLONE_NEWNS, CLONE_NEWNS},
	{SCMP_SYS(clone), 0, CLONE_NEWNET, CLONE_NEWNET},
	{SCMP_SYS(clone), 0, CLONE_NEWPID, CLONE_NEWPID},
	{SCMP_SYS(clone), 0, CLONE_NEWUTS, CLONE_NEWUTS},
	{SCMP_SYS(clone), 0, CLONE_NEWIPC, CLONE_NEWIPC},
	{SCMP_SYS(clone), 0, CLONE_NEWCGROUP, CLONE_NEWCGROUP},
	{SCMP_SYS(unshare), 0, CLONE_NEWUSER, CLONE_NEWUSER},
	{SCMP_SYS(unshare), 0, CLONE_NEWNS, CLONE_NEWNS},
	{SCMP_SYS(unshare), 0, CLONE_NEWNET, CLONE_NEWNET},
	{SCMP_SYS(ioctl), 1, UINT32_MAX, 0x5412},
	{SCMP_SYS(ioctl), 1, UINT32_MAX, 0x541c},
	{SCMP_SYS(sendto), 3, MSG_FASTOPEN, MSG_FASTOPEN},
	{SCMP_SYS(sendmsg), 2, MSG_FASTOPEN, MSG_FASTOPEN},
	{SCMP_SYS(sendmmsg), 3, MSG_FASTOPEN, MSG_FASTOPEN},
	{SCMP_SYS(chmod), 1, S_ISUID, S_ISUID},
	{SCMP_SYS(chmod), 1, S_ISGID, S_ISGID},
	{SCMP_SYS(fchmod), 1, S_ISUID, S_ISUID},
	{SCMP_SYS(fchmod), 1, S_ISGID, S_ISGID},
	{SCMP_SYS(fchmodat), 2, S_ISUID, S_ISUID},
	{SCMP_SYS(fchmodat), 2, S_ISGID, S_ISGID},
	{SCMP_SYS(socket), 0, UINT32_MAX, AF_PACKET},
	{SCMP_SYS(socket), 0, UINT32_MAX, AF_VSOCK},
	{SCMP_SYS(socket), 2, UINT32_MAX, 262},
};

static void must(int r)
{
	if (r < 0)
		_exit(1);
}

static int build_filter(void)
{
	scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);
	int program = memfd_create("reference", MFD_CLOEXEC);

	seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(38));
	seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	for (size_t i = 0; i < ARRAY_SIZE(denied); i++)
		must(seccomp_rule_add(context, SCMP_ACT_ERRNO(1), denied[i], 0));
	/* Threads fall back on clone(2). */
	must(seccomp_rule_add(context, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0));
	for (size_t i = 0; i < ARRAY_SIZE(masked); i++) {
		struct scmp_arg_cmp compare = SCMP_CMP(
			masked[i].argument, SCMP_CMP_MASKED_EQ, masked[i].mask, masked[i].value);

		must(seccomp_rule_add_array(
			context, SCMP_ACT_ERRNO(1), masked[i].number, 1, &compare));
	}
	must(seccomp_rule_add(context, SCMP_ACT_NOTIFY, SCMP_SYS(connect), 0));
	must(seccomp_rule_add(context, SCMP_ACT_NOTIFY, SCMP_SYS(listen), 0));
	must(seccomp_rule_add(context, SCMP_ACT_NOTIFY, SCMP_SYS(sendto), 2,
		SCMP_A3(SCMP_CMP_MASKED_EQ, MSG_FASTOPEN, 0), SCMP_A4(SCMP_CMP_NE, 0)));
	must(seccomp_rule_add(context, SCMP_ACT_NOTIFY, SCMP_SYS(sendmsg), 1,
		SCMP_A2(SCMP_CMP_MASKED_EQ, MSG_FASTOPEN, 0)));
	must(seccomp_export_bpf(context, program));
	seccomp_release(context);
	return program;
}

static void send_ready(int ruleset, int program)
{
	char byte = 0, control[CMSG_SPACE(2 * sizeof(int))] = {0};
	struct iovec iov = {&byte, 1};
	struct msghdr message = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(2 * sizeof(int));
	((int *)CMSG_DATA(header))[0] = ruleset;
	((int *)CMSG_DATA(header))[1] = program;
	must((int)sendmsg(REFERENCE_CHANNEL, &message, 0));
	close(ruleset);
	close(program);
}

static int take_listener(void)
{
	struct reference_listener given;
	int pidfd, listener;

	if (read(REFERENCE_CHANNEL, &given, sizeof(given)) != sizeof(given))
		_exit(0);
	pidfd = (int)syscall(SYS_pidfd_open, given.pid, 0);
	listener = (int)syscall(SYS_pidfd_getfd, pidfd, given.number, 0);
	must(listener);
	close(pidfd);
	must((int)write(REFERENCE_CHANNEL, "", 1));
	return listener;
}

#define BYTES_MAX 65536

static bool copy(pid_t pid, const void *from, void *to, size_t size)
{
	struct iovec here = {to, size}, there = {(void *)from, size};

	return size == 0 || process_vm_readv(pid, &here, 1, &there, 1, 0) == (ssize_t)size;
}

/* What to send, as sendto(2) or sendmsg(2) have it; room for one stretch of bytes. */
static bool copy_message(const struct seccomp_notif *request, struct msghdr *message,
	struct sockaddr_storage *name, struct iovec *iov)
{
	static char bytes[BYTES_MAX];
	const uint64_t *args = (const uint64_t *)request->data.args;
	pid_t pid = (pid_t)request->pid;

	if (request->data.nr == SYS_sendto) {
		*iov = (struct iovec){(void *)(uintptr_t)args[1], (size_t)args[2]};
		message->msg_name = (void *)(uintptr_t)args[4];
		message->msg_namelen = (socklen_t)args[5];
	} else if (!copy(pid, (void *)(uintptr_t)args[1], message, sizeof(*message)) ||
		   message->msg_iovlen != 1 || message->msg_controllen != 0 ||
		   !copy(pid, message->msg_iov, iov, sizeof(*iov))) {
		return false;
	}
	if (iov->iov_len > BYTES_MAX || message->msg_namelen > sizeof(*name) ||
		!copy(pid, message->msg_name, name, message->msg_namelen) ||
		!copy(pid, iov->iov_base, bytes, iov->iov_len))
		return false;
	iov->iov_base = bytes;
	message->msg_name = message->msg_namelen ? name : NULL;
	message->msg_iov = iov;
	message->msg_iovlen = 1;
	return true;
}

static int64_t do_send(int listener, const struct seccomp_notif *request, int fd)
{
	struct msghdr message = {0};
	struct sockaddr_storage name;
	struct iovec iov;

	if (!copy_message(request, &message, &name, &iov) ||
		ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &request->id) != 0)
		return -1;
	return sendmsg(fd, &message, MSG_NOSIGNAL);
}

static int64_t do_connect(int listener, const struct seccomp_notif *request, int fd)
{
	struct sockaddr_storage address = {0};
	size_t length = (size_t)request->data.args[2] & 127;

	if (!copy((pid_t)request->pid, (void *)(uintptr_t)request->data.args[1], &address,
		    length) ||
		ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &request->id) != 0)
		return -1;
	return connect(fd, (struct sockaddr *)&address, (socklen_t)length);
}

/* Fetch, copy, check that the caller still waits, act; the result, or -errno, goes to it. */
static int64_t act(int listener, const struct seccomp_notif *request)
{
	int pidfd = (int)syscall(SYS_pidfd_open, request->pid, 0200 /* PIDFD_THREAD */);
	int fd = (int)syscall(SYS_pidfd_getfd, pidfd, (int)request->data.args[0], 0);
	int64_t r = request->data.nr == SYS_connect ? do_connect(listener, request, fd)
						    : do_send(listener, request, fd);

	if (r < 0)
		r = -errno;
	close(fd);
	close(pidfd);
	return r;
}

static void serve(int listener)
{
	struct pollfd wait = {.fd = listener, .events = POLLIN};

	while (poll(&wait, 1, -1) > 0 && !(wait.revents & POLLHUP)) {
		struct seccomp_notif request = {0};
		struct seccomp_notif_resp response = {0};

		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) < 0)
			continue;
		response.id = request.id;
		response.val = act(listener, &request);
		if (response.val < 0) {
			response.error = (int)response.val;
			response.val = 0;
		}
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 1;
	send_ready(build_ruleset(argv[1]), build_filter());
	serve(take_listener());
	return 0;
}
