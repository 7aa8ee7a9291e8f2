/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Threads of a worker: one leads, some follow, some are in flight with an act that may block. A
 * leader takes off instead of waiting, and another thread leads on; it is started if there is none.
 *
 * Most acts that may block do not, and to wake another thread costs as much as half a connection:
 * after a short flight the leader keeps the lead in the next one, and only loses it when that
 * takes longer than a tick or two. A follower ticks as long as there are such flights.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "notify.h"

#define CREW_FLIGHTS_MAX 64 /* acts that may block at the same time, per session */

struct flight {
	bool used;
	struct job job;
	pthread_t thread;
	uint64_t since;   /* CLOCK_MONOTONIC, ns */
	unsigned patrols; /* that it has seen */
};

/* Leads until a job has landed (0) or the worker has to end (-errno). */
typedef int crew_lead_fn(void *userdata);

/* Called on whichever thread could not lead on; does not return. error: negative errno. */
typedef void crew_end_fn(void *userdata, int error);

struct crew {
	crew_lead_fn *lead;
	crew_end_fn *end;
	void *userdata;
	pthread_mutex_t lock; /* of all below; never held during a system call that may block */
	pthread_cond_t lead_free;
	bool led;
	bool quick;     /* the last flight was short */
	int borrower;   /* the flight whose thread still leads, -1: none */
	uint64_t turns; /* how many flights have done so */
	bool wanted;    /* a follower that ticks */
	bool ticking;
	size_t n_followers; /* waiting for the lead, or about to */
	struct flight flights[CREW_FLIGHTS_MAX];
	size_t n_flights;
};

/* 0 or -errno. */
int crew_init(struct crew *crew, crew_lead_fn *lead, crew_end_fn *end, void *userdata);

/* Leads and follows on the calling thread. Does not return. */
void crew_run(struct crew *crew);

/* The leader's job may block from here on: another thread can lead. 0, or -EAGAIN: too many do. */
int crew_take_off(struct crew *crew, struct job *job);

/* The job is answered; the thread becomes a follower, maybe the first to find the lead free. */
void crew_land(struct crew *crew, struct job *job);

size_t crew_count_flights(struct crew *crew);

/* Whether a job of this listener is in flight. */
bool crew_has_flight(struct crew *crew, int listener);

/*
 * Interrupts every flight whose target is gone, or has a signal to handle, and about once a second
 * one that renews. One that comes just before the blocking call has no effect, so this is to be
 * called again as long as there are flights.
 */
void crew_patrol(struct crew *crew);
