/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What the bench programs share. A variant is one way to log in; each has a process of its own, and
 * the rounds go through all of them in turn, so that the machine's moods hit all alike.
 */

#include <pwd.h>
#include <security/pam_appl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#define VARIANTS_MAX  8
#define BENCH_SERVICE "su" /* a file of this name in the variant's folder of PAM services */

struct variant {
	const char *name;
	const char *confdir; /* "-": no PAM at all */
	const char *user;
	pid_t pid;
	int commands, results; /* pipes to its process */
};

/* "NAME:CONFDIR:USER" words. Ends the program when one is not. Returns how many. */
size_t variants_parse(char **words, struct variant ret[VARIANTS_MAX]);

/* Starts its process, which runs serve() on its ends of the pipes and then exits. */
typedef void serve_fn(const struct variant *variant, int commands, int results);
void variant_start(struct variant *variant, serve_fn *serve);

/*
 * Lets the processes end, to which the pipe's end is the sign, and waits for them: the last first,
 * because later ones hold copies of the earlier pipes.
 */
void variants_end(struct variant *variants, size_t n);

/* Opens and closes a session; without PAM nothing is done. Ends the program on failure. */
pam_handle_t *session_start(const struct variant *variant);
void session_open(pam_handle_t *handle);
void session_close(pam_handle_t *handle);
void session_end(pam_handle_t *handle);

/* In the forked child: the credentials of the user. */
void session_become(const struct passwd *pw);
const struct passwd *session_user(const struct variant *variant);

/*
 * Opens the variant's session, runs inside() in it as the user, and closes it when that has
 * returned.
 */
typedef void inside_fn(int commands, int results);
void session_serve(const struct variant *variant, int commands, int results, inside_fn *inside);

/* A listener that anybody may connect to. */
int listener_open(const struct sockaddr *address, socklen_t length);

/* A process that takes and drops the listeners' connections until it is killed. */
pid_t drain_start(const int *listeners, size_t n);

uint64_t nanoseconds(void);
void transfer_in(int fd, void *bytes, size_t size);
void transfer_out(int fd, const void *bytes, size_t size);

/* Sorts in place. */
double median(double *values, size_t n);
double percentile(double *values, size_t n, unsigned percent);

void need(int ok, const char *what);

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
