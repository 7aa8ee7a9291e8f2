/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of words, and what they share. */

#include "calls.h"

#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static atomic_int counted;

const char *ended(long result, char buffer[32])
{
	const char *name = result < 0 ? strerrorname_np(errno) : NULL;

	if (result >= 0)
		snprintf(buffer, 32, "%ld", result);
	else if (name)
		snprintf(buffer, 32, "%s", name);
	else
		snprintf(buffer, 32, "errno %d", errno);
	return buffer;
}

void parcel_fill(char *parcel, size_t size, const char *label)
{
	size_t length = strlen(label);

	for (size_t i = 0; i < size; i++)
		parcel[i] = (char)('a' + i % 23);
	memcpy(parcel, label, length < size ? length : size);
	if (length < size)
		parcel[length] = '\n';
}

static void count(int sig)
{
	atomic_fetch_add(&counted, 1);
}

void count_signal(int sig, int flags)
{
	const struct sigaction action = {.sa_handler = count, .sa_flags = flags};

	need(sigaction(sig, &action, NULL) == 0, "sigaction");
}

int signals_counted(void)
{
	return atomic_load(&counted);
}

int wait_for(int fd, short events, int ms)
{
	struct pollfd slot = {.fd = fd, .events = events};
	int r;

	do
		r = poll(&slot, 1, ms);
	while (r < 0 && errno == EINTR);
	return r;
}

long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const char *punctual(long start, long wanted)
{
	long after = now_ms() - start;

	return after < wanted - 20 ? "early" : after > wanted + 1500 ? "late" : "in time";
}

static const struct trick words[] = {
	{"matrix", calls_matrix, 4},
	{"several", calls_several, 3},
	{"sizes", calls_sizes, 5},
	{"vectors", calls_vectors, 2},
	{"pipe", calls_pipe, 1},
	{"again", calls_again, 2},
	{"rights", calls_rights, 0},
	{"rights-by-path", calls_rights_by_path, 1},
	{"credentials", calls_credentials, 0},
	{"silent", calls_silent, 1},
	{"timeout", calls_timeout, 2},
	{"signal", calls_signal, 1},
	{"full", calls_full, 1},
	{"nonblocking", calls_nonblocking, 2},
	{"pairs", calls_pairs, 0},
	{"storm", calls_storm, 3},
	{"parallel", calls_parallel, 3},
	{"flood", calls_flood, 3},
	{"latency", calls_latency, 2},
	{"busy-signals", calls_busy_signals, 1},
};

int main(int argc, char **argv)
{
	return trick_run(words, ARRAY_SIZE(words), argc, argv);
}
