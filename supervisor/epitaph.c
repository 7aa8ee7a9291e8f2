/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From a signal handler to a record. HELLO goes along in a memfd, in the channel's place. */

#include "epitaph.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cleanup.h"
#include "hello.h"
#include "keeper.h"
#include "record.h"

/* Those that a crash raises, where no sanitizer wants them. SIGALRM has its own handler,
 * policies.c. */
static const int signals[] = {
	SIGABRT,
#if !defined(__SANITIZE_ADDRESS__)
	SIGBUS,
	SIGFPE,
	SIGILL,
	SIGSEGV,
	SIGSYS,
#endif
};

/* A stack that has run out is no place for a handler; with room for the largest registers. */
static char stack[64 * 1024];

static const struct wire_hello *whose; /* NULL: nobody's */

/* System calls only; closing the channel tells the login program that there is no answer. */
void epitaph_leave(int sig)
{
	char number[] = {(char)('0' + sig / 10), (char)('0' + sig % 10), '\0'};
	char *const argv[] = {(char *)"sandlock-supervisor", (char *)EPITAPH_OPTION, number, NULL};
	char *const envp[] = {NULL};
	int fd;

	if (!whose)
		return;
	fd = memfd_create("sandlock-hello", MFD_CLOEXEC);
	if (fd >= 0 && write(fd, whose, sizeof(*whose)) == (ssize_t)sizeof(*whose) &&
		dup2(fd, WIRE_SUPERVISOR_FD) >= 0)
		execve("/proc/self/exe", argv, envp);
	_exit(1);
}

static void handle(void (*handler)(int), int flags)
{
	const struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &action, NULL);
}

void epitaph_prepare(const struct wire_hello *hello)
{
	const stack_t aside = {.ss_sp = stack, .ss_size = sizeof(stack)};

	whose = hello;
	sigaltstack(&aside, NULL);
	handle(epitaph_leave, SA_ONSTACK | (int)SA_RESETHAND);
}

void epitaph_withdraw(void)
{
	const stack_t none = {.ss_flags = SS_DISABLE};

	if (!whose)
		return;
	handle(SIG_DFL, 0);
	sigaltstack(&none, NULL);
	whose = NULL;
}

/* As the keeper has it, of a session that never began. */
static void write_records(const struct supervisor *supervisor, int sig)
{
	char what[96];

	if (sig == SIGALRM) {
		record_refused(supervisor, KEEPER_TEXT_TIMEOUT);
		return;
	}
	snprintf(what, sizeof(what), "no monitor (killed by signal %d), the session is ended", sig);
	record_failed(supervisor, what, -EPIPE);
	record_close(supervisor, NULL, "no supervisor");
}

int epitaph_write(const char *signal)
{
	struct supervisor supervisor = {.channel = -1, .mark = -EPERM, .keeper = -1};
	int r = hello_read(WIRE_SUPERVISOR_FD, &supervisor.hello);

	if (r < 0)
		return r;
	session_id_format(supervisor.hello.session, supervisor.id);
	clock_gettime(CLOCK_MONOTONIC, &supervisor.started);
	write_records(&supervisor, atoi(signal));
	return 0;
}
