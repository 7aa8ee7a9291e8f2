/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Texts that live and die together: cheaper to make than one by one, and freed all at once. */

#include <stddef.h>

struct text_chunk;

struct texts {
	struct text_chunk *last;
};

/* A copy of `length` bytes with a NUL behind them; it stays where it is. NULL without memory. */
const char *texts_add(struct texts *texts, const char *bytes, size_t length);

void texts_done(struct texts *texts);
