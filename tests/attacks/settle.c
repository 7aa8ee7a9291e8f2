/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The signal is let in during the poll only: none gets lost before it. */

#include "settle.h"

#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "attack.h"

static volatile sig_atomic_t asked;

static void ask(int signal)
{
	asked = 1;
}

void settle_prepare(void)
{
	const struct sigaction action = {.sa_handler = ask};
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	need(sigprocmask(SIG_BLOCK, &blocked, NULL) == 0, "sigprocmask");
	need(sigaction(SIGUSR1, &action, NULL) == 0, "sigaction");
}

int settle_poll(struct pollfd *polls, nfds_t n, int log_fd)
{
	static const char line[] = "settled\n";
	const struct timespec at_once = {0};
	sigset_t open;

	sigemptyset(&open);
	for (;;) {
		int ready = ppoll(polls, n, asked ? &at_once : NULL, &open);

		if (ready > 0 || (ready < 0 && errno != EINTR))
			return ready;
		if (ready < 0)
			continue;
		asked = 0;
		need(write(log_fd, line, sizeof(line) - 1) == sizeof(line) - 1, "log");
	}
}
