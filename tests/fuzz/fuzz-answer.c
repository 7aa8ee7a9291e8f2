/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Any packet as what a supervisor answers: lib/client.c and lib/arm.c as the login program has
 * them, with a supervisor of ours. Nothing may be left open, and a READY holds what it says.
 */

#include <string.h>
#include <unistd.h>

#include "client.h"
#include "packet.h"
#include "require.h"
#include "sock.h"
#include "supervisor-spawn.h"

static const uint8_t *input;
static size_t left;
static int supervisor;

int supervisor_spawn(const char *path, int *ret_channel)
{
	int pair[2];

	require(sock_pair(pair) == 0);
	packet_send(pair[1], &input, &left, sizeof(struct wire_answer));
	*ret_channel = pair[0];
	supervisor = pair[1];
	return 0;
}

static void check_ready(const struct wire_answer *answer, const struct arm *arm)
{
	require(arm->channel >= 0 && arm->n_rulesets == answer->n_rulesets);
	require(arm->n_rulesets <= ARM_RULESETS_MAX);
	require(arm->program.len == answer->n_instructions && arm->program.len > 0);
	require((arm->uts >= 0) == !!(answer->flags & WIRE_READY_UTS));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct wire_hello hello = {.type = WIRE_HELLO, .version = WIRE_VERSION};
	struct wire_answer answer;
	struct arm arm = ARM_INIT;
	int r;

	packet_check_descriptors();
	input = data;
	left = size;
	r = client_open(&hello, -1, &answer, &arm);
	if (r == 0) {
		require(memchr(answer.text, '\0', sizeof(answer.text)) != NULL);
		if (answer.type == WIRE_READY)
			check_ready(&answer, &arm);
	}
	arm_done(&arm);
	close(supervisor);
	packet_check_descriptors();
	return 0;
}
