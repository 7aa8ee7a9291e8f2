/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How a server that writes down what it sees is asked whether that is all: with SIGUSR1. */

#include <poll.h>

/* Before the server is ready. */
void settle_prepare(void);

/*
 * poll(2) without a time-out, and never 0. Once asked, "settled" is a line of the log as soon as
 * nothing waits to be seen.
 */
int settle_poll(struct pollfd *polls, nfds_t n, int log_fd);
