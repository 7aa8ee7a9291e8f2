/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Session ids. */

#include "session.h"

#include <errno.h>
#include <sys/random.h>

int session_id_new(uint8_t ret[SESSION_ID_BYTES])
{
	/* Up to 256 bytes come whole and uninterrupted, getrandom(2). */
	ssize_t n = getrandom(ret, SESSION_ID_BYTES, GRND_NONBLOCK);

	if (n < 0)
		return -errno;
	return n == SESSION_ID_BYTES ? 0 : -EIO;
}

void session_id_format(const uint8_t id[SESSION_ID_BYTES], char ret[SESSION_ID_TEXT])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < SESSION_ID_BYTES; i++) {
		ret[2 * i] = digits[id[i] >> 4];
		ret[2 * i + 1] = digits[id[i] & 15];
	}
	ret[2 * SESSION_ID_BYTES] = '\0';
}
