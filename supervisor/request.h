/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What root asks of a running supervisor, by a signal: to say in its last record that and why. */

#include <stdbool.h>

/* Blocks the signal, so that it waits for request_open(). First thing of all. 0 or -errno. */
int request_prepare(void);

/* A descriptor that can be read when there is a request. -errno. */
int request_open(void);

/* Whether the session is being ended on request; once the descriptor can be read. */
bool request_taken(int fd);
