/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Work that is done beside the main thread's while a session opens, so that a login waits for the
 * longer of the two only. It is over before the process forks.
 */

#include <pthread.h>
#include <stdbool.h>

typedef void aside_work_fn(void *userdata);

struct aside {
	aside_work_fn *work;
	void *userdata;
	pthread_t thread;
	bool running;
};

/* `work` has userdata for itself until aside_join(). */
void aside_start(struct aside *aside, aside_work_fn *work, void *userdata);

/* Waits for the work, or does it where no thread could be had. */
void aside_join(struct aside *aside);
