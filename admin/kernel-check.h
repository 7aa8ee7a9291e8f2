/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* check --this-kernel: written keys that the running kernel cannot enforce, as findings. */

#include <stdbool.h>
#include <stddef.h>

#include "policy-lookup.h"

/* Adds a finding for each such key of a text that is valid. 0 or -errno. */
int kernel_check_text(const struct policy_dirs *dirs, const char *name, const void *bytes,
	size_t size, struct diag_list *diags);
int kernel_check_file(const struct policy_dirs *dirs, const char *path, struct diag_list *diags);

/* Whether all errors of a list are of this kind, and there is one. */
bool kernel_check_only(const struct diag_list *diags);
