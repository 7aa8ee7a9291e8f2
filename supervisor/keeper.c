/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Splits off, waits, and picks up what is left. */

#include "keeper.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "credentials.h"
#include "journal.h"
#include "mark.h"
#include "record.h"

/* A monitor that is stopped more often is better ended. */
#define STOPS_MAX 100

/* How the monitor ended, by waitid(2). */
struct ending {
	int code, status;
};

static void set_going(struct supervisor *supervisor, unsigned stops)
{
	siginfo_t info;

	/* Takes the state that was only looked at. */
	waitid(P_PID, (id_t)supervisor->monitor, &info, WSTOPPED | WNOHANG);
	if (stops == 1)
		record_failed(supervisor, "the monitor was stopped, and goes on", -EINTR);
	kill(supervisor->monitor, stops > STOPS_MAX ? SIGKILL : SIGCONT);
}

/* Waits for the monitor's end; it stays a zombie, so that records can name it. */
static struct ending wait_for_end(struct supervisor *supervisor)
{
	siginfo_t info = {0};

	for (unsigned stops = 0;;) {
		if (waitid(P_PID, (id_t)supervisor->monitor, &info, WEXITED | WSTOPPED | WNOWAIT) <
			0)
			continue; /* EINTR: it is our child */
		if (info.si_code != CLD_STOPPED)
			return (struct ending){info.si_code, info.si_status};
		set_going(supervisor, ++stops);
	}
}

static void end_session(struct supervisor *supervisor, const struct ending *ending)
{
	const char *how = ending->code == CLD_EXITED ? "exit status" : "killed by signal";
	struct mark mark;
	char what[96];
	int r;

	snprintf(what, sizeof(what), "no monitor (%s %d), the session is ended", how,
		ending->status);
	record_failed(supervisor, what, -EPIPE);
	r = supervisor->mark < 0 ? supervisor->mark : mark_of_fd(supervisor->mark, &mark);
	if (r == 0)
		r = mark_kill(&mark, NULL, NULL);
	if (r < 0)
		record_failed(supervisor, "killing the session's processes", r);
	record_close(supervisor, NULL, "no supervisor");
}

static _Noreturn void keep(struct supervisor *supervisor)
{
	struct ending ending = wait_for_end(supervisor);

	if (ending.code == CLD_EXITED && ending.status == KEEPER_STATUS_TIMEOUT)
		record_refused(supervisor, KEEPER_TEXT_TIMEOUT);
	else if (ending.code != CLD_EXITED || ending.status > KEEPER_STATUS_DONE_MAX)
		end_session(supervisor, &ending);
	journal_finish();
	_exit(0);
}

/* Returns from there with root's credentials, or not at all. */
static int unshare_for(uid_t uid)
{
	int r = credentials_charge(uid);

	if (r < 0)
		return r;
	r = unshare(CLONE_NEWUTS) < 0 ? -errno : 0;
	return credentials_charge_end() < 0 ? -ENOTRECOVERABLE : r;
}

/*
 * The mark is a UTS namespace of the session's own: nothing in it can leave or enter one (the
 * filter sees to that), so it tells the session's processes from all others, however often they
 * fork. Whoever is in it can keep it after the session's end, so it is on the user's account.
 * Returns a descriptor of the namespace that we came from.
 */
static int make_mark(struct supervisor *supervisor)
{
	_cleanup_close_ int before = mark_open(0);
	int r;

	if (before < 0)
		return take_fd(&before);
	r = unshare_for(supervisor->identity.uid);
	if (r < 0)
		return r;
	supervisor->mark = mark_open(0);
	return supervisor->mark < 0 ? supervisor->mark : take_fd(&before);
}

int keeper_split(struct supervisor *supervisor)
{
	_cleanup_close_ int before = make_mark(supervisor);
	_cleanup_close_ int keeper = -1;
	pid_t pid;
	int r;

	if (before == -ENOTRECOVERABLE)
		return before;
	/* Not everywhere may root do that; a session that needs the mark is refused then. */
	if (before < 0)
		supervisor->mark = before;
	keeper = (int)syscall(SYS_pidfd_open, getpid(), 0);
	if (keeper < 0)
		return -errno;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		supervisor->keeper = take_fd(&keeper);
		return 0;
	}
	supervisor->monitor = pid;
	/* Should it fail, we bear the mark: mark_kill() spares who calls it. */
	if (before >= 0)
		setns(before, CLONE_NEWUTS);
	/* The channel by itself, whatever becomes of the rest: its end is the monitor's. */
	supervisor->channel = fd_close(supervisor->channel);
	r = credentials_close_others(supervisor->mark >= 0 ? supervisor->mark : STDERR_FILENO);
	if (r < 0)
		record_failed(supervisor, "closing the keeper's descriptors", r);
	keep(supervisor);
}
