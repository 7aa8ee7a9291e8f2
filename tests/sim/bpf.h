/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A small interpreter of classic BPF as seccomp(2) runs it, so that tests need no kernel. */

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Runs the program over one call. 0 and the returned action, or -EINVAL for what the kernel would
 * not have loaded: an instruction seccomp does not know, a jump or a load out of bounds, no return.
 */
int bpf_run(const struct sock_filter *program, size_t length, const struct seccomp_data *call,
	uint32_t *ret_action);
