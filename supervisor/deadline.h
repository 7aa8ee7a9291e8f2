/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A process that has not stopped its deadline in time is killed by the kernel, whatever it is
 * doing: for libraries that may never return. (libseccomp 2.5.4 loops for ever in places where an
 * allocation fails.) One of its own beside alarm(2), which the look-up uses.
 */

#include <time.h>

/* 0 or -errno (timer_create(2)). */
int deadline_start(time_t seconds, timer_t *ret);

/* The same with another signal, for who has something to say before that. */
int deadline_warn(time_t seconds, int sig, timer_t *ret);

void deadline_stop(timer_t deadline);
