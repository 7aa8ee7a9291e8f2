/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Any packets as what a login program and its child say to a monitor: HELLO, ANNOUNCE, and the word
 * that the child is confined. What is accepted holds what it says, and nothing is left open.
 */

#include <string.h>
#include <unistd.h>

#include "child.h"
#include "fd.h"
#include "hello.h"
#include "packet.h"
#include "require.h"
#include "sock.h"

static void check_string(const char *field, size_t size)
{
	require(memchr(field, '\0', size) != NULL);
}

static void take_hello(int sock)
{
	struct wire_hello hello;
	int policy;

	if (hello_receive(sock, &hello, &policy) < 0)
		return;
	check_string(hello.user, sizeof(hello.user));
	check_string(hello.service, sizeof(hello.service));
	check_string(hello.tty, sizeof(hello.tty));
	check_string(hello.rhost, sizeof(hello.rhost));
	check_string(hello.policy_dir, sizeof(hello.policy_dir));
	check_string(hello.policy_name, sizeof(hello.policy_name));
	require((policy >= 0) == !!(hello.flags & WIRE_HELLO_POLICY_FD));
	require(policy < 0 || memfd_is_sealed(policy));
	fd_close(policy);
}

/* Without a worker: what is taken as a hand-over has no listener. With one none of ours is. */
static void take_child(int pair[2], int worker, const uint8_t **data, size_t *size)
{
	struct child child;
	int error = 0, r;

	packet_send(pair[1], data, size, sizeof(struct wire_short));
	if (child_take_announce(pair[0], &child) < 0)
		return;
	packet_send(pair[1], data, size, sizeof(struct wire_short));
	fd_close(child.sock);
	child.sock = pair[0];
	pair[0] = -1;
	r = child_hand_over(&child, worker, &error);
	require(child.sock == -1);
	require(worker < 0 || r != 0);
	require(r != CHILD_E_FAILED || error < 0);
	child_done(&child);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int pair[2];

	packet_check_descriptors();
	require(sock_pair(pair) == 0);
	packet_send(pair[1], &data, &size, sizeof(struct wire_hello));
	take_hello(pair[0]);
	take_child(pair, size % 2 ? pair[1] : -1, &data, &size);
	fd_close(pair[0]);
	fd_close(pair[1]);
	packet_check_descriptors();
	return 0;
}
