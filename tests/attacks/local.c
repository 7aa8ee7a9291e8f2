/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * UNIX sockets of others: the bus of the user's systemd will start anything, unconfined. Reached
 * by its path, by every way round the path, and by races on the path.
 *
 *	local TRICK PLACE [ARGS]
 */

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "attack.h"

static int outcome(const struct place *place, int type)
{
	if (place_connect(place, type) < 0)
		return stopped_by("connect");
	return succeeded("connected");
}

static int stream(char **args)
{
	struct place place = place_parse(args[0]);

	return outcome(&place, SOCK_STREAM);
}

static int seqpacket(char **args)
{
	struct place place = place_parse(args[0]);

	return outcome(&place, SOCK_SEQPACKET);
}

/* The length ends with the last letter of the path: no NUL behind it. */
static int unterminated(char **args)
{
	struct place place = place_parse(args[0]);

	place.length--;
	return outcome(&place, SOCK_STREAM);
}

static int prefixed(const char *prefix, const char *path)
{
	char whole[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	struct place place;

	if (snprintf(whole, sizeof(whole), "%s%s", prefix, path) >= (int)sizeof(whole))
		return untried("%s%s: too long", prefix, path);
	place = place_parse(whole);
	return outcome(&place, SOCK_STREAM);
}

static int self_root(char **args)
{
	return prefixed("/proc/self/root", args[0]);
}

static int o_path(char **args)
{
	char link[64];
	int fd = open(args[0], O_PATH);

	if (fd < 0)
		return stopped_by("open O_PATH");
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	return prefixed("", link);
}

/* A folder's descriptor instead of its name: /proc/self/fd/N/bus. */
static int folder_fd(char **args)
{
	char *slash = strrchr(args[0], '/'), name[128], link[64];
	int fd;

	snprintf(name, sizeof(name), "%s", slash);
	*slash = '\0';
	fd = open(args[0], O_PATH | O_DIRECTORY);
	if (fd < 0)
		return stopped_by("open O_PATH");
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	return prefixed(link, name);
}

static int relative(char **args)
{
	char *slash = strrchr(args[0], '/'), name[64];

	snprintf(name, sizeof(name), ".%s", slash);
	*slash = '\0';
	if (chdir(args[0]) < 0)
		return stopped_by("chdir");
	return prefixed("", name);
}

/* args: PLACE LINK, where the user may make links. */
static int by_symlink(char **args)
{
	unlink(args[1]);
	if (symlink(args[0], args[1]) < 0)
		return stopped_by("symlink");
	return prefixed("", args[1]);
}

static int by_link(char **args)
{
	unlink(args[1]);
	if (link(args[0], args[1]) < 0)
		return stopped_by("link");
	return prefixed("", args[1]);
}

static int by_rename(char **args)
{
	if (rename(args[0], args[1]) < 0)
		return stopped_by("rename");
	return prefixed("", args[1]);
}

/* Races: args are FORBIDDEN FOLDER TRIES; an allowed socket lies at FOLDER/allowed. */

struct race {
	const char *forbidden, *folder;
	char name[64], link[64], draft[64];
	atomic_bool over;
};

static void point_at(struct race *race, const char *target)
{
	unlink(race->draft);
	if (symlink(target, race->draft) == 0)
		rename(race->draft, race->link);
}

static void *swap_link(void *arg)
{
	struct race *race = arg;
	char allowed[128];

	snprintf(allowed, sizeof(allowed), "%s/allowed", race->folder);
	while (!atomic_load(&race->over)) {
		point_at(race, race->forbidden);
		point_at(race, allowed);
	}
	return NULL;
}

/* The last folder of the path is the link; both folders have a socket of the same name. */
static void *swap_folder(void *arg)
{
	struct race *race = arg;
	char folder[128];

	snprintf(folder, sizeof(folder), "%s", race->forbidden);
	*strrchr(folder, '/') = '\0';
	while (!atomic_load(&race->over)) {
		point_at(race, folder);
		point_at(race, race->folder);
	}
	return NULL;
}

/* Who is at the other end is for the witness to say: both are the same to us. */
static int race_run(struct race *race, void *(*swapper)(void *), long tries)
{
	struct place place = place_parse(race->name);
	pthread_t thread;
	long good = 0;

	need(pthread_create(&thread, NULL, swapper, race) == 0, "pthread_create");
	for (long i = 0; i < tries; i++)
		good += place_connect(&place, SOCK_STREAM) == 0;
	atomic_store(&race->over, true);
	pthread_join(thread, NULL);
	if (good == 0)
		return untried("not one of %ld connections came about", tries);
	return stopped("%ld of %ld connected; where to, the witness knows", good, tries);
}

static int link_race(char **args)
{
	struct race race = {.forbidden = args[0], .folder = args[1]};

	snprintf(race.link, sizeof(race.link), "%s/link", args[1]);
	snprintf(race.draft, sizeof(race.draft), "%s/draft", args[1]);
	snprintf(race.name, sizeof(race.name), "%s", race.link);
	return race_run(&race, swap_link, atol(args[2]));
}

static int folder_race(char **args)
{
	struct race race = {.forbidden = args[0], .folder = args[1]};

	snprintf(race.link, sizeof(race.link), "%s/door", args[1]);
	snprintf(race.draft, sizeof(race.draft), "%s/draft", args[1]);
	snprintf(race.name, sizeof(race.name), "%s%s", race.link, strrchr(args[0], '/'));
	return race_run(&race, swap_folder, atol(args[2]));
}

static const struct trick tricks[] = {
	{"stream", stream, 1},
	{"seqpacket", seqpacket, 1},
	{"unterminated", unterminated, 1},
	{"self-root", self_root, 1},
	{"o-path", o_path, 1},
	{"folder-fd", folder_fd, 1},
	{"relative", relative, 1},
	{"symlink", by_symlink, 2},
	{"link", by_link, 2},
	{"rename", by_rename, 2},
	{"link-race", link_race, 3},
	{"folder-race", folder_race, 3},
};

int main(int argc, char **argv)
{
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}
