/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The reference: what a supervised session cannot do without, and nothing else. No policy, no
 * lookup, no identity, no second process, no journal, no limits, no errors told. It is the floor
 * that the real module is measured against, not a thing to use.
 *
 *	module				supervisor
 *	spawn ------------------------>	ruleset, filter
 *	<------------------------------	ready: [ruleset, program]
 *	fork: child restricts itself
 *	listener number -------------->	pidfd_getfd
 *	<------------------------------	ack
 */

#include <stdint.h>
#include <sys/types.h>

#define REFERENCE_CHANNEL 3

struct reference_listener {
	pid_t pid;
	int number;
};
