/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Messages with descriptors over SOCK_SEQPACKET sockets. A message is taken whole or not at all:
 * another size, another number of descriptors or a truncation is -EPROTO, and whatever descriptors
 * came with it are closed. Used by the module: libc only, no allocation.
 */

#include <stddef.h>
#include <stdint.h>

#define SOCK_FDS_MAX 9

/* A close-on-exec socket pair. 0 or -errno. */
int sock_pair(int ret[2]);

/* Sends one message; never raises SIGPIPE. flags: 0 or MSG_DONTWAIT. 0 or -errno. */
int sock_send(int sock, const void *message, size_t size, const int *fds, size_t n_fds, int flags);

/*
 * Receives one message of exactly `size` bytes and up to max_fds descriptors (close-on-exec).
 * 0, -ECONNRESET at the end of the stream, -EPROTO, or another -errno. fds beyond *ret_n_fds are
 * untouched; ret_fds may be NULL with max_fds 0.
 */
int sock_receive(int sock, void *message, size_t size, int *ret_fds, size_t max_fds,
	size_t *ret_n_fds, int flags);

/*
 * As sock_receive, but for messages of several kinds: at most `max` bytes, *ret_size says how many
 * came.
 */
int sock_receive_any(int sock, void *message, size_t max, size_t *ret_size, int *ret_fds,
	size_t max_fds, size_t *ret_n_fds, int flags);

/* CLOCK_MONOTONIC in milliseconds. */
uint64_t sock_now_ms(void);

/* Waits until the socket is readable: 0, -ETIMEDOUT after timeout_ms, -errno. */
int sock_wait(int sock, int timeout_ms);
