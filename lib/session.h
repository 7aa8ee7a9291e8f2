/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Session ids: 128 random bits, printed in hex. Used by the module: libc only. */

#include <stdint.h>

#define SESSION_ID_BYTES   16
#define SESSION_ID_TEXT    33 /* 32 hex digits and a NUL */
#define SESSION_SHORT_TEXT 9  /* what people are shown and type */

/* Draws a new id from getrandom(2). 0 or -errno; never blocks once the system is up. */
int session_id_new(uint8_t ret[SESSION_ID_BYTES]);

void session_id_format(const uint8_t id[SESSION_ID_BYTES], char ret[SESSION_ID_TEXT]);
