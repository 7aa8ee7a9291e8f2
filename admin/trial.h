/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Puts a changed policy before the policy check, and asks it what it was changed for. */

#include "denial.h"
#include "edit.h"
#include "subject.h"

/* The text of a layer's file, as edit_begin() takes it. 0 or a negative errno. */
int trial_read(const struct policy *layer, char **ret, size_t *ret_size);

/*
 * Whether the layer is valid as it was edited, and allows these denials. 0 or a negative errno;
 * *ret_fault says why not, allocated, or is NULL.
 */
int trial_run(const struct admin *admin, const struct subject *subject, size_t layer,
	const struct edit *edit, const struct denial *const *denials, size_t n_denials,
	char **ret_fault);
