/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* seccomp_unotify(2): receiving, validating and answering. No decision is made here. */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct loop;
struct supervisor;

/* One notification while it is being handled. */
struct job {
	const struct supervisor *supervisor;
	struct loop *loop;
	int listener;
	uint64_t id;
	pid_t tid; /* a thread id */
	int nr;
	uint64_t args[6];
	int flight;   /* slot while in flight, else -1 */
	bool watched; /* the call goes on by itself, whatever is decided: pass.h */
	bool renews;  /* an act that is begun anew when it was interrupted for nothing */
};

#define NOTIFY_E_NONE 1 /* interrupted, or the target is gone: look again */

/* Whether this kernel's notifications fit our buffers. 0 or -errno. */
int notify_check_sizes(void);

/* Receives one notification; only after poll(2) said so. 0, NOTIFY_E_NONE, or -errno. */
int notify_receive(int listener, struct job *ret);

/* Whether the target is still waiting in the very call that was notified. 0 or -ENOENT. */
int notify_valid(const struct job *job);

/* Whether it is sure that nobody waits for an answer any more. */
bool notify_gone(const struct job *job);

/*
 * The one place that answers: the call returns `value`, or fails with `error` (positive errno).
 * A target that is gone is fine. 0 or -errno.
 */
int notify_answer(const struct job *job, int error, int64_t value);

/* The same with any response: pass.c's business alone. */
struct seccomp_notif_resp;
int notify_send(const struct job *job, const struct seccomp_notif_resp *response);
