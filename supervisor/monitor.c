/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The monitor's loop and its state. PROTOCOL.md has the talk; this file has the monitor's lines. */

#include "monitor.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "child.h"
#include "cleanup.h"
#include "confined.h"
#include "counting.h"
#include "herald.h"
#include "inbox.h"
#include "journal-socket.h"
#include "members.h"
#include "record.h"
#include "renewal.h"
#include "request.h"
#include "scribe.h"
#include "sock.h"
#include "standby.h"
#include "watcher.h"
#include "worker.h"

/* A root sshd forks a child per channel; more than this at a time is no login any more. */
#define CHILDREN_MAX 256

/* The first record waits for the first child, so that it holds no login up. */
#define OPEN_RECORD_DELAY_MS 100

/* How often a worker is set going again. */
#define STOPS_MAX 100

struct monitor {
	struct supervisor *supervisor;
	int channel;        /* -1: the login program has closed the session */
	int request;        /* signals */
	const char *reason; /* why the session ends, where that is not its own doing */
	int worker;         /* -1: a session without supervised calls has none */
	pid_t worker_pid;
	unsigned n_stops;      /* of the worker */
	bool closed_down;      /* there is a login program, but no session any more */
	struct standby scribe; /* without one sendmmsg(2) fails */
	struct standby herald; /* without one receivers see the worker's pid */
	size_t n_listeners;    /* with the worker */
	struct child children[CHILDREN_MAX];
	size_t n_children;
	bool open_recorded;
	struct renewal renewal;
	struct watcher watcher;
	struct counting counting;
};

static void record_open_once(struct monitor *monitor)
{
	if (monitor->open_recorded)
		return;
	monitor->open_recorded = true;
	record_open(monitor->supervisor);
	watcher_tell(&monitor->watcher);
}

/* Children */

static void drop_child(struct monitor *monitor, size_t index)
{
	child_done(&monitor->children[index]);
	monitor->children[index] = monitor->children[--monitor->n_children];
	lookout_child_ended(&monitor->supervisor->lookout);
}

static int take_announce(struct monitor *monitor)
{
	struct child child;
	int r = child_take_announce(monitor->channel, &child);

	if (r < 0)
		return r;
	if (monitor->n_children == CHILDREN_MAX || monitor->closed_down) {
		child_done(&child);
		return monitor->closed_down ? 0 : -EPROTO;
	}
	monitor->children[monitor->n_children++] = child;
	return 0;
}

/* A child that breaks the talk off gets no ack, and so ends itself. */
static void serve_child(struct monitor *monitor, size_t index)
{
	struct child *child = &monitor->children[index];
	struct confined confined = confined_look(child->sock); /* it waits */
	int error, r;

	watcher_mark(&monitor->watcher, child->pidfd);
	r = child_hand_over(child, monitor->worker, &error);
	record_open_once(monitor);
	watcher_tell(&monitor->watcher);
	if (r == CHILD_E_FAILED)
		record_unconfined(monitor->supervisor, error);
	else if (r < 0)
		record_failed(monitor->supervisor, "hand-over of the listener", r);
	else
		record_confined(monitor->supervisor, &confined);
	if (r == 0 && monitor->worker >= 0)
		monitor->n_listeners++;
	lookout_child_confined(&monitor->supervisor->lookout);
}

/* The worker */

static int take_record(struct monitor *monitor)
{
	record_open_once(monitor);
	return inbox_take(
		monitor->supervisor, monitor->worker, &monitor->counting, &monitor->n_listeners);
}

/*
 * Nobody supervises any more, and so nothing of the session may be left. `how` the worker ended.
 * The session goes before the worker does: if we are killed meanwhile, one of the two is left to
 * see to it.
 */
static void close_down(struct monitor *monitor, char *how, size_t size)
{
	int r = monitor->supervisor->privileged ? members_kill() : 0;

	if (r < 0)
		record_failed(monitor->supervisor, "killing the session's processes", r);
	renewal_stop(&monitor->renewal);
	monitor->renewal = RENEWAL_INIT;
	monitor->worker = fd_close(monitor->worker); /* which also ends it */
	worker_reap(monitor->worker_pid, how, size);
	monitor->worker_pid = 0;
	standby_end(&monitor->scribe);
	standby_end(&monitor->herald);
	monitor->n_listeners = 0;
	for (size_t i = 0; i < monitor->n_children; i++)
		syscall(SYS_pidfd_send_signal, monitor->children[i].pidfd, SIGKILL, NULL, 0);
}

/* A session without its supervisor ends, all of it. why: NULL where it is for want of the worker.
 */
static int end_session(struct monitor *monitor, const char *why, int error)
{
	char how[64] = "", what[128];

	record_open_once(monitor);
	close_down(monitor, how, sizeof(how));
	if (why)
		snprintf(what, sizeof(what), "%s, the session is ended", why);
	else
		snprintf(what, sizeof(what), "no worker (%s), the session is ended", how);
	record_failed(monitor->supervisor, what, error);
	monitor->reason = "no supervisor";
	return error;
}

/* The session ends and nobody is let in any more; but who did that may try again: we look out. */
static void turn_away(struct monitor *monitor, const struct lookout_found *found)
{
	char what[256];

	record_open_once(monitor);
	close_down(monitor, NULL, 0);
	snprintf(what, sizeof(what), "process %d (%s) of %s is not confined, the session is ended",
		(int)found->pid, found->comm, monitor->supervisor->hello.service);
	if (!monitor->closed_down)
		record_failed(monitor->supervisor, what, -EPERM);
	monitor->closed_down = true;
	monitor->reason = "not confined";
}

static void look_out(struct monitor *monitor)
{
	struct lookout_found found;
	bool pending = false;

	for (size_t i = 0; i < monitor->n_children; i++)
		pending |= monitor->children[i].sock >= 0;
	if (monitor->channel >= 0 && lookout_serve(&monitor->supervisor->lookout, pending, &found))
		turn_away(monitor, &found);
}

static int sooner(int a, int b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

static int poll_timeout(const struct monitor *monitor)
{
	int ms = monitor->channel >= 0 ? lookout_timeout_ms(&monitor->supervisor->lookout) : -1;

	return sooner(ms, monitor->open_recorded ? renewal_timeout_ms(&monitor->renewal)
						 : OPEN_RECORD_DELAY_MS);
}

/* The loop */

static bool is_over(const struct monitor *monitor)
{
	return monitor->channel < 0 && monitor->n_children == 0 && monitor->n_listeners == 0;
}

/* A message that should not be, or the end: either way nobody can be announced any more. */
static void serve_channel(struct monitor *monitor)
{
	if (take_announce(monitor) < 0)
		monitor->channel = fd_close(monitor->channel);
}

/*
 * A worker that is stopped answers nobody: it goes on. Whoever stops it again and again has the
 * session ended.
 */
static int resume_worker(struct monitor *monitor)
{
	if (!worker_is_stopped(monitor->worker_pid))
		return 0;
	if (++monitor->n_stops > STOPS_MAX)
		return end_session(monitor, "the worker was stopped over and over", -EINTR);
	if (monitor->n_stops == 1)
		record_failed(monitor->supervisor, "the worker was stopped, and goes on", -EINTR);
	kill(monitor->worker_pid, SIGCONT);
	return 0;
}

/* Root is ending the session: who is forked from now on finds no channel, and ends itself. */
static int serve_request(struct monitor *monitor)
{
	enum request request = request_take(monitor->request);

	if (request == REQUEST_CHILD)
		return resume_worker(monitor);
	if (request == REQUEST_STATUS) {
		record_open_once(monitor);
		counting_ask(&monitor->counting, monitor->supervisor, monitor->worker);
	}
	if (request == REQUEST_ENDING) {
		monitor->reason = "terminated";
		monitor->channel = fd_close(monitor->channel);
	}
	return 0;
}

#define SLOT_CHANNEL  0
#define SLOT_WORKER   1
#define SLOT_SCRIBE   2
#define SLOT_NAMES    3
#define SLOT_REQUEST  4
#define SLOT_JOURNAL  5
#define SLOT_KEEPER   6
#define SLOT_WATCHER  7
#define SLOT_HERALD   8
#define SLOT_CHILDREN 9 /* pidfd and sock of each, negative numbers are skipped by poll(2) */

static size_t fill_poll(const struct monitor *monitor, struct pollfd *slots)
{
	size_t n = SLOT_CHILDREN;

	slots[SLOT_CHANNEL] = (struct pollfd){.fd = monitor->channel, .events = POLLIN};
	slots[SLOT_WORKER] = (struct pollfd){.fd = monitor->worker, .events = POLLIN};
	slots[SLOT_NAMES] = (struct pollfd){.fd = renewal_fd(&monitor->renewal), .events = POLLIN};
	slots[SLOT_SCRIBE] = (struct pollfd){.fd = monitor->scribe.sock, .events = POLLIN};
	slots[SLOT_KEEPER] = (struct pollfd){.fd = monitor->supervisor->keeper, .events = POLLIN};
	slots[SLOT_HERALD] = (struct pollfd){.fd = monitor->herald.sock, .events = POLLIN};
	slots[SLOT_JOURNAL] = (struct pollfd){.fd = journal_socket_fd(), .events = POLLOUT};
	slots[SLOT_WATCHER] = (struct pollfd){.fd = monitor->watcher.sock, .events = POLLIN};
	slots[SLOT_REQUEST] = (struct pollfd){.fd = monitor->request, .events = POLLIN};
	for (size_t i = 0; i < monitor->n_children; i++) {
		slots[n++] = (struct pollfd){.fd = monitor->children[i].pidfd, .events = POLLIN};
		slots[n++] = (struct pollfd){.fd = monitor->children[i].sock, .events = POLLIN};
	}
	return n;
}

/* From the last child to the first, because dropping one moves the last into its place. */
static void serve_children(struct monitor *monitor, const struct pollfd *slots, size_t n_children)
{
	for (size_t i = n_children; i-- > 0;) {
		const struct pollfd *slot = &slots[SLOT_CHILDREN + 2 * i];

		if (slot[1].revents)
			serve_child(monitor, i);
		if (slot[0].revents)
			drop_child(monitor, i);
	}
}

/* The worker's side of things; an error ends the session. */
static int serve_worker(struct monitor *monitor, const struct pollfd *slots)
{
	int r = 0;

	if (slots[SLOT_WORKER].revents)
		r = take_record(monitor);
	if (r == 0)
		r = renewal_serve(&monitor->renewal, slots[SLOT_NAMES].revents != 0);
	if (r == 0 && slots[SLOT_SCRIBE].revents)
		standby_serve(&monitor->scribe, monitor->supervisor);
	if (r == 0 && slots[SLOT_HERALD].revents)
		standby_serve(&monitor->herald, monitor->supervisor);
	return r;
}

static int run_loop(struct monitor *monitor)
{
	while (!is_over(monitor)) {
		struct pollfd slots[SLOT_CHILDREN + 2 * CHILDREN_MAX] = {0};
		size_t n_children = monitor->n_children;
		size_t n = fill_poll(monitor, slots);
		int r, ready = poll(slots, n, poll_timeout(monitor));

		if (ready < 0 && errno != EINTR)
			return end_session(monitor, "poll", -errno);
		if (ready <= 0)
			record_open_once(monitor);
		if (slots[SLOT_JOURNAL].revents)
			journal_socket_flush();
		r = serve_worker(monitor, slots);
		if (r < 0)
			return end_session(monitor, NULL, r);
		if (slots[SLOT_KEEPER].revents)
			return end_session(monitor, "no keeper", -ESRCH);
		if (slots[SLOT_WATCHER].revents)
			watcher_serve(&monitor->watcher);
		serve_children(monitor, slots, n_children);
		look_out(monitor);
		if (slots[SLOT_CHANNEL].revents)
			serve_channel(monitor);
		if (slots[SLOT_REQUEST].revents)
			r = serve_request(monitor);
		if (r < 0)
			return r;
	}
	return 0;
}

int monitor_run(struct supervisor *supervisor)
{
	struct monitor monitor = {
		.supervisor = supervisor,
		.channel = supervisor->channel,
		.worker = -1,
		.scribe = {"starting the scribe", &scribe_duty, -1, 0},
		.herald = {"starting the herald", &herald_duty, -1, 0},
		.renewal = RENEWAL_INIT,
		.watcher = WATCHER_INIT,
	};
	struct worker_socks socks;
	int r;

	if (filter_supervised(&supervisor->filter)) {
		r = worker_start(supervisor, &socks, &monitor.worker_pid);
		if (r < 0) {
			record_failed(supervisor, "starting the worker", r);
			return r;
		}
		monitor.worker = socks.monitor;
		monitor.scribe.sock = socks.scribe;
		monitor.herald.sock = socks.herald;
		renewal_start(&monitor.renewal, supervisor, monitor.worker);
	}
	watcher_start(&monitor.watcher, supervisor);
	monitor.request = request_open();
	r = monitor.request < 0 ? monitor.request : run_loop(&monitor);
	fd_close(monitor.request);
	renewal_stop(&monitor.renewal);
	record_open_once(&monitor);
	watcher_stop(&monitor.watcher);
	monitor.counting.counters.would += monitor.watcher.counters.would;
	monitor.worker = fd_close(monitor.worker);
	worker_reap(monitor.worker_pid, NULL, 0);
	standby_end(&monitor.scribe);
	standby_end(&monitor.herald);
	record_close(supervisor, &monitor.counting.counters, monitor.reason);
	return r;
}
