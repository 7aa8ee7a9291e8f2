/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A policy with nothing but [syscalls], as an administrator writes it. */

#include "policy.h"

#define LAYER_WORDS 3

struct layer_text {
	enum profile profile;
	const char *allow[LAYER_WORDS], *deny[LAYER_WORDS];
	int error; /* 0: EPERM */
};

struct layer {
	struct syscall_rule allow[LAYER_WORDS], deny[LAYER_WORDS];
	struct policy policy; /* points into the rules */
};

/* Every word must be one. Fills *ret in place. */
void layer_make(const struct layer_text *text, struct layer *ret);
