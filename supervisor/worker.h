/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The unprivileged half: meets everything that comes from the session. Runs with the user's own
 * ids, CAP_SYS_PTRACE and a system-call allow list, so that acting for the user it can do no more
 * than the user could.
 */

#include "supervisor.h"

/* Starts the worker. *ret_sock is the monitor's end of their socket. 0 or -errno. */
int worker_start(const struct supervisor *supervisor, int *ret_sock, pid_t *ret_pid);
