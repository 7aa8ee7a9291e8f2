/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One thread for one piece of work. */

#include "aside.h"

#define STACK_SIZE (256 * 1024) /* NSS modules want room */

static void *run(void *userdata)
{
	struct aside *aside = userdata;

	aside->work(aside->userdata);
	return NULL;
}

void aside_start(struct aside *aside, aside_work_fn *work, void *userdata)
{
	pthread_attr_t attributes;

	*aside = (struct aside){.work = work, .userdata = userdata};
	if (pthread_attr_init(&attributes) != 0)
		return;
	if (pthread_attr_setstacksize(&attributes, STACK_SIZE) == 0)
		aside->running = pthread_create(&aside->thread, &attributes, run, aside) == 0;
	pthread_attr_destroy(&attributes);
}

void aside_join(struct aside *aside)
{
	if (aside->running)
		pthread_join(aside->thread, NULL);
	else
		run(aside);
}
