/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * From a record of the journal to the processes that it is about, without trusting a number that
 * may be somebody else's by now: a pid counts with the time that it was started, and a namespace
 * only while something holds on to it.
 */

#include "ending.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>

#include "cleanup.h"
#include "journal-write.h"
#include "mark.h"
#include "process.h"
#include "str.h"

#define GRACE_MS      5000 /* between the request and the kill */
#define SUPERVISOR_MS 5000 /* for its last record */
#define PAUSE_MS      20

struct ending {
	const struct session *session;
	pid_t supervisor; /* 0: gone */
	int pidfd;        /* of it, or -1 */
	int namespace;    /* held open, so that its number stays its own */
	struct mark mark;
};

#define ENDING_INIT(session) ((struct ending){(session), 0, -1, -1, {0}})

static void ending_done(struct ending *ending)
{
	fd_close(ending->pidfd);
	fd_close(ending->namespace);
}

static bool parse_field(const struct session *session, enum session_field field, uint64_t *ret)
{
	const char *text = session->fields[field];

	return text && str_parse_number(text, strlen(text), UINT64_MAX, ret) == 0;
}

/* The namespace of the whole system, or ours, is nobody's session whatever a record says. */
static bool is_shared(const struct mark *mark)
{
	return mark_is_on(mark, 1) || mark_is_on(mark, 0);
}

/* By its supervisor: the process of that pid that was started when the record says. */
static int find_by_supervisor(struct ending *ending)
{
	uint64_t pid, start;
	int r;

	if (!parse_field(ending->session, SESSION_SUPERVISOR_PID, &pid) ||
		!parse_field(ending->session, SESSION_SUPERVISOR_START, &start) || pid == 0 ||
		pid > INT_MAX)
		return ENDING_E_GONE;
	ending->pidfd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
	if (ending->pidfd < 0)
		return errno == ESRCH ? ENDING_E_GONE : -errno;
	ending->namespace = mark_open((pid_t)pid);
	/* Now the pid cannot have changed hands between the two. */
	if (!process_is((pid_t)pid, start))
		return ENDING_E_GONE;
	if (ending->namespace < 0)
		return ending->namespace;
	r = mark_of_fd(ending->namespace, &ending->mark);
	if (r < 0)
		return r;
	if (is_shared(&ending->mark))
		return ENDING_E_FOREIGN;
	ending->supervisor = (pid_t)pid;
	return 0;
}

/* "INODE" or "INODE:ID" */
static bool parse_mark(const struct session *session, struct mark *ret)
{
	const char *text = session->fields[SESSION_NAMESPACE];
	struct mark mark = {0};
	uint64_t inode;
	size_t n = text ? strcspn(text, ":") : 0;

	if (!text || str_parse_number(text, n, UINT64_MAX, &inode) < 0)
		return false;
	if (text[n] == ':' &&
		str_parse_number(text + n + 1, strlen(text + n + 1), UINT64_MAX, &mark.id) < 0)
		return false;
	mark.inode = (ino_t)inode;
	*ret = mark;
	return true;
}

/*
 * Whether a namespace of the right inode number is the session's, and not a later one. Where the
 * kernel has ids they say so; else a process in it has to have been started with the session's
 * name in its environment, by the session's user. Who forges that does so among their own.
 */
static bool is_proof(
	const struct ending *ending, const struct mark *wanted, const struct mark *found, pid_t pid)
{
	uint64_t uid;

	if (wanted->id > 0)
		return found->id == wanted->id;
	return parse_field(ending->session, SESSION_UID, &uid) &&
	       process_is_of(pid, ending->session->fields[SESSION_ID], (uid_t)uid);
}

/* What find_by_mark() looks for; process_each() calls it. True: found, no further. */
static bool try_process(pid_t pid, void *userdata)
{
	struct ending *ending = userdata;
	_cleanup_close_ int fd = mark_open(pid);
	struct mark wanted, found;

	if (fd < 0 || mark_of_fd(fd, &found) < 0 || !parse_mark(ending->session, &wanted))
		return false;
	if (found.inode != wanted.inode || is_shared(&found) ||
		!is_proof(ending, &wanted, &found, pid))
		return false;
	ending->namespace = take_fd(&fd);
	ending->mark = found;
	return true;
}

/* Without a supervisor: by the mark that the record names. */
static int find_by_mark(struct ending *ending)
{
	struct mark wanted;

	ending->pidfd = fd_close(ending->pidfd);
	ending->namespace = fd_close(ending->namespace);
	if (!parse_mark(ending->session, &wanted))
		return ENDING_E_GONE;
	return process_each(try_process, ending) ? 0 : ENDING_E_GONE;
}

/* The supervisor and its own children have a record to write; what they watch over ends first. */
static bool is_supervisor(pid_t pid, const void *userdata)
{
	const struct ending *ending = userdata;

	return ending->supervisor > 0 &&
	       (pid == ending->supervisor || process_parent(pid) == ending->supervisor);
}

static void pause_ms(long ms)
{
	const struct timespec time = {.tv_nsec = ms * 1000000L};

	nanosleep(&time, NULL);
}

/* SIGHUP too: an interactive shell does not end of SIGTERM. Who is stopped goes on to end. */
static int end_processes(const struct ending *ending)
{
	static const int polite[] = {SIGTERM, SIGHUP, SIGCONT};
	int n = mark_signal(&ending->mark, polite, ARRAY_SIZE(polite), is_supervisor, ending);

	for (int waited = 0; n > 0 && waited < GRACE_MS; waited += PAUSE_MS) {
		pause_ms(PAUSE_MS);
		n = mark_signal(&ending->mark, NULL, 0, is_supervisor, ending);
	}
	return n < 0 ? n : mark_kill(&ending->mark, is_supervisor, ending);
}

static bool supervisor_ends(const struct ending *ending)
{
	struct pollfd slot = {.fd = ending->pidfd, .events = POLLIN};

	return poll(&slot, 1, SUPERVISOR_MS) > 0;
}

static void add_field(struct event *event, const struct session *session, enum session_field field)
{
	if (session->fields[field])
		event_add(event, session_field_name(field), "%s", session->fields[field]);
}

static int write_record(const struct session *session)
{
	const char *service = session->fields[SESSION_SERVICE],
		   *user = session->fields[SESSION_USER];
	struct event event;

	event_begin(&event, EVENT_SESSION_CLOSE);
	for (int i = 0; i < SESSION_FIELDS; i++)
		add_field(&event, session, (enum session_field)i);
	event_add(&event, "DENIED", "%llu", (unsigned long long)session->denied);
	event_add(&event, "SECONDS", "%llu", (unsigned long long)session->seconds);
	event_add(&event, "REASON", "terminated");
	event_message(&event, "Session %.8s of %s by %s closed: terminated without its supervisor",
		session->fields[SESSION_ID], user ? user : "?", service ? service : "?");
	return journal_write(&event);
}

/* Its supervisor is gone, or does not come to an end: nothing of it stays, and the record is ours.
 */
static int finish_alone(struct ending *ending)
{
	int r;

	if (ending->pidfd >= 0)
		syscall(SYS_pidfd_send_signal, ending->pidfd, SIGKILL, NULL, 0);
	ending->supervisor = 0;
	r = mark_kill(&ending->mark, NULL, NULL);
	return r < 0 ? r : write_record(ending->session);
}

static void tell_supervisor(const struct ending *ending)
{
	if (ending->pidfd < 0)
		return;
	syscall(SYS_pidfd_send_signal, ending->pidfd, MARK_SIGNAL_ENDING, NULL, 0);
	syscall(SYS_pidfd_send_signal, ending->pidfd, SIGCONT, NULL, 0);
}

int ending_run(const struct session *session)
{
	_cleanup_(ending_done) struct ending ending = ENDING_INIT(session);
	int r = find_by_supervisor(&ending);

	if (r == ENDING_E_GONE)
		r = find_by_mark(&ending);
	if (r != 0)
		return r;
	tell_supervisor(&ending);
	r = end_processes(&ending);
	if (r < 0)
		return r;
	return ending.pidfd >= 0 && supervisor_ends(&ending) ? 0 : finish_alone(&ending);
}
