/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How wide the terminal is. */

#include <stddef.h>

#define SCREEN_USUAL 80 /* where a terminal does not say, and the most that prose takes */

/*
 * Columns of the terminal behind `fd`: what COLUMNS says, else what the terminal says, and never
 * too few to print in. 0 if it is none: in a file or a pipe a line stays a line.
 */
size_t screen_columns(int fd);

/* How wide prose is on a screen of so many columns, or of none. */
size_t screen_prose(size_t columns);
