/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What a running supervisor is told by a signal: by root, to say in its last record that and why,
 * or to record what has been counted so far; by the kernel, that something is up with a child.
 */

enum request {
	REQUEST_NONE,
	REQUEST_ENDING,
	REQUEST_STATUS,
	REQUEST_CHILD,
};

/* Blocks the signals, so that they wait for request_open(). First thing of all. 0 or -errno. */
int request_prepare(void);

/* A descriptor that can be read when there is a request. -errno. */
int request_open(void);

/* Which it was; once the descriptor can be read. */
enum request request_take(int fd);
