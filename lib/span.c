/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "span.h"

#include <inttypes.h>
#include <stdio.h>

const char *span_format(uint64_t seconds, unsigned parts, char buffer[SPAN_TEXT_MAX])
{
	static const struct {
		const char *name;
		uint64_t seconds;
	} units[SPAN_PARTS] = {{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}};
	size_t at = 0, first = 0;

	while (first < SPAN_PARTS - 1 && seconds < units[first].seconds)
		first++;
	for (size_t i = first; i < SPAN_PARTS && i < first + parts; i++) {
		uint64_t n = seconds / units[i].seconds;

		seconds %= units[i].seconds;
		if (n > 0 || i == first)
			at += (size_t)snprintf(buffer + at, SPAN_TEXT_MAX - at, "%s%" PRIu64 "%s",
				at > 0 ? " " : "", n, units[i].name);
	}
	return buffer;
}
