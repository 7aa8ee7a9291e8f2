/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sessions, pipes and medians for the bench programs. */

#include "bench.h"

#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void need(int ok, const char *what)
{
	if (!ok) {
		perror(what);
		exit(2);
	}
}

static void variant_parse(char *word, struct variant *ret)
{
	char *first = strchr(word, ':'), *second = first ? strchr(first + 1, ':') : NULL;

	if (!second) {
		fprintf(stderr, "%s: not NAME:CONFDIR:USER\n", word);
		exit(2);
	}
	*first = *second = '\0';
	*ret = (struct variant){.name = word, .confdir = first + 1, .user = second + 1};
}

size_t variants_parse(char **words, struct variant ret[VARIANTS_MAX])
{
	size_t n = 0;

	for (; words[n] && n < VARIANTS_MAX; n++)
		variant_parse(words[n], &ret[n]);
	return n;
}

void variant_start(struct variant *variant, serve_fn *serve)
{
	int commands[2], results[2];

	need(pipe(commands) == 0 && pipe(results) == 0, "pipe");
	variant->pid = fork();
	need(variant->pid >= 0, "fork");
	if (variant->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(commands[1]);
		close(results[0]);
		serve(variant, commands[0], results[1]);
		exit(0);
	}
	close(commands[0]);
	close(results[1]);
	variant->commands = commands[1];
	variant->results = results[0];
}

static void variant_end(const struct variant *variant)
{
	int status;

	close(variant->commands);
	close(variant->results);
	need(waitpid(variant->pid, &status, 0) == variant->pid && status == 0, variant->name);
}

void variants_end(struct variant *variants, size_t n)
{
	while (n-- > 0)
		variant_end(&variants[n]);
}

static int no_conversation(
	int n, const struct pam_message **messages, struct pam_response **responses, void *data)
{
	for (int i = 0; i < n; i++)
		fprintf(stderr, "%s\n", messages[i]->msg);
	*responses = calloc((size_t)n, sizeof(**responses));
	return *responses ? PAM_SUCCESS : PAM_BUF_ERR;
}

pam_handle_t *session_start(const struct variant *variant)
{
	static const struct pam_conv conversation = {no_conversation, NULL};
	pam_handle_t *handle = NULL;

	if (strcmp(variant->confdir, "-") == 0)
		return NULL;
	need(pam_start_confdir(BENCH_SERVICE, variant->user, &conversation, variant->confdir,
		     &handle) == PAM_SUCCESS,
		"pam_start_confdir");
	return handle;
}

void session_open(pam_handle_t *handle)
{
	int r = handle ? pam_open_session(handle, 0) : PAM_SUCCESS;

	if (r != PAM_SUCCESS) {
		fprintf(stderr, "pam_open_session: %s\n", pam_strerror(handle, r));
		exit(2);
	}
}

void session_close(pam_handle_t *handle)
{
	if (handle)
		need(pam_close_session(handle, 0) == PAM_SUCCESS, "pam_close_session");
}

void session_end(pam_handle_t *handle)
{
	if (handle)
		pam_end(handle, PAM_SUCCESS);
}

const struct passwd *session_user(const struct variant *variant)
{
	const struct passwd *pw = getpwnam(variant->user);

	need(pw != NULL, variant->user);
	return pw;
}

void session_become(const struct passwd *pw)
{
	need(setgroups(1, &pw->pw_gid) == 0, "setgroups");
	need(setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) == 0, "setresgid");
	need(setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid) == 0, "setresuid");
}

void session_serve(const struct variant *variant, int commands, int results, inside_fn *inside)
{
	const struct passwd *pw = session_user(variant);
	pam_handle_t *handle = session_start(variant);
	int status;
	pid_t child;

	session_open(handle);
	child = fork();
	need(child >= 0, "fork");
	if (child == 0) {
		session_become(pw);
		inside(commands, results);
		_exit(0);
	}
	need(waitpid(child, &status, 0) == child && status == 0, variant->name);
	session_close(handle);
	session_end(handle);
}

int listener_open(const struct sockaddr *address, socklen_t length)
{
	const int on = 1;
	int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	need(fd >= 0, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	need(bind(fd, address, length) == 0 && listen(fd, 1024) == 0, "listen");
	if (address->sa_family == AF_UNIX)
		need(chmod(((const struct sockaddr_un *)address)->sun_path, 0666) == 0, "chmod");
	return fd;
}

#define DRAINED_MAX 4

pid_t drain_start(const int *listeners, size_t n)
{
	struct pollfd polls[DRAINED_MAX];
	pid_t pid = fork();

	need(pid >= 0 && n <= DRAINED_MAX, "fork");
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < n; i++)
		polls[i] = (struct pollfd){.fd = listeners[i], .events = POLLIN};
	while (poll(polls, (nfds_t)n, -1) > 0)
		for (size_t i = 0; i < n; i++)
			if (polls[i].revents)
				close(accept(polls[i].fd, NULL, NULL));
	_exit(1);
}

uint64_t nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

void transfer_in(int fd, void *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t n = read(fd, (char *)bytes + done, size - done);

		need(n > 0, "a variant's process has ended");
		done += (size_t)n;
	}
}

void transfer_out(int fd, const void *bytes, size_t size)
{
	need(write(fd, bytes, size) == (ssize_t)size, "write");
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

double percentile(double *values, size_t n, unsigned percent)
{
	qsort(values, n, sizeof(*values), compare);
	return values[(n - 1) * percent / 100];
}

double median(double *values, size_t n)
{
	return percentile(values, n, 50);
}
