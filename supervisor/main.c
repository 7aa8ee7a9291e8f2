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
#include "epitaph.h"
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

/* Of an opening; a fork starts without any. */
struct watch {
	struct supervisor *supervisor;
	timer_t deadline, warning;
};

/* What hangs leaves its record when it is told to, or else is killed. */
static int watch_start(struct watch *watch)
{
	int r = deadline_start(OPENING_SECONDS + 1, &watch->deadline);

	if (r < 0)
		return r;
	r = deadline_warn(OPENING_SECONDS, SIGABRT, &watch->warning);
	if (r < 0)
		deadline_stop(watch->deadline);
	return r;
}

static void watch_stop(struct watch *watch)
{
	deadline_stop(watch->warning);
	deadline_stop(watch->deadline);
}

/*
 * There is a policy, and so a session to be kept: returns in the monitor, and only there goes on
 * what is timed. Users without a policy do not wait for a second process.
 */
static int split(void *userdata)
{
	struct watch *watch = userdata;
	struct supervisor *supervisor = watch->supervisor;
	unsigned seconds;
	int r;

	if (!supervisor->privileged || supervisor->keeper >= 0)
		return 0;
	seconds = alarm(0);
	watch_stop(watch);
	epitaph_withdraw();
	r = keeper_split(supervisor);
	if (r == 0)
		r = watch_start(watch);
	if (r < 0)
		return r;
	alarm(seconds);
	return 0;
}

static int answer(struct supervisor *supervisor, int policy)
{
	struct watch watch = {.supervisor = supervisor};
	const struct policy_hook hook = {split, &watch};
	int r = watch_start(&watch);

	if (r < 0)
		return r;
	if (supervisor->privileged)
		epitaph_prepare(&supervisor->hello);
	r = handshake_answer(supervisor, policy, &hook);
	epitaph_withdraw();
	watch_stop(&watch);
	return r;
}

/* Returns in the monitor; its parent, the keeper, knows the session by its HELLO and the user. */
static int open_session(struct supervisor *supervisor)
{
	int policy = -1, r = handshake_receive(supervisor, &policy);

	if (r == 0)
		r = answer(supervisor, policy);
	fd_close(policy);
	return r;
}

static int write_epitaph(const char *signal)
{
	int r = epitaph_write(signal);

	journal_finish();
	return r < 0 ? 1 : 0;
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
	if (argc == 3 && strcmp(argv[1], EPITAPH_OPTION) == 0)
		return write_epitaph(argv[2]);
	r = open_session(&supervisor);
	if (r == 0)
		r = monitor_run(&supervisor);
	journal_finish();
	return r < 0 ? 1 : 0;
}
