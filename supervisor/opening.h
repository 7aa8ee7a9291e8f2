/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The answer to HELLO while it is being made. */

#include "sock.h"
#include "wire.h"

#define OPENING_E_OVER 1 /* the answer is UNCONFINED or REFUSED */

/* What goes out with READY, in the order of the wire. */
struct opening {
	struct wire_answer answer;
	int fds[SOCK_FDS_MAX];
	size_t n_fds;
};

#define OPENING_INIT ((struct opening){.answer = {.type = WIRE_READY, .version = WIRE_VERSION}})

/* Takes the descriptor over. */
void opening_add(struct opening *opening, int fd);

/* There will be no session; the text is for the log. OPENING_E_OVER. */
int opening_refuse(struct opening *opening, enum wire_reason reason, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The session is not ours. OPENING_E_OVER. */
int opening_unconfined(struct opening *opening, const char *why);

void opening_done(struct opening *opening);
