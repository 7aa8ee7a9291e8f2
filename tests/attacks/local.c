/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * UNIX sockets of others: the bus of the user's systemd will start anything, unconfined. Reached
 * by its path and by every way round the path; path-race.c races.
 *
 *	local TRICK PLACE [ARGS]
 */

#include <fcntl.h>
#include <stdio.h>
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
};

int main(int argc, char **argv)
{
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}
