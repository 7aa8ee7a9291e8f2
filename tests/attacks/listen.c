/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A door into the session from outside: listens where the rules do not allow it, writes the port
 * to FILE and waits for the driver to come in.
 *
 *	listen unbound|port|zero|any6|mptcp FILE [PORT]
 */

#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attack.h"

/* Whether someone came; the file appears whole, under its name. */
static int wait_at(int fd, const char *file)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	char draft[4096];
	FILE *out;

	need(getsockname(fd, (struct sockaddr *)&address, &length) == 0, "getsockname");
	snprintf(draft, sizeof(draft), "%s.new", file);
	out = fopen(draft, "w");
	need(out, draft);
	/* The port lies at the same place in both families. */
	fprintf(out, "%u\n", ntohs(((struct sockaddr_in *)&address)->sin_port));
	need(fclose(out) == 0 && rename(draft, file) == 0, file);
	if (poll(&wait, 1, 30000) != 1 || accept(fd, NULL, NULL) < 0)
		return stopped("listening, but nobody came");
	return succeeded("someone came in");
}

static int listen_at(int fd, const char *file)
{
	need(fd >= 0, "socket");
	if (listen(fd, 4) < 0)
		return stopped_by("listen");
	return wait_at(fd, file);
}

static int bind_at(int fd, const char *port, const char *file)
{
	struct sockaddr_in address = {.sin_family = AF_INET};

	need(fd >= 0, "socket");
	address.sin_port = htons((in_port_t)atoi(port));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return stopped_by("bind");
	return listen_at(fd, file);
}

static int unbound(char **args)
{
	return listen_at(socket(AF_INET, SOCK_STREAM, 0), args[0]);
}

static int unbound6(char **args)
{
	return listen_at(socket(AF_INET6, SOCK_STREAM, 0), args[0]);
}

static int port(char **args)
{
	return bind_at(socket(AF_INET, SOCK_STREAM, 0), args[1], args[0]);
}

static int zero(char **args)
{
	return bind_at(socket(AF_INET, SOCK_STREAM, 0), "0", args[0]);
}

static int port6(char **args)
{
	struct sockaddr_in6 address = {.sin6_family = AF_INET6};
	int fd = socket(AF_INET6, SOCK_STREAM, 0);

	need(fd >= 0, "socket");
	address.sin6_port = htons((in_port_t)atoi(args[1]));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return stopped_by("bind");
	return listen_at(fd, args[0]);
}

/* connect(2) picks a port; AF_UNSPEC unmakes the connection but a bound port would stay. */
static int after_connect(char **args)
{
	struct place place = place_parse(args[1]);
	struct sockaddr none = {.sa_family = AF_UNSPEC};
	int fd = place_socket(&place, SOCK_STREAM);

	need(fd >= 0, "socket");
	need(connect(fd, (struct sockaddr *)&place.address, place.length) == 0, "connect");
	if (connect(fd, &none, sizeof(none)) < 0)
		return stopped_by("connect AF_UNSPEC");
	return listen_at(fd, args[0]);
}

static int mptcp(char **args)
{
	int fd = socket(AF_INET, SOCK_STREAM, 262);

	if (fd < 0)
		return stopped_by("socket");
	return bind_at(fd, args[1], args[0]);
}

static const struct trick tricks[] = {
	{"unbound", unbound, 1},
	{"unbound6", unbound6, 1},
	{"port", port, 2},
	{"port6", port6, 2},
	{"zero", zero, 1},
	{"after-connect", after_connect, 2},
	{"mptcp", mptcp, 2},
};

int main(int argc, char **argv)
{
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}
