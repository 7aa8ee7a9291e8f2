/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The seccomp filter of a session. The only file that knows libseccomp.
 */

#include "policy.h"

struct filter_spec {
	bool restrict_sockets; /* some layer has [network]: only sockets that can be supervised */
	bool restrict_inet_datagrams; /* ... and its connect is not `any`: no UDP either */
	bool notify_connect;
	bool notify_listen;
};

/* What the set needs from the filter. Pure. */
struct filter_spec filter_spec(const struct policy_set *set);

/* Whether the filter needs a listener, and the session a worker. */
static inline bool filter_supervised(const struct filter_spec *spec)
{
	return spec->notify_connect || spec->notify_listen;
}

/*
 * Builds the BPF program into a sealed memfd: an array of struct sock_filter, nothing else.
 * 0 or a negative errno.
 */
int filter_build(const struct filter_spec *spec, int *ret_memfd);
