/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Points in time as journalctl(1) takes them, and times as people read them. */

#include <stddef.h>
#include <stdint.h>

#define WHEN_SECOND 1000000ULL /* microseconds, as the journal counts */

/*
 * Parses "2026-11-22 10:00[:30[.5]]", "2026-11-22", "10:00", "today", "yesterday", "tomorrow", each
 * with " UTC" behind it or in local time, and days with the right weekday ("Sun ") before them;
 * "now", "@SECONDS[.5]", "-2h", "+1h30min", "2h ago"; and what when_format_utc() writes. Seen from
 * `now` (microseconds since 1970). 0 or -EINVAL.
 */
int when_parse(const char *text, uint64_t now, uint64_t *ret);

uint64_t when_now(void);

#define WHEN_TEXT_MAX 40

/* "Nov 22 10:00:30", local time. */
const char *when_format(uint64_t when, char buffer[WHEN_TEXT_MAX]);

/* "2026-11-22T10:00:30.123456Z" */
const char *when_format_utc(uint64_t when, char buffer[WHEN_TEXT_MAX]);
