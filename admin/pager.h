/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Long output through a pager, as the tools of systemd do it: only on a terminal, by the variables
 * that systemctl(1) describes ($SYSTEMD_PAGER, $PAGER, $SYSTEMD_LESS, $SYSTEMD_LESSCHARSET,
 * $SYSTEMD_PAGERSECURE), and in less's secure mode where one is not who logged in.
 */

#include "command.h"

/* Puts one between standard output and the terminal, if one is wanted and there is one. */
void pager_open(const struct admin *admin);

/* Waits until the user has seen enough. */
void pager_close(void);

/* A command's `pages` where all it prints may be long. */
bool pager_always(const void *values);
