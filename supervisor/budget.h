/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * How many denials of a session become records of their own: a token bucket. What goes beyond is
 * counted exactly and reported now and then. Only the leader uses it: no lock.
 */

#include <stdbool.h>
#include <stdint.h>

#include "policy.h"

#define BUDGET_BURST     200
#define BUDGET_REPORT_MS 10000

struct budget {
	bool silent;       /* no layer wants denials recorded */
	uint64_t interval; /* ns per token */
	uint64_t capacity; /* tokens */
	uint64_t tokens;
	uint64_t refilled; /* CLOCK_MONOTONIC, ns */
	uint64_t reported;
};

void budget_init(struct budget *budget, const struct policy_set *set);

/* Whether one more denial may be recorded. */
bool budget_take(struct budget *budget);

/* Whether it is time to report what was suppressed; if so, the next report is a period away. */
bool budget_report_due(struct budget *budget);

/* Milliseconds until then. */
int budget_report_ms(const struct budget *budget);
