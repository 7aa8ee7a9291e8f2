/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Endings and addresses for the attack programs. */

#include "attack.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

__attribute__((format(printf, 2, 0))) static void result(
	const char *word, const char *format, va_list args)
{
	printf("result: %s: ", word);
	vprintf(format, args);
	putchar('\n');
	fflush(stdout);
}

#define ENDING(name, code)                                                                         \
	int name(const char *format, ...)                                                          \
	{                                                                                          \
		va_list args;                                                                      \
		va_start(args, format);                                                            \
		result(#name, format, args);                                                       \
		va_end(args);                                                                      \
		return code;                                                                       \
	}

ENDING(succeeded, SUCCEEDED)
ENDING(stopped, STOPPED)
ENDING(untried, UNTRIED)

int stopped_by(const char *call)
{
	return stopped("%s: %s", call, strerror(errno));
}

void need(bool ok, const char *what)
{
	if (!ok)
		exit(untried("%s: %s", what, strerror(errno)));
}

static struct place place_unix(const char *text)
{
	struct place place = {0};
	struct sockaddr_un *un = (struct sockaddr_un *)&place.address;
	size_t length = strlen(text);

	if (length >= sizeof(un->sun_path))
		exit(untried("%s: too long for a socket address", text));
	un->sun_family = AF_UNIX;
	memcpy(un->sun_path, text, length);
	place.length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	if (text[0] == '@')
		un->sun_path[0] = '\0';
	else
		place.length++;
	return place;
}

static struct place place_inet(char *host, const char *port)
{
	struct place place = {0};
	struct sockaddr_in *in = (struct sockaddr_in *)&place.address;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&place.address;
	size_t length = strlen(host);
	in_port_t number = htons((in_port_t)atoi(port));

	if (host[0] == '[' && host[length - 1] == ']') {
		host[length - 1] = '\0';
		in6->sin6_family = AF_INET6;
		in6->sin6_port = number;
		place.length = sizeof(*in6);
		if (inet_pton(AF_INET6, host + 1, &in6->sin6_addr) != 1)
			place.length = 0;
	} else {
		in->sin_family = AF_INET;
		in->sin_port = number;
		place.length = sizeof(*in);
		if (inet_pton(AF_INET, host, &in->sin_addr) != 1)
			place.length = 0;
	}
	return place;
}

struct place place_parse(const char *text)
{
	char host[256];
	const char *colon = strrchr(text, ':');
	struct place place;

	if (text[0] == '/' || text[0] == '@' || text[0] == '.')
		return place_unix(text);
	if (!colon || (size_t)(colon - text) >= sizeof(host))
		exit(untried("%s: no address", text));
	memcpy(host, text, (size_t)(colon - text));
	host[colon - text] = '\0';
	place = place_inet(host, colon + 1);
	if (place.length == 0)
		exit(untried("%s: no address", text));
	return place;
}

int type_parse(const char *word)
{
	static const struct {
		const char *word;
		int type;
	} types[] = {{"stream", SOCK_STREAM}, {"seqpacket", SOCK_SEQPACKET}, {"dgram", SOCK_DGRAM}};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(word, types[i].word) == 0)
			return types[i].type;
	exit(untried("%s: no type of socket", word));
}

int place_socket(const struct place *place, int type)
{
	return socket(place->address.ss_family, type | SOCK_CLOEXEC, 0);
}

int place_connect(const struct place *place, int type)
{
	const struct linger now = {.l_onoff = 1};
	int fd = place_socket(place, type), r, saved;

	if (fd < 0)
		return -1;
	if (place->address.ss_family != AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	r = connect(fd, (const struct sockaddr *)&place->address, place->length);
	saved = errno;
	close(fd);
	errno = saved;
	return r;
}

int trick_run(const struct trick *tricks, size_t n, int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < n; i++)
		if (strcmp(argv[1], tricks[i].name) == 0 && argc - 2 >= tricks[i].n_args)
			return tricks[i].run(argv + 2);
	for (size_t i = 0; i < n; i++)
		fprintf(stderr, "%s: %s, %d words\n", argv[0], tricks[i].name, tricks[i].n_args);
	return untried("no such trick, or words missing");
}

void wait_for_file(const char *path)
{
	const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};

	for (int i = 0; i < 1500; i++) {
		if (access(path, F_OK) == 0)
			return;
		nanosleep(&pause, NULL);
	}
	exit(untried("%s did not appear", path));
}
