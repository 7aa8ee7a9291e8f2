/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Notifications in and out. */

#include "notify.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel copies its own sizes, which may grow: room for that, and a check at the start. */
#define NOTIFICATION_MAX 256

union notification {
	struct seccomp_notif notif;
	char room[NOTIFICATION_MAX];
};

union response {
	struct seccomp_notif_resp resp;
	char room[NOTIFICATION_MAX];
};

int notify_check_sizes(void)
{
	struct seccomp_notif_sizes sizes;

	if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) < 0)
		return -errno;
	if (sizes.seccomp_notif > NOTIFICATION_MAX || sizes.seccomp_notif_resp > NOTIFICATION_MAX)
		return -EOVERFLOW;
	return 0;
}

int notify_receive(int listener, struct job *ret)
{
	union notification n;

	memset(&n, 0, sizeof(n)); /* the kernel insists */
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n.notif) < 0)
		return errno == ENOENT || errno == EINTR ? NOTIFY_E_NONE : -errno;
	ret->listener = listener;
	ret->id = n.notif.id;
	ret->tid = (pid_t)n.notif.pid;
	ret->nr = n.notif.data.nr;
	memcpy(ret->args, n.notif.data.args, sizeof(ret->args));
	ret->flight = -1;
	ret->watched = false;
	ret->renews = false;
	return 0;
}

int notify_valid(const struct job *job)
{
	uint64_t id = job->id;

	return ioctl(job->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) < 0 ? -errno : 0;
}

bool notify_gone(const struct job *job)
{
	return notify_valid(job) == -ENOENT;
}

int notify_send(const struct job *job, const struct seccomp_notif_resp *response)
{
	union response r;

	memset(&r, 0, sizeof(r));
	r.resp = *response;
	if (ioctl(job->listener, SECCOMP_IOCTL_NOTIF_SEND, &r.resp) < 0 && errno != ENOENT)
		return -errno;
	return 0;
}

int notify_answer(const struct job *job, int error, int64_t value)
{
	const struct seccomp_notif_resp response = {
		.id = job->id,
		.error = -error,
		.val = error ? 0 : value,
	};

	return notify_send(job, &response);
}
