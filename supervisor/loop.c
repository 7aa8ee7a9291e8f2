/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The leader polls, receives one notification and handles it. Denials and everything that cannot
 * block is handled in place, so records go out in order; an act that may block takes off (crew.h)
 * and is answered by the thread that did it.
 */

#include "loop.h"

#include <poll.h>
#include <string.h>
#include <sys/syscall.h>

#include "act.h"
#include "budget.h"
#include "cleanup.h"
#include "crew.h"
#include "herald.h"
#include "notify.h"
#include "parking.h"
#include "pass.h"
#include "sock.h"
#include "target.h"

#define LISTENERS_MAX 128
/* How often flights are looked after: whether their target still waits. Only while there are any.
 */
#define PATROL_MS 50

struct loop {
	const struct supervisor *supervisor;
	void (*end)(const struct supervisor *supervisor, int error);
	bool watches; /* nothing is enforced */
	int monitor;
	int scribe;
	struct herald herald;
	int listeners[LISTENERS_MAX];
	size_t n_listeners;
	pthread_mutex_t records; /* of budget and counters: a flight may end in a refusal, too */
	struct budget budget;
	struct wire_counters counters;
	uint64_t reported;  /* suppressed, as the monitor knows it */
	uint64_t patrolled; /* CLOCK_MONOTONIC, ms */
	pthread_mutex_t names_lock;
	struct names names;
	struct crew crew;
	struct parking parking;
};

int loop_take_off(struct job *job)
{
	return crew_take_off(&job->loop->crew, job);
}

int loop_park(struct job *job, int sock, const void *address, size_t length)
{
	return parking_connect(&job->loop->parking, job, sock, address, length);
}

struct verdict loop_decide(
	const struct job *job, enum endpoint_protocol protocol, const struct net_address *address)
{
	struct loop *loop = job->loop;
	struct verdict verdict;

	pthread_mutex_lock(&loop->names_lock);
	verdict = verdict_connect(loop->supervisor->set, &loop->names, protocol, address);
	pthread_mutex_unlock(&loop->names_lock);
	return verdict;
}

int loop_scribe(const struct job *job)
{
	return job->loop->scribe;
}

struct herald *loop_herald(const struct job *job)
{
	return &job->loop->herald;
}

/* Records */

static int send_counters(struct loop *loop, enum wire_type type)
{
	struct wire_counters counters;

	pthread_mutex_lock(&loop->records);
	loop->reported = loop->counters.suppressed;
	counters = loop->counters;
	pthread_mutex_unlock(&loop->records);
	counters.type = type;
	return sock_send(loop->monitor, &counters, sizeof(counters), NULL, 0, 0);
}

static bool has_news(struct loop *loop)
{
	bool news;

	pthread_mutex_lock(&loop->records);
	news = loop->counters.suppressed != loop->reported;
	pthread_mutex_unlock(&loop->records);
	return news;
}

/* Whether it is one to be recorded; it is counted in any case. */
static bool count(struct loop *loop, uint64_t *counter)
{
	bool taken;

	pthread_mutex_lock(&loop->records);
	taken = budget_take(&loop->budget);
	*counter += 1;
	if (!taken)
		loop->counters.suppressed++;
	pthread_mutex_unlock(&loop->records);
	return taken;
}

static void count_lost_record(struct loop *loop)
{
	pthread_mutex_lock(&loop->records);
	loop->counters.suppressed++;
	pthread_mutex_unlock(&loop->records);
}

/* While the target still waits, so that what it is called can be read. */
static void report(struct loop *loop, const struct job *job, const struct outcome *outcome)
{
	struct wire_denial denial = {
		.type = outcome->denied ? WIRE_DENIED : WIRE_WOULD_DENY,
		.action = outcome->action,
		.pid = job->tid,
		.error = outcome->denied ? outcome->error : outcome->would,
		.rule = outcome->rule,
		.protocol = outcome->protocol,
		.call = (uint32_t)job->nr,
	};
	uint64_t *counter = outcome->denied ? &loop->counters.denied : &loop->counters.would;

	if ((!outcome->denied && !outcome->would) || !count(loop, counter))
		return;
	memcpy(denial.object, outcome->object, sizeof(denial.object));
	target_describe(job, denial.comm, sizeof(denial.comm), denial.exe, sizeof(denial.exe));
	/* A monitor that is slow costs records, not time. */
	if (sock_send(loop->monitor, &denial, sizeof(denial), NULL, 0, MSG_DONTWAIT) < 0)
		count_lost_record(loop);
}

static int report_suppressed(struct loop *loop)
{
	if (!has_news(loop) || !budget_report_due(&loop->budget))
		return 0;
	return send_counters(loop, WIRE_SUPPRESSED);
}

/* Handling */

/* Nothing is done for the target, who does it natively; so an error is none of its business. */
static int watch(struct loop *loop, struct job *job)
{
	struct outcome outcome = {0};

	job->watched = true;
	if (act_on(job, &outcome) == ACT_E_GONE)
		return 0;
	report(loop, job, &outcome);
	return pass_answer(job);
}

/* Returns with the lead unless the job took off. */
static int handle(struct loop *loop, struct job *job)
{
	struct outcome outcome = {0};
	int r;

	if (loop->watches)
		return watch(loop, job);
	r = act_on(job, &outcome);
	if (r == ACT_E_GONE)
		return 0;
	report(loop, job, &outcome);
	if (r < 0)
		outcome = (struct outcome){.error = -r};
	if (outcome.error == PARKING_KEPT)
		return 0;
	return notify_answer(job, outcome.error, outcome.value);
}

/* Leading */

static int adopt(struct loop *loop, int listener)
{
	if (loop->n_listeners == LISTENERS_MAX) {
		fd_close(listener);
		return send_counters(loop, WIRE_RELEASED);
	}
	loop->listeners[loop->n_listeners++] = listener;
	return 0;
}

static int take_name(struct loop *loop, const struct wire_name *message)
{
	int r;

	pthread_mutex_lock(&loop->names_lock);
	r = names_take(&loop->names, message);
	pthread_mutex_unlock(&loop->names_lock);
	return r;
}

union order {
	uint32_t type;
	struct wire_short adopt;
	struct wire_name name;
};

/* What the monitor says: a listener to serve, or a name's new addresses. */
static int take_order(struct loop *loop)
{
	union order order;
	size_t size, n_fds = 0;
	int fd = -1;
	int r = sock_receive_any(loop->monitor, &order, sizeof(order), &size, &fd, 1, &n_fds, 0);

	if (r < 0)
		return r;
	if (size == sizeof(order.adopt) && order.type == WIRE_ADOPT && n_fds == 1)
		return adopt(loop, fd);
	fd_close(fd);
	if (size == sizeof(order.adopt) && order.type == WIRE_COUNT && n_fds == 0)
		return send_counters(loop, WIRE_COUNTED);
	if (size == sizeof(order.name) && order.type == WIRE_NAME && n_fds == 0)
		return take_name(loop, &order.name);
	return -EPROTO;
}

/* POLLHUP: no task is left under this filter. Flights that are being interrupted come first. */
static int release(struct loop *loop, size_t index)
{
	fd_close(loop->listeners[index]);
	loop->listeners[index] = loop->listeners[--loop->n_listeners];
	return send_counters(loop, WIRE_RELEASED);
}

static int poll_timeout(struct loop *loop)
{
	if (crew_count_flights(&loop->crew) > 0 || loop->parking.n > 0)
		return PATROL_MS;
	if (has_news(loop))
		return budget_report_ms(&loop->budget);
	return -1;
}

static int receive(struct loop *loop, int listener, struct job *job)
{
	int r = notify_receive(listener, job);

	if (r == 0) {
		job->loop = loop;
		job->supervisor = loop->supervisor;
		loop->counters.notifications++;
	}
	return r;
}

/* However many notifications come in between: to look after 64 flights takes a millisecond. */
static int patrol(struct loop *loop)
{
	struct timespec time;
	uint64_t now;

	if (crew_count_flights(&loop->crew) == 0 && loop->parking.n == 0)
		return 0;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
	now = (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
	if (now - loop->patrolled < PATROL_MS)
		return 0;
	loop->patrolled = now;
	crew_patrol(&loop->crew);
	return parking_patrol(&loop->parking);
}

#define LEAD_E_AGAIN 1

#define SLOT_MONITOR   0
#define SLOT_PARKING   1
#define SLOT_LISTENERS 2

/* All but the listeners. */
static int keep_house(struct loop *loop, const struct pollfd *slots)
{
	int r = patrol(loop);

	if (r == 0 && slots[SLOT_PARKING].revents)
		r = parking_serve(&loop->parking);
	if (r == 0)
		r = report_suppressed(loop);
	if (r == 0 && slots[SLOT_MONITOR].revents)
		r = take_order(loop);
	return r;
}

static int lead_listeners(struct loop *loop, const struct pollfd *slots, size_t n, struct job *job)
{
	for (size_t i = n; i-- > 0;) {
		int r = LEAD_E_AGAIN;

		if (slots[i].revents & POLLIN)
			r = receive(loop, slots[i].fd, job);
		else if (slots[i].revents && !crew_has_flight(&loop->crew, slots[i].fd) &&
			 !parking_has(&loop->parking, slots[i].fd))
			r = release(loop, i) < 0 ? -EPIPE : LEAD_E_AGAIN;
		if (r <= 0)
			return r;
	}
	return LEAD_E_AGAIN;
}

/* One poll. 0 with a notification in *job, LEAD_E_AGAIN without one, -errno at the end. */
static int lead_once(struct loop *loop, struct job *job)
{
	struct pollfd slots[SLOT_LISTENERS + LISTENERS_MAX];
	size_t n = loop->n_listeners;
	int r;

	slots[SLOT_MONITOR] = (struct pollfd){.fd = loop->monitor, .events = POLLIN};
	slots[SLOT_PARKING] = (struct pollfd){.fd = loop->parking.epoll, .events = POLLIN};
	for (size_t i = 0; i < n; i++)
		slots[SLOT_LISTENERS + i] = (struct pollfd){
			.fd = loop->listeners[i], .events = POLLIN};
	r = poll(slots, SLOT_LISTENERS + n, poll_timeout(loop));
	if (r < 0 && errno != EINTR)
		return -errno;
	if (r <= 0)
		memset(slots, 0, sizeof(slots));
	r = keep_house(loop, slots);
	return r < 0 ? r : lead_listeners(loop, slots + SLOT_LISTENERS, n, job);
}

/* Leads until a job takes off with the lead, and lands that one. -errno ends the worker. */
static int lead(void *userdata)
{
	struct loop *loop = userdata;

	for (;;) {
		struct job job;
		int r = lead_once(loop, &job);

		if (r < 0)
			return r;
		if (r == LEAD_E_AGAIN)
			continue;
		r = handle(loop, &job);
		if (r < 0)
			return r;
		if (job.flight >= 0) {
			crew_land(&loop->crew, &job);
			return 0;
		}
	}
}

static void end(void *userdata, int error)
{
	const struct loop *loop = userdata;

	loop->end(loop->supervisor, error);
}

int loop_run(const struct loop_setup *setup)
{
	_cleanup_free_ struct loop *loop = calloc(1, sizeof(*loop));
	int r;

	if (!loop)
		return -ENOMEM;
	loop->supervisor = setup->supervisor;
	loop->end = setup->end;
	loop->monitor = setup->monitor;
	loop->scribe = setup->scribe;
	herald_init(&loop->herald, setup->herald);
	loop->names = setup->supervisor->names;
	loop->watches = pass_applies(setup->supervisor->set);
	pthread_mutex_init(&loop->records, NULL);
	pthread_mutex_init(&loop->names_lock, NULL);
	loop->parking = PARKING_INIT;
	budget_init(&loop->budget, setup->supervisor->set);
	r = crew_init(&loop->crew, lead, end, loop);
	if (r < 0)
		return r;
	crew_run(&loop->crew);
	return -ENOTRECOVERABLE; /* crew_run() does not return */
}
