/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The seccomp filter of a session. The only file that knows libseccomp.
 */

#include "policy.h"
#include "syscalls.h"

struct filter_spec {
	uint32_t arch; /* SYSCALLS_NATIVE; or another one's, to simulate */
	bool notify_connect;
	bool notify_send; /* sendto with an address, sendmsg, sendmmsg */
	bool notify_listen;
	bool watch_network;  /* only policies that complain have [network]: nothing is denied for it
			      */
	bool complain;       /* nothing is denied: what would be is notified */
	bool icmp;           /* some endpoint is icmp://: sockets for echo requests */
	bool guard_groups;   /* the network is restricted, and no rule names multicast */
	bool guard_truncate; /* files are restricted, and Landlock does not know truncation */
	bool sysv;           /* System V IPC and POSIX queues */
	struct syscalls allowed; /* default denials among them are lifted */
};

/* What the set needs from the filter beside a Landlock of ABI `abi`. Pure. */
struct filter_spec filter_spec(const struct policy_set *set, unsigned abi);

/* Whether the filter needs a listener, and the session a worker. */
static inline bool filter_supervised(const struct filter_spec *spec)
{
	return spec->notify_connect || spec->notify_send || spec->notify_listen || spec->complain;
}

/*
 * Builds the BPF program into a sealed memfd: an array of struct sock_filter, nothing else.
 * 0 or a negative errno.
 */
int filter_build(const struct filter_spec *spec, int *ret_memfd);
