/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* show --diff: what would change if a file took the place of the policies that are in force. */

#include "subject.h"

/* Prints it, or puts it as JSON; EXIT_NO is the result where something widens. */
void show_diff(struct admin *admin, const struct subject *subject, const char *path, unsigned abi);
