/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The supervised calls: copy the arguments, decide on the copies, act on the fetched descriptor.
 * An act returns what the target shall see; answering and recording are the loop's.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>

#include "notify.h"
#include "policy.h"
#include "wire.h"

#define ACT_E_GONE 1 /* the target is gone: nobody to answer */

struct outcome {
	int error; /* positive errno the call gets, 0: success */
	int64_t value;
	int denied; /* a rule, or the lack of one, said no: to be recorded */
	enum wire_action action;
	uint32_t protocol; /* IPPROTO_*, 0 for UNIX */
	unsigned rule;
	char object[WIRE_OBJECT_MAX];
};

/* What was refused, cut to the record's size. */
static inline void outcome_deny(
	struct outcome *outcome, const char *object, int error, unsigned rule)
{
	const int fits = sizeof(outcome->object) - 1;

	outcome->denied = 1;
	outcome->error = error;
	outcome->rule = rule;
	snprintf(outcome->object, sizeof(outcome->object), "%.*s", fits, object);
}

/* Each: 0 with *ret filled, ACT_E_GONE, or -errno (which the call gets too). */
int act_connect(struct job *job, struct outcome *ret);
int act_listen(struct job *job, struct outcome *ret);

/* The AF_UNIX part of connect: `address` is a copy of `length` bytes, sock the fetched socket. */
int act_unix_connect(struct job *job, int sock, const struct sockaddr_storage *address,
	size_t length, struct outcome *ret);

/* Resolves the trees of UNIX sockets that the set grants. Once, as root: path-pin.h says why. */
int act_unix_prepare(const struct policy_set *set);

/* connect(2) on a fetched socket, taking off first where it may block. Returns a positive errno. */
int act_do_connect(struct job *job, int sock, const void *address, size_t length);
