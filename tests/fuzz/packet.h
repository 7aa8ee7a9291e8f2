/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Any bytes as one packet on a socket, with descriptors: the first byte says how many, the second
 * which of them are sealed memfds (else /dev/null), the third whether the packet has the size that
 * is expected; the rest lies over zeros.
 */

#include <stddef.h>
#include <stdint.h>

#define PACKET_MAX 8192

/* Reads the packet off the input and sends it. */
void packet_send(int sock, const uint8_t **data, size_t *size, size_t expected);

/* How many descriptors are open: a test that leaves one behind fails. */
void packet_check_descriptors(void);
