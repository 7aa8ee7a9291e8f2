/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What there is to say of a process that ends while it looks policies up: there is no keeper yet,
 * since most users' sessions need none. A name service may hang or crash, and in a signal handler
 * no record can be written; so the process becomes, by execve(2), one that writes it. SIGKILL
 * leaves no time for that: then the module's line in the log is all.
 */

#include "wire.h"

#define EPITAPH_OPTION "--epitaph" /* followed by the signal's number */

/* From now on a signal that ends the process leaves a record about `hello`, which stays. */
void epitaph_prepare(const struct wire_hello *hello);

/* From now on none does: somebody else is there to notice, or all is said. */
void epitaph_withdraw(void);

/* In a signal's handler: ends the process so. Returns where none was prepared. */
void epitaph_leave(int sig);

/* What the other process does. 0 or -errno. */
int epitaph_write(const char *signal);
