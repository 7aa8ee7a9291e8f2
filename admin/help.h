/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What --help says, from the tables: for people, or with --json for the completions. */

#include "command.h"

/* Of admin->command, or where that is not known of all `n` of them. */
void help_print(struct admin *admin, const struct command *const *commands, size_t n);
