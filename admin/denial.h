/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What was denied, in terms of the policy language. */

#include "record.h"

enum denial_what {
	DENIAL_PATH,     /* a file or folder */
	DENIAL_ADDRESS,  /* connecting or sending there */
	DENIAL_PORT,     /* listening there */
	DENIAL_SOCKET,   /* a UNIX socket by its path */
	DENIAL_CALL,     /* a system call */
	DENIAL_SIGNAL,   /* to somebody outside the session */
	DENIAL_ABSTRACT, /* an abstract UNIX socket outside the session */
	DENIAL_OTHER,    /* nothing that a policy speaks of */
};

struct denial {
	enum denial_what what;
	char *object;    /* raw: path, endpoint, port, name of a call; NULL where there is none */
	uint64_t rights; /* DENIAL_PATH: LANDLOCK_ACCESS_FS_* */
};

/* 0, DENIAL_E_NONE where the record is of no denial, or -ENOMEM. */
#define DENIAL_E_NONE 1
int denial_of(const struct record *record, struct denial *ret);
void denial_done(struct denial *denial);
