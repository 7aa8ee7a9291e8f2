/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* timer_create(2), with a signal that nothing can hold back or another one. */

#include "deadline.h"

#include <errno.h>
#include <signal.h>

int deadline_warn(time_t seconds, int sig, timer_t *ret)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = sig};
	const struct itimerspec once = {.it_value.tv_sec = seconds};
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0)
		return -errno;
	if (timer_settime(timer, 0, &once, NULL) < 0) {
		int r = -errno;

		timer_delete(timer);
		return r;
	}
	*ret = timer;
	return 0;
}

int deadline_start(time_t seconds, timer_t *ret)
{
	return deadline_warn(seconds, SIGKILL, ret);
}

void deadline_stop(timer_t deadline)
{
	timer_delete(deadline);
}
