/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Sockets of threads. Whose descriptor has which number depends on the thread, and before Linux 6.9
 * only whole processes have pidfds.
 *
 *	thread shared|own|orphan PLACE
 */

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attack.h"

struct attempt {
	const struct place *place;
	int fd;     /* the leader's socket */
	int result; /* how the thread's connect went: 0 or errno */
};

static void try_connect(struct attempt *attempt, int fd)
{
	const struct place *place = attempt->place;
	int r = connect(fd, (const struct sockaddr *)&place->address, place->length);

	attempt->result = r < 0 ? errno : 0;
}

static int outcome(const struct attempt *attempt)
{
	errno = attempt->result;
	return errno ? stopped_by("connect") : succeeded("connected");
}

static bool is_connected(int fd)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);

	return getpeername(fd, (struct sockaddr *)&address, &length) == 0;
}

static void run_thread(void *(*body)(void *), struct attempt *attempt)
{
	pthread_t thread;

	attempt->fd = place_socket(attempt->place, SOCK_STREAM);
	need(attempt->fd >= 0, "socket");
	need(pthread_create(&thread, NULL, body, attempt) == 0, "pthread_create");
	pthread_join(thread, NULL);
}

static void *connect_shared(void *arg)
{
	struct attempt *attempt = arg;

	try_connect(attempt, attempt->fd);
	return NULL;
}

static int shared(char **args)
{
	struct place place = place_parse(args[0]);
	struct attempt attempt = {.place = &place};

	run_thread(connect_shared, &attempt);
	if (attempt.result == 0 && !is_connected(attempt.fd))
		return stopped("another socket was connected");
	return outcome(&attempt);
}

static void *connect_own(void *arg)
{
	struct attempt *attempt = arg;
	int fd;

	need(unshare(CLONE_FILES) == 0, "unshare");
	fd = dup2(place_socket(attempt->place, SOCK_STREAM), attempt->fd);
	need(fd == attempt->fd, "dup2");
	try_connect(attempt, fd);
	if (attempt->result == 0 && !is_connected(fd))
		attempt->result = ENOTCONN;
	return NULL;
}

/* The leader's socket of the same number is another one, which nobody asked to connect. */
static int own(char **args)
{
	struct place place = place_parse(args[0]);
	struct attempt attempt = {.place = &place};

	run_thread(connect_own, &attempt);
	if (is_connected(attempt.fd))
		return stopped("another socket was connected");
	return outcome(&attempt);
}

static bool leader_is_gone(void)
{
	char path[64], line[256];
	const char *state = NULL;
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", (int)getpid());
	stat = fopen(path, "r");
	need(stat, path);
	if (fgets(line, sizeof(line), stat))
		state = strrchr(line, ')');
	fclose(stat);
	return state && strncmp(state, ") Z", 3) == 0;
}

static void *connect_orphaned(void *arg)
{
	struct attempt *attempt = arg;

	while (!leader_is_gone())
		usleep(1000);
	try_connect(attempt, attempt->fd);
	exit(outcome(attempt));
}

/* Its thread lives on when the leader has ended. */
static int orphan(char **args)
{
	static struct place place;
	static struct attempt attempt = {.place = &place};
	pthread_t thread;

	place = place_parse(args[0]);
	attempt.fd = place_socket(&place, SOCK_STREAM);
	need(attempt.fd >= 0, "socket");
	need(pthread_create(&thread, NULL, connect_orphaned, &attempt) == 0, "pthread_create");
	pthread_exit(NULL);
}

static const struct trick tricks[] = {
	{"shared", shared, 1},
	{"own", own, 1},
	{"orphan", orphan, 1},
};

int main(int argc, char **argv)
{
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}
