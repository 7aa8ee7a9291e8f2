/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * System calls on sockets, and what became of them, one line each: "name: result". The same words
 * run confined and unconfined, and the lines are compared; so they hold nothing that differs from
 * run to run.
 */

#include "../attacks/attack.h"

typedef int call_fn(char **args);

/* One word of the program: live-calls WORD ARG... */
call_fn calls_matrix;
call_fn calls_several, calls_sizes, calls_vectors, calls_pipe, calls_again;
call_fn calls_rights, calls_rights_by_path, calls_credentials;
call_fn calls_silent, calls_timeout, calls_signal, calls_full, calls_nonblocking, calls_pairs;
call_fn calls_storm, calls_parallel, calls_flood, calls_latency, calls_busy_signals;

/* How a call that returns -1 and errno ended: a number, or an errno's name. */
const char *ended(long result, char buffer[32]);

struct place;

/* The label and a newline, then a pattern, `size` bytes in all (at least the label's). */
void parcel_fill(char *parcel, size_t size, const char *label);

/* A handler that only counts, with or without SA_RESTART. */
void count_signal(int sig, int flags);
int signals_counted(void);

/* Waits for an event. What poll(2) says. */
int wait_for(int fd, short events, int ms);

/* Milliseconds since some time in the past. */
long now_ms(void);

/* "early", "in time" or "late": at `wanted` after `start`, give or take. */
const char *punctual(long start, long wanted);
