/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Every call that the filter of a supervised session denies, one by one, with and without junk in
 * the high halves of its arguments: each gets the errno of its denial, or it has come through.
 *
 *	denials
 *
 * Not as root, who may do what they do: without a filter it would happen to the machine.
 */

#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"
#include "random.h"

#define TURNS 6 /* junk comes every second time, and another bit of several */

/* One call in a child: it may end, or never come back. */
static long answer_of(const struct call *call)
{
	int status, pipes[2];
	long r = 0;
	pid_t child;

	need(pipe(pipes) == 0, "pipe");
	child = fork();
	need(child >= 0, "fork");
	if (child == 0) {
		pid_t self = getpid();

		alarm(2);
		r = random_make(call);
		if (getpid() == self)
			need(write(pipes[1], &r, sizeof(r)) == sizeof(r), "write");
		syscall(SYS_exit_group, 0);
	}
	need(waitpid(child, &status, 0) == child, "waitpid");
	need(fcntl(pipes[0], F_SETFL, O_NONBLOCK) == 0, "fcntl");
	if (read(pipes[0], &r, sizeof(r)) != sizeof(r))
		r = 0; /* nothing that was denied ends a process */
	close(pipes[0]);
	close(pipes[1]);
	return r;
}

static unsigned each_differs(size_t row, uint64_t *state)
{
	struct call call = {.args = {3, 0, 0, 0, 0, 0}};
	long r;

	random_forbid(&call, row, state);
	r = answer_of(&call);
	if (r == -random_denial(&call))
		return 0;
	printf("%ld(%#lx, %#lx, %#lx, %#lx) = %ld, not %d\n", call.number, call.args[0],
		call.args[1], call.args[2], call.args[3], r, -random_denial(&call));
	return 1;
}

int main(void)
{
	uint64_t state = 4711;
	unsigned differ = 0;

	/* Some would work, on the machine that this runs on. */
	if (geteuid() == 0)
		return untried("not as root");

	for (unsigned turn = 0; turn < TURNS; turn++)
		for (size_t row = 0; row < n_random_denials; row++)
			differ += each_differs(row, &state);
	if (differ == 0)
		return stopped("%zu denials, each with its errno", n_random_denials);
	return succeeded("%u of %zu", differ, TURNS * n_random_denials);
}
