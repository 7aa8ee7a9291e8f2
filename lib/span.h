/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Spans of time as people read them, in the words of systemd.time(7): "2h 30min". */

#include <stdint.h>

#define SPAN_TEXT_MAX 48

/*
 * Days, hours, minutes and seconds, without those that are none; at most `parts` of them from the
 * largest on, and what is left over is dropped. Returns the buffer.
 */
#define SPAN_PARTS 4 /* all there are */
const char *span_format(uint64_t seconds, unsigned parts, char buffer[SPAN_TEXT_MAX]);
