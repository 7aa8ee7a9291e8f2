/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* HELLO out; READY, UNCONFINED or REFUSED in. */

#include "client.h"

#include "cleanup.h"
#include "config.h"
#include "sock.h"
#include "supervisor-spawn.h"

/* Root must be able to see "refused", not a hanging login, whatever the name service does. */
#define ANSWER_TIMEOUT_MS 5000

static int check_answer(const struct wire_answer *answer, size_t n_fds)
{
	bool ready = answer->type == WIRE_READY;

	if (!ready && answer->type != WIRE_UNCONFINED && answer->type != WIRE_REFUSED)
		return -EPROTO;
	if (answer->version != WIRE_VERSION || !wire_string_ok(answer->text, sizeof(answer->text)))
		return -EPROTO;
	return ready || n_fds == 0 ? 0 : -EPROTO;
}

static int receive_answer(
	int channel, struct wire_answer *ret_answer, int fds[SOCK_FDS_MAX], size_t *ret_n_fds)
{
	int r = sock_wait(channel, ANSWER_TIMEOUT_MS);

	if (r < 0)
		return r;
	return sock_receive(
		channel, ret_answer, sizeof(*ret_answer), fds, SOCK_FDS_MAX, ret_n_fds, 0);
}

int client_open(const struct wire_hello *hello, int policy, struct wire_answer *ret_answer,
	struct arm *ret_arm)
{
	_cleanup_close_ int channel = -1;
	struct wire_answer answer;
	int fds[SOCK_FDS_MAX];
	size_t n_fds = 0;
	int r;

	r = supervisor_spawn(SANDLOCK_SUPERVISOR, &channel);
	if (r < 0)
		return r;
	r = sock_send(channel, hello, sizeof(*hello), &policy, policy >= 0 ? 1 : 0, 0);
	if (r < 0)
		return r;
	r = receive_answer(channel, &answer, fds, &n_fds);
	if (r < 0)
		return r;
	r = check_answer(&answer, n_fds);
	if (r == 0 && answer.type == WIRE_READY)
		r = arm_prepare(&answer, channel, fds, n_fds, ret_arm);
	if (r < 0) {
		for (size_t i = 0; i < n_fds; i++)
			fd_close(fds[i]);
		return r;
	}
	if (answer.type == WIRE_READY)
		take_fd(&channel);
	*ret_answer = answer;
	return 0;
}
