/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What must hold whatever the input: stops the fuzzer, which keeps the input. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

static inline void require(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
