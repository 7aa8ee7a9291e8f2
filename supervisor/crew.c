/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Leader, followers, flights. */

#include "crew.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

#include "target.h"

#define STACK_SIZE (64 * 1024)

/* A follower that found nothing to do for so long gives its memory back. */
#define IDLE_SECONDS 10

/* A borrowed lead is taken away after one to two ticks; without one for so many the ticking ends.
 */
#define TICK_NS    1000000
#define IDLE_TICKS 20
/* No longer, and the next flight may be as short. */
#define QUICK_NS 500000

/* About a second. */
#define RENEWAL_PATROLS 20

#define NS_PER_SECOND 1000000000ULL

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static int reserve_flight(struct crew *crew, struct job *job)
{
	for (int i = 0; i < CREW_FLIGHTS_MAX; i++) {
		if (crew->flights[i].used)
			continue;
		job->flight = i;
		crew->flights[i] = (struct flight){true, *job, pthread_self(), now_ns(), 0};
		crew->n_flights++;
		return 0;
	}
	return -EAGAIN;
}

static void release_flight(struct crew *crew, struct job *job)
{
	crew->flights[job->flight].used = false;
	crew->n_flights--;
	job->flight = -1;
}

size_t crew_count_flights(struct crew *crew)
{
	size_t n;

	pthread_mutex_lock(&crew->lock);
	n = crew->n_flights;
	pthread_mutex_unlock(&crew->lock);
	return n;
}

static bool is_to_be_interrupted(struct flight *flight)
{
	if (flight->job.renews && ++flight->patrols % RENEWAL_PATROLS == 0)
		return true;
	return notify_valid(&flight->job) < 0 || target_has_signal(&flight->job);
}

void crew_patrol(struct crew *crew)
{
	pthread_mutex_lock(&crew->lock);
	for (size_t i = 0; i < CREW_FLIGHTS_MAX; i++) {
		struct flight *flight = &crew->flights[i];

		if (flight->used && is_to_be_interrupted(flight))
			pthread_kill(flight->thread, SIGUSR1);
	}
	pthread_mutex_unlock(&crew->lock);
}

bool crew_has_flight(struct crew *crew, int listener)
{
	bool found = false;

	pthread_mutex_lock(&crew->lock);
	for (size_t i = 0; i < CREW_FLIGHTS_MAX; i++)
		found |= crew->flights[i].used && crew->flights[i].job.listener == listener;
	pthread_mutex_unlock(&crew->lock);
	return found;
}

static int wait_until(struct crew *crew, uint64_t ns)
{
	const struct timespec until = {
		.tv_sec = (time_t)(ns / NS_PER_SECOND), .tv_nsec = (long)(ns % NS_PER_SECOND)};

	return pthread_cond_timedwait(&crew->lead_free, &crew->lock, &until);
}

/* Until the lead is free, or nobody has borrowed it for a while. */
static void tick(struct crew *crew)
{
	crew->wanted = false;
	crew->ticking = true;
	for (unsigned idle = 0; crew->led && idle < IDLE_TICKS; idle++) {
		uint64_t turns = crew->turns, end = now_ns() + TICK_NS;

		while (crew->led && wait_until(crew, end) == 0)
			;
		if (crew->turns != turns)
			idle = 0;
		else if (crew->borrower >= 0) {
			crew->borrower = -1;
			crew->quick = false;
			crew->led = false;
		}
	}
	crew->ticking = false;
}

/* 0, or ETIMEDOUT. */
static int follow_once(struct crew *crew, bool patient, uint64_t until)
{
	if (crew->wanted) {
		tick(crew);
		return 0;
	}
	return patient ? pthread_cond_wait(&crew->lead_free, &crew->lock) : wait_until(crew, until);
}

/*
 * Takes the lead, or gives up after a while (false) unless patient. Counted as a follower until
 * then, under the same lock, so a leader that counts on one can take off.
 */
static bool wait_for_lead(struct crew *crew, bool patient)
{
	uint64_t until = now_ns() + IDLE_SECONDS * NS_PER_SECOND;
	bool won;
	int r = 0;

	pthread_mutex_lock(&crew->lock);
	while (crew->led && (r == 0 || crew->wanted))
		r = follow_once(crew, patient, until);
	won = !crew->led;
	crew->n_followers--;
	if (won)
		crew->led = true;
	pthread_mutex_unlock(&crew->lock);
	return won;
}

static void serve(struct crew *crew, bool patient)
{
	while (wait_for_lead(crew, patient)) {
		int r = crew->lead(crew->userdata);

		if (r < 0)
			crew->end(crew->userdata, r);
	}
}

static void *follow(void *userdata)
{
	serve(userdata, false);
	return NULL;
}

static int start_follower(struct crew *crew)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int r;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	r = pthread_attr_setstacksize(&attributes, STACK_SIZE);
	if (r == 0)
		r = pthread_create(&thread, &attributes, follow, crew);
	if (r == 0)
		crew->n_followers++;
	pthread_attr_destroy(&attributes);
	return -r;
}

static int take_off(struct crew *crew, struct job *job)
{
	int r = reserve_flight(crew, job);

	if (r < 0)
		return r;
	if (crew->n_followers == 0 && start_follower(crew) < 0) {
		release_flight(crew, job);
		return -EAGAIN;
	}
	if (crew->quick) {
		crew->borrower = job->flight;
		crew->turns++;
		crew->wanted = !crew->ticking;
	} else {
		crew->led = false;
	}
	if (!crew->led || crew->wanted)
		pthread_cond_signal(&crew->lead_free);
	return 0;
}

int crew_take_off(struct crew *crew, struct job *job)
{
	int r;

	pthread_mutex_lock(&crew->lock);
	r = take_off(crew, job);
	pthread_mutex_unlock(&crew->lock);
	return r;
}

void crew_land(struct crew *crew, struct job *job)
{
	pthread_mutex_lock(&crew->lock);
	if (crew->borrower == job->flight) {
		crew->borrower = -1;
		crew->led = false; /* nobody is told: it is this thread that comes for it */
	}
	crew->quick = now_ns() - crew->flights[job->flight].since < QUICK_NS;
	release_flight(crew, job);
	crew->n_followers++;
	pthread_mutex_unlock(&crew->lock);
}

static void interrupt(int sig)
{
}

int crew_init(struct crew *crew, crew_lead_fn *lead, crew_end_fn *end, void *userdata)
{
	const struct sigaction action = {.sa_handler = interrupt}; /* no SA_RESTART */
	pthread_condattr_t monotonic;

	*crew = (struct crew){.lead = lead, .end = end, .userdata = userdata, .borrower = -1};
	if (sigaction(SIGUSR1, &action, NULL) < 0)
		return -errno;
	pthread_mutex_init(&crew->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&crew->lead_free, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return 0;
}

void crew_run(struct crew *crew)
{
	crew->n_followers = 1; /* this thread */
	serve(crew, true);
}
