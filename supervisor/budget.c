/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The token bucket of denial records. */

#include "budget.h"

#include <time.h>

#define NS_PER_S  1000000000ULL
#define NS_PER_MS 1000000ULL

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/* Several layers: recorded when one wants it, at the smallest of the rates they write, if any. */
void budget_init(struct budget *budget, const struct policy_set *set)
{
	uint64_t now = now_ns();
	unsigned rate, period;

	policy_set_rate(set, &rate, &period);
	*budget = (struct budget){
		.silent = !policy_set_logs_denials(set),
		.capacity = BUDGET_BURST,
		.interval = period * NS_PER_S / rate,
		.refilled = now,
		.reported = now,
	};
	budget->tokens = budget->capacity;
}

static void refill(struct budget *budget)
{
	uint64_t now = now_ns();
	uint64_t earned = (now - budget->refilled) / budget->interval;

	if (budget->tokens + earned >= budget->capacity) {
		budget->tokens = budget->capacity;
		budget->refilled = now;
		return;
	}
	budget->tokens += earned;
	budget->refilled += earned * budget->interval;
}

bool budget_take(struct budget *budget)
{
	if (budget->silent)
		return false;
	refill(budget);
	if (budget->tokens == 0)
		return false;
	budget->tokens--;
	return true;
}

int budget_report_ms(const struct budget *budget)
{
	uint64_t due = budget->reported + BUDGET_REPORT_MS * NS_PER_MS;
	uint64_t now = now_ns();

	return now >= due ? 0 : (int)((due - now) / NS_PER_MS) + 1;
}

bool budget_report_due(struct budget *budget)
{
	if (budget_report_ms(budget) > 0)
		return false;
	budget->reported = now_ns();
	return true;
}
