/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The supervised calls: copy the arguments, decide on the copies, act on the fetched descriptor.
 * An act returns what the target shall see; answering and recording are the loop's.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "cleanup.h"
#include "notify.h"
#include "policy.h"
#include "wire.h"

#define ACT_E_GONE 1 /* the target is gone: nobody to answer */

/* From linux/errno.h, which is the kernel's own: restart, or EINTR, as SA_RESTART says. */
#define ERESTARTSYS 512

struct outcome {
	int error; /* positive errno the call gets, 0: success */
	int64_t value;
	int denied; /* a rule, or the lack of one, said no: to be recorded */
	enum wire_action action;
	uint32_t protocol; /* IPPROTO_*, 0 for UNIX */
	unsigned rule;
	int would; /* the errno that a policy in complain mode would have given; to be recorded */
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

/* What is not refused, but would be. The first of a call's is told. */
static inline void outcome_complain(
	struct outcome *outcome, const char *object, int error, unsigned rule)
{
	if (outcome->denied || outcome->would)
		return;
	outcome_deny(outcome, object, 0, rule);
	outcome->denied = 0;
	outcome->would = error;
}

/* Decides and acts by the call's number. In a job that is only watched no act is done. */
int act_on(struct job *job, struct outcome *ret);

/* Each: 0 with *ret filled, ACT_E_GONE, or -errno (which the call gets too). */
int act_connect(struct job *job, struct outcome *ret);
int act_listen(struct job *job, struct outcome *ret);

int act_sendto(struct job *job, struct outcome *ret);
int act_sendmsg(struct job *job, struct outcome *ret);
int act_sendmmsg(struct job *job, struct outcome *ret);

/*
 * A UNIX address as the worker can use it: a path has become /proc/self/fd/N of the pinned inode.
 * Of an abstract name the socket that has it is pinned, where it is the session's.
 */
struct unix_destination {
	int sock; /* that is to reach it */
	struct sockaddr_un address;
	size_t length;
	int pinned;  /* -1: nothing; else to stay open until the act is done */
	bool renews; /* see act_unix_renew() */
};

#define UNIX_DESTINATION(sender) ((struct unix_destination){.sock = (sender), .pinned = -1})

static inline void unix_destination_done(const struct unix_destination *to)
{
	fd_close(to->pinned);
}

/*
 * Decides on a copied UNIX address of `length` bytes, for the socket in *to. 0 with *to filled or
 * *ret denied, or -errno. *to holds at most sizeof(struct sockaddr_un) bytes of an overlong
 * address.
 */
int act_unix_resolve(struct job *job, const struct sockaddr_storage *address, size_t length,
	struct unix_destination *to, struct outcome *ret);

/*
 * Whether an act that failed with *error (a positive errno) is to be tried again: a socket of the
 * session's that is pinned while the act waits for room would wait on when all its holders are
 * gone, so it is looked for anew. Where there is none any more *error is ECONNREFUSED.
 */
bool act_unix_renew(const struct job *job, struct unix_destination *to, int *error);

/* connect(2) to a UNIX address. sock is the fetched socket. */
int act_unix_connect(struct job *job, int sock, const struct sockaddr_storage *address,
	size_t length, struct outcome *ret);

/* The protocol of a rule for a socket's SO_PROTOCOL. 0, or -EACCES for one that no rule names. */
int act_protocol(int number, enum endpoint_protocol *ret);

/* An int of SOL_SOCKET. 0 or -errno. */
int act_get_option(int sock, int option, int *ret);

/* connect(2) on a fetched socket, taking off first where it may block. Returns a positive errno. */
int act_do_connect(struct job *job, int sock, const void *address, size_t length);

/*
 * What a target gets whose call the patrol interrupted: with a time-out on the socket EINTR, else
 * what lets the kernel start over where the handler says so; sock_intr_errno(), signal(7).
 */
int act_interrupted(int sock);

/* Until the socket takes a datagram, or as long as its time-out says. 0 or -errno. */
int act_wait_writable(int sock);
