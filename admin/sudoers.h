/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The lines of sudoers(5), those of what it includes too. What they mean is the hearer's. */

typedef void sudoers_fn(void *userdata, const char *file, const char *line);

/* 0, -ENOENT where there is none, or another negative errno. */
int sudoers_read(const char *root, sudoers_fn *hear, void *userdata);
