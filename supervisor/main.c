/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * sandlock-supervisor: started by the module (never by hand), once per session. The handshake
 * makes the session, the monitor sees it through, the keeper waits for the monitor.
 */

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "config.h"
#include "deadline.h"
#include "handshake.h"
#include "journal.h"
#include "keeper.h"
#include "monitor.h"
#include "request.h"
#include "supervisor.h"

/* The worker's parked connections and what its flights hold; the monitor needs a handful. */
#define SUPERVISOR_FILES 8192

/* The login gives up after 5 s without an answer. */
#define OPENING_SECONDS 10

/*
 * A session scope that is being stopped sends these to everything in it. We end with the session's
 * last process, not before.
 */
static const int ignored_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGTSTP};

/* What a login program leaves behind in a process is not what a supervisor should run with. */
static int reset_process(void)
{
	const struct rlimit no_core = {0, 0};
	struct rlimit files;
	int r;

	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	for (size_t i = 0; i < ARRAY_SIZE(ignored_signals); i++)
		signal(ignored_signals[i], SIG_IGN);
	r = request_prepare();
	if (r < 0)
		return r;
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || setrlimit(RLIMIT_CORE, &no_core) < 0)
		return -errno;
	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return -errno;
	if (files.rlim_max > SUPERVISOR_FILES)
		files.rlim_max = SUPERVISOR_FILES;
	files.rlim_cur = files.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &files) < 0)
		return -errno;
	umask(077);
	/*
	 * A second arena, for a thread that soon ends, would be memory lost to every session. An
	 * allocator that knows no arenas (a sanitizer's) says so, and nothing is lost.
	 */
	mallopt(M_ARENA_MAX, 1);
	return 0;
}

static int answer(struct supervisor *supervisor, int policy)
{
	timer_t deadline;
	int r = deadline_start(OPENING_SECONDS, &deadline);

	if (r < 0)
		return r;
	r = handshake_answer(supervisor, policy);
	deadline_stop(deadline);
	return r;
}

/* Returns in the monitor; its parent, the keeper, knows the session only by its HELLO. */
static int open_session(struct supervisor *supervisor)
{
	int policy = -1, r = handshake_receive(supervisor, &policy);

	if (r == 0 && supervisor->privileged)
		r = keeper_split(supervisor);
	if (r == 0)
		r = answer(supervisor, policy);
	fd_close(policy);
	return r;
}

int main(int argc, char **argv)
{
	struct supervisor supervisor = {
		.channel = WIRE_SUPERVISOR_FD, .mark = -EPERM, .keeper = -1};
	int r;

	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		puts("sandlock-supervisor " SANDLOCK_VERSION);
		return 0;
	}
	r = reset_process();
	if (r < 0)
		return 1;
	supervisor.privileged = geteuid() == 0;
	r = open_session(&supervisor);
	if (r == 0)
		r = monitor_run(&supervisor);
	journal_finish();
	return r < 0 ? 1 : 0;
}
