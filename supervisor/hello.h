/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The first message: what a login program asks for. */

#include "wire.h"

/*
 * Takes it from the channel, checked: *ret_hello's strings end, *ret_policy is the sealed memfd
 * that came with WIRE_HELLO_POLICY_FD, else -1. 0 or -errno.
 */
int hello_receive(int channel, struct wire_hello *ret_hello, int *ret_policy);

/* From a file that holds one, which was received before. 0 or -errno. */
int hello_read(int fd, struct wire_hello *ret);
