/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What the attack programs share: how they end, where they aim. An attack ends with 0 when it
 * SUCCEEDED, 1 when it was stopped, 2 when it could not be tried here (and says what is missing);
 * the last line it prints is "result: ...". What the world outside saw counts more than either.
 */

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

enum { SUCCEEDED = 0, STOPPED = 1, UNTRIED = 2 };

int succeeded(const char *format, ...) __attribute__((format(printf, 1, 2)));
int stopped(const char *format, ...) __attribute__((format(printf, 1, 2)));
int untried(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Stopped, by the call named and errno. */
int stopped_by(const char *call);

/* Ends the program as untried when a step that no confinement should refuse fails. */
void need(bool ok, const char *what);

struct place {
	struct sockaddr_storage address;
	socklen_t length;
};

/* "1.2.3.4:80", "[::1]:80", "/a/path", "@abstract". Ends the program when it is none of these. */
struct place place_parse(const char *text);

/* "stream", "seqpacket" or "dgram". Ends the program when it is none of these. */
int type_parse(const char *word);

/* A socket of the place's family. -1 and errno. */
int place_socket(const struct place *place, int type);

/* Connects, and closes without leaving the port in TIME_WAIT. 0 or -1 and errno. */
int place_connect(const struct place *place, int type);

/* The row called `name` of a table of tricks; ends the program with the list when there is none. */
struct trick {
	const char *name;
	int (*run)(char **args); /* NULL-terminated, what follows the name */
	int n_args;              /* how many it needs */
};
int trick_run(const struct trick *tricks, size_t n, int argc, char **argv);

/* Waits up to 30 s until the file exists; ends the program as untried otherwise. */
void wait_for_file(const char *path);

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* What may lie in the high half of an argument that the kernel takes for an int. */
#define JUNK 0x5a5a5a5a00000000ULL
