/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A process that has confined itself and waits for its ack. */

#include <sys/types.h>

#define CONFINED_EXE_MAX 1024

struct confined {
	pid_t pid;                  /* 0: not known */
	char exe[CONFINED_EXE_MAX]; /* the program that was forked; empty: not known */
};

/* Who is at the other end of its socket. */
struct confined confined_look(int sock);
