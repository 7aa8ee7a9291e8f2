/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Lines that are wider than the terminal, broken between words instead of anywhere. In a file or a
 * pipe a line stays a line.
 */

#include "command.h"

/* From now on standard output is wrapped, if it is a terminal and people are to read it. */
void wrap_open(const struct admin *admin);

/* What is left of it is written; standard output is the plain one again. False: something failed.
 */
bool wrap_close(void);
