/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Time is moved by moving the bucket's past: what it holds are times of CLOCK_MONOTONIC. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "budget.h"
#include "cleanup.h"

#define NS_PER_S 1000000000ULL

static char rate_id[] = "user/alice:log.rate-limit";
static struct policy plain = {.log = {.denials = true}};
static struct policy silent;
static struct policy ten_a_minute = {
	.log = {.denials = true, .rate_rule = {.id = rate_id}, .rate = 10, .rate_period = 60}};
static struct policy thousand_a_second = {
	.log = {.denials = true, .rate_rule = {.id = rate_id}, .rate = 1000, .rate_period = 1}};
static struct policy silent_but_slow = {
	.log = {.rate_rule = {.id = rate_id}, .rate = 1, .rate_period = 60}};

static void begin(struct budget *budget, struct policy *a, struct policy *b)
{
	struct policy *layers[] = {a, b};
	const struct policy_set set = {.layers = layers, .n_layers = b ? 2 : 1};

	budget_init(budget, &set);
}

static void pass(struct budget *budget, uint64_t ns)
{
	budget->refilled -= ns;
	budget->reported -= ns;
}

/* Takes until there is nothing left. Fails where that is more than the burst and a moment's worth.
 */
static unsigned take_all(struct budget *budget)
{
	unsigned n = 0;

	while (budget_take(budget)) {
		n++;
		assert_in_range(n, 1, BUDGET_BURST + 1000);
	}
	return n;
}

static void test_burst(void **state)
{
	struct budget budget;

	begin(&budget, &ten_a_minute, NULL);
	assert_int_equal(take_all(&budget), BUDGET_BURST);
	assert_false(budget_take(&budget));
}

static void test_refill(void **state)
{
	struct budget budget;

	begin(&budget, &ten_a_minute, NULL);
	take_all(&budget);
	pass(&budget, 5 * NS_PER_S);
	assert_false(budget_take(&budget));
	pass(&budget, 1 * NS_PER_S); /* six seconds together: what was left of five is not lost */
	assert_int_equal(take_all(&budget), 1);
	pass(&budget, 60 * NS_PER_S);
	assert_int_equal(take_all(&budget), 10);
	pass(&budget, 1000000 * NS_PER_S);
	assert_int_equal(take_all(&budget), BUDGET_BURST); /* never more than the burst */
}

static void test_default_rate(void **state)
{
	struct budget budget;
	unsigned n;

	begin(&budget, &plain, NULL);
	n = take_all(&budget);
	assert_in_range(n, BUDGET_BURST, BUDGET_BURST + 2);
	pass(&budget, 2 * NS_PER_S);
	n = take_all(&budget);
	assert_in_range(n, 2 * POLICY_RATE, 2 * POLICY_RATE + 2);
}

/* The smallest rate that is written; the default where none is. */
static void test_rates(void **state)
{
	static const struct {
		struct policy *a, *b;
		uint64_t interval;
	} rows[] = {
		{&plain, NULL, NS_PER_S / POLICY_RATE},
		{&ten_a_minute, NULL, 6 * NS_PER_S},
		{&thousand_a_second, NULL, NS_PER_S / 1000},
		{&thousand_a_second, &plain, NS_PER_S / 1000},
		{&plain, &ten_a_minute, 6 * NS_PER_S},
		{&ten_a_minute, &plain, 6 * NS_PER_S},
		{&thousand_a_second, &ten_a_minute, 6 * NS_PER_S},
		{&plain, &silent_but_slow, 60 * NS_PER_S},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct budget budget;

		begin(&budget, rows[i].a, rows[i].b);
		assert_int_equal(budget.interval, rows[i].interval);
	}
}

static void test_silent(void **state)
{
	struct budget budget;

	begin(&budget, &silent, NULL);
	assert_false(budget_take(&budget));
	pass(&budget, 1000 * NS_PER_S);
	assert_false(budget_take(&budget));
	begin(&budget, &silent, &plain); /* one layer that wants them is enough */
	assert_true(budget_take(&budget));
}

static void test_report(void **state)
{
	struct budget budget;

	begin(&budget, &plain, NULL);
	assert_false(budget_report_due(&budget));
	assert_in_range(budget_report_ms(&budget), BUDGET_REPORT_MS - 5000, BUDGET_REPORT_MS + 1);
	pass(&budget, 9 * NS_PER_S);
	assert_in_range(budget_report_ms(&budget), 1, 1001);
	pass(&budget, 1 * NS_PER_S);
	assert_int_equal(budget_report_ms(&budget), 0);
	assert_true(budget_report_due(&budget));
	assert_false(budget_report_due(&budget));
	pass(&budget, 3600 * NS_PER_S);
	assert_int_equal(budget_report_ms(&budget), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_burst),
		cmocka_unit_test(test_refill),
		cmocka_unit_test(test_default_rate),
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
