/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Abstract UNIX sockets of the session's own, which it may reach whatever others do with the name.
 * "succeeded" is what is to be: the opposite of an attack.
 *
 *	abstract-own squat TYPE NAME	somebody else: has the name and stays; "./@x" is a file
 *	abstract-own reach TYPE NAME	binds the name, and reaches it
 *	abstract-own served NAME	waits for a place in a full queue, and gets it
 *	abstract-own deserted NAME	does so, and the server is killed
 */

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "attack.h"

/* Longer than an act waits before it looks again. */
#define LONG_SECONDS 3

static int bound(const char *name, int type)
{
	struct place place = place_parse(name[0] == '.' ? name + 2 : name);
	struct sockaddr_un *un = (struct sockaddr_un *)&place.address;
	int fd = place_socket(&place, type);

	if (name[0] == '.')
		un->sun_path[0] = '@';
	need(fd >= 0, "socket");
	need(bind(fd, (const struct sockaddr *)un, place.length) == 0, name);
	if (type != SOCK_DGRAM)
		need(listen(fd, 0) == 0, "listen");
	return fd;
}

static int reach_once(const char *name, int type)
{
	struct place place = place_parse(name);
	int fd = place_socket(&place, type);

	need(fd >= 0, "socket");
	return connect(fd, (const struct sockaddr *)&place.address, place.length);
}

static int squat(char **args)
{
	bound(args[1], type_parse(args[0]));
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
	return UNTRIED;
}

static int reach(char **args)
{
	int type = type_parse(args[0]);

	bound(args[1], type);
	return reach_once(args[1], type) < 0 ? stopped_by("reaching it") : succeeded("reached");
}

/* A server whose queue is full: after a while it accepts all, or is killed. */
static pid_t server(const char *name, bool accepts)
{
	int ready[2];
	char byte;
	pid_t pid;

	need(pipe(ready) == 0, "pipe");
	pid = fork();
	need(pid >= 0, "fork");
	if (pid == 0) {
		int listener = bound(name, SOCK_STREAM);

		need(write(ready[1], "x", 1) == 1, "write");
		sleep(LONG_SECONDS);
		while (accepts && accept(listener, NULL, NULL) >= 0)
			;
		raise(SIGKILL);
	}
	need(read(ready[0], &byte, 1) == 1, "read");
	need(reach_once(name, SOCK_STREAM) == 0, "the first connection");
	return pid;
}

static int served(char **args)
{
	pid_t pid = server(args[0], true);
	int r = reach_once(args[0], SOCK_STREAM);

	kill(pid, SIGKILL);
	return r < 0 ? stopped_by("reaching it") : succeeded("reached");
}

static int deserted(char **args)
{
	server(args[0], false);
	if (reach_once(args[0], SOCK_STREAM) == 0)
		return stopped("reached nobody");
	return errno == ECONNREFUSED ? succeeded("told") : stopped_by("reaching it");
}

static const struct trick tricks[] = {
	{"squat", squat, 2},
	{"reach", reach, 2},
	{"served", served, 1},
	{"deserted", deserted, 1},
};

int main(int argc, char **argv)
{
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}
