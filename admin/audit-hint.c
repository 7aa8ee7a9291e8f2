/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Asks the kernel for the state of its audit, audit_netlink_ok() in kernel/audit.c. */

#include "audit-hint.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "cleanup.h"
#include "ruleset.h"

#define ABI_AUDIT 7 /* of Landlock */

#define ANSWER_SECONDS 2

static int send_question(int sock)
{
	const struct nlmsghdr question = {
		.nlmsg_len = sizeof(question),
		.nlmsg_type = AUDIT_GET,
		.nlmsg_flags = NLM_F_REQUEST,
	};
	const struct timeval patience = {.tv_sec = ANSWER_SECONDS};

	if (setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0 ||
		send(sock, &question, sizeof(question), 0) < 0)
		return -errno;
	return 0;
}

/* Older kernels answer with a shorter status; what is asked for is in the first words. */
static int read_answer(int sock)
{
	struct {
		struct nlmsghdr head;
		union {
			struct audit_status status;
			struct nlmsgerr error;
		};
	} answer = {0};
	ssize_t n = recv(sock, &answer, sizeof(answer), 0);

	if (n < 0)
		return -errno;
	if ((size_t)n < sizeof(answer.head) + 2 * sizeof(uint32_t))
		return -EPROTO;
	if (answer.head.nlmsg_type == NLMSG_ERROR)
		return answer.error.error < 0 ? answer.error.error : -EPROTO;
	if (answer.head.nlmsg_type != AUDIT_GET)
		return -EPROTO;
	return answer.status.enabled != 0;
}

int audit_enabled(void)
{
	_cleanup_close_ int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	int r = sock < 0 ? -errno : send_question(sock);

	return r < 0 ? r : read_answer(sock);
}

void audit_hint(struct admin *admin, struct stream *stream)
{
	bool heard = true;
	int enabled;

	if (!stream_is_local(stream))
		return;
	if (ruleset_abi() < ABI_AUDIT) {
		admin_note(admin, "denied files are not recorded: that takes Landlock ABI 7 (Linux "
				  "6.15)");
		return;
	}
	enabled = audit_enabled();
	if (enabled == 0)
		admin_note(admin,
			"denied files are not recorded: the kernel's audit is off; \"auditctl -e "
			"1\" turns it on, audit=1 on the kernel's command line for good");
	else if (stream_has_audit(stream, &heard) == 0 && !heard)
		admin_note(admin,
			"denied files are not recorded: nothing of the kernel's audit is in the "
			"journal; \"systemctl start systemd-journald-audit.socket\" and a restart "
			"of systemd-journald bring it there%s",
			enabled < 0 ? ", if audit is on" : "");
}
