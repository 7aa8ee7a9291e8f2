/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A second thread changes what a path leads to while a connect(2) or a datagram to the socket there
 * is being decided.
 *
 *	path-race link|folder|exchange stream|dgram FORBIDDEN FOLDER TRIES
 *
 * FOLDER is the user's; it holds the allowed socket: `allowed` for link; one of FORBIDDEN's name
 * for folder; for exchange that one is in FOLDER/real. Who got it is for the witness to say: both
 * sockets are the same to us.
 */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attack.h"

#define PATH_MAX_HERE 100 /* a socket's address takes no more */

static const char *forbidden, *folder, *base;
static char forbidden_folder[PATH_MAX_HERE];
static atomic_bool over;

static const char *in_folder(char path[PATH_MAX_HERE], const char *first, const char *second)
{
	int n = snprintf(
		path, PATH_MAX_HERE, "%s/%s%s%s", folder, first, *second ? "/" : "", second);

	need(n < PATH_MAX_HERE, "a path that fits");
	return path;
}

static void point_at(const char *link, const char *target)
{
	char draft[PATH_MAX_HERE];

	in_folder(draft, "draft", "");
	unlink(draft);
	if (symlink(target, draft) == 0)
		rename(draft, link);
}

static void *swap_link(void *link)
{
	char allowed[PATH_MAX_HERE];

	in_folder(allowed, "allowed", "");
	while (!atomic_load(&over)) {
		point_at(link, forbidden);
		point_at(link, allowed);
	}
	return NULL;
}

/* The last folder of the path is the link; both folders have a socket of the same name. */
static void *swap_folder(void *path)
{
	char door[PATH_MAX_HERE];

	in_folder(door, "door", "");
	while (!atomic_load(&over)) {
		point_at(door, forbidden_folder);
		point_at(door, folder);
	}
	return path;
}

/* A folder with a socket and one with a symlink of that name change places, again and again. */
static void *exchange_folders(void *path)
{
	char real[PATH_MAX_HERE], false_one[PATH_MAX_HERE], link[PATH_MAX_HERE];

	in_folder(real, "real", "");
	in_folder(false_one, "false", "");
	in_folder(link, "false", base);
	need(mkdir(false_one, 0700) == 0 || errno == EEXIST, "mkdir");
	need(symlink(forbidden, link) == 0 || errno == EEXIST, "symlink");
	while (!atomic_load(&over))
		renameat2(AT_FDCWD, real, AT_FDCWD, false_one, RENAME_EXCHANGE);
	return path;
}

static bool try_stream(int fd, const struct place *place)
{
	return place_connect(place, SOCK_STREAM) == 0;
}

static bool try_dgram(int fd, const struct place *place)
{
	static char letter[] = "out of the cage";

	return sendto(fd, letter, sizeof(letter), MSG_DONTWAIT,
		       (const struct sockaddr *)&place->address, place->length) >= 0;
}

static int race(const char *path, void *(*swapper)(void *),
	bool (*attempt)(int fd, const struct place *place), long tries)
{
	struct place place = place_parse(path);
	int fd = place_socket(&place, SOCK_DGRAM);
	pthread_t thread;
	long good = 0;

	need(fd >= 0, "socket");
	need(pthread_create(&thread, NULL, swapper, (void *)path) == 0, "pthread_create");
	for (long i = 0; i < tries; i++)
		good += attempt(fd, &place);
	atomic_store(&over, true);
	pthread_join(thread, NULL);
	if (good == 0)
		return untried("not one of %ld tries came through", tries);
	return stopped("%ld of %ld came through; where to, the witness knows", good, tries);
}

static const struct way {
	const char *name, *first; /* within FOLDER, and whether the socket's name follows */
	bool with_base;
	void *(*swapper)(void *path);
} ways[] = {
	{"link", "link", false, swap_link},
	{"folder", "door", true, swap_folder},
	{"exchange", "real", true, exchange_folders},
};

int main(int argc, char **argv)
{
	char path[PATH_MAX_HERE];

	if (argc != 6)
		return untried("usage: path-race WAY stream|dgram FORBIDDEN FOLDER TRIES");
	forbidden = argv[3];
	folder = argv[4];
	base = strrchr(forbidden, '/') + 1;
	snprintf(forbidden_folder, sizeof(forbidden_folder), "%.*s", (int)(base - forbidden - 1),
		forbidden);
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		if (strcmp(argv[1], ways[i].name) == 0)
			return race(in_folder(path, ways[i].first, ways[i].with_base ? base : ""),
				ways[i].swapper,
				strcmp(argv[2], "dgram") == 0 ? try_dgram : try_stream,
				atol(argv[5]));
	return untried("%s: no such way", argv[1]);
}
