/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Verdicts: layers, rules and errnos, on policies put together by hand. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "cleanup.h"
#include "verdict.h"

static struct port_range port22 = {22, 22}, port80 = {80, 80};

/* 10.0.0.0/8:22 and *:80 */
static struct endpoint_rule ten_or_web[] = {
	{.rule = {.number = 1},
		.endpoint = {.target = ENDPOINT_INET,
			.address = {10},
			.prefix = 8,
			.ports = &port22,
			.n_ports = 1}},
	{.rule = {.number = 2},
		.endpoint = {.target = ENDPOINT_ANY, .ports = &port80, .n_ports = 1}},
};

/* 10.1.0.0/16 */
static struct endpoint_rule narrow[] = {
	{.rule = {.number = 3},
		.endpoint = {.target = ENDPOINT_INET, .address = {10, 1}, .prefix = 16}},
};

static struct port_rule high_ports[] = {
	{.rule = {.number = 4}, .range = {8000, 8100}},
	{.rule = {.number = 5}, .range = {9000, 9000}},
};

static struct policy open_layer = {.network = {.present = false}};
static struct policy closed = {.network = {.present = true}};
static struct policy listed = {
	.network = {.present = true,
		.connect = LIST_LISTED,
		.connect_rules = ten_or_web,
		.n_connect_rules = 2,
		.bind = LIST_LISTED,
		.bind_rules = high_ports,
		.n_bind_rules = 2},
	.ipc = {.abstract_unix = SCOPE_SESSION, .abstract_unix_rule = {.number = 6}},
};
static struct policy narrower = {
	.network = {.present = true,
		.connect = LIST_LISTED,
		.connect_rules = narrow,
		.n_connect_rules = 1,
		.bind = LIST_ANY,
		.bind_any = {.number = 7}},
	.ipc = {.abstract_unix = SCOPE_ANY, .abstract_unix_rule = {.number = 8}},
};
static struct policy anywhere = {
	.network = {.present = true,
		.connect = LIST_ANY,
		.connect_any = {.number = 9},
		.bind = LIST_ANY,
		.bind_any = {.number = 10}},
	.ipc = {.abstract_unix = SCOPE_ANY, .abstract_unix_rule = {.number = 11}},
};

#define LAYERS_MAX 3
struct layers {
	struct policy *of[LAYERS_MAX];
};

static struct policy_set set_of(struct layers *layers)
{
	struct policy_set set = {.layers = layers->of};

	while (set.n_layers < LAYERS_MAX && layers->of[set.n_layers])
		set.n_layers++;
	return set;
}

static void check(struct verdict got, int error, unsigned rule, size_t row)
{
	if (got.error != error || got.rule != rule)
		fail_msg("row %zu: got error %d rule %u, want error %d rule %u", row, got.error,
			got.rule, error, rule);
}

static void test_connect(void **state)
{
	static struct {
		struct layers layers;
		const char *address;
		uint16_t port;
		int error;
		unsigned rule;
	} rows[] = {
		{{{NULL}}, "10.0.0.1", 22, 0, 0},
		{{{&open_layer}}, "10.0.0.1", 22, 0, 0},
		{{{&closed}}, "10.0.0.1", 22, ECONNREFUSED, 0},
		{{{&listed}}, "10.0.0.1", 22, 0, 1},
		{{{&listed}}, "10.0.0.1", 80, 0, 2},
		{{{&listed}}, "10.0.0.1", 23, ECONNREFUSED, 0},
		{{{&listed}}, "11.0.0.1", 22, ECONNREFUSED, 0},
		{{{&listed}}, "11.0.0.1", 80, 0, 2},
		{{{&anywhere}}, "11.0.0.1", 22, 0, 9},
		/* Every layer must allow, in whatever order. */
		{{{&open_layer, &listed}}, "10.0.0.1", 22, 0, 1},
		{{{&listed, &open_layer}}, "10.0.0.1", 22, 0, 1},
		{{{&listed, &narrower}}, "10.1.0.1", 22, 0, 1},
		{{{&narrower, &listed}}, "10.1.0.1", 22, 0, 3},
		{{{&listed, &narrower}}, "10.0.0.1", 22, ECONNREFUSED, 0},
		{{{&narrower, &listed}}, "10.0.0.1", 22, ECONNREFUSED, 0},
		{{{&narrower, &listed}}, "10.1.0.1", 443, ECONNREFUSED, 0},
		{{{&anywhere, &listed}}, "11.0.0.1", 22, ECONNREFUSED, 0},
		{{{&anywhere, &listed, &closed}}, "10.0.0.1", 22, ECONNREFUSED, 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct policy_set set = set_of(&rows[i].layers);
		struct net_address address = {.family = AF_INET, .port = rows[i].port};

		assert_int_equal(inet_pton(AF_INET, rows[i].address, address.bytes), 1);
		check(verdict_connect(&set, NULL, ENDPOINT_TCP, &address), rows[i].error,
			rows[i].rule, i);
	}
}

static void test_connect_other_protocol(void **state)
{
	struct layers layers = {{&listed}};
	struct policy_set set = set_of(&layers);
	const struct net_address address = {.family = AF_INET, .bytes = {10, 0, 0, 1}, .port = 22};

	check(verdict_connect(&set, NULL, ENDPOINT_UDP, &address), ECONNREFUSED, 0, 0);
}

static void test_connect_unspec(void **state)
{
	struct layers layers = {{&closed}};
	struct policy_set set = set_of(&layers);
	const struct net_address unspec = {.family = AF_UNSPEC};

	check(verdict_connect(&set, NULL, ENDPOINT_TCP, &unspec), 0, 0, 0);
}

static void test_bind(void **state)
{
	static struct {
		struct layers layers;
		uint16_t port;
		int error;
		unsigned rule;
	} rows[] = {
		{{{NULL}}, 0, 0, 0},
		{{{&open_layer}}, 0, 0, 0},
		{{{&closed}}, 8000, EACCES, 0},
		{{{&closed}}, 0, EACCES, 0},
		{{{&listed}}, 8000, 0, 4},
		{{{&listed}}, 8100, 0, 4},
		{{{&listed}}, 8101, EACCES, 0},
		{{{&listed}}, 7999, EACCES, 0},
		{{{&listed}}, 9000, 0, 5},
		{{{&listed}}, 0, EACCES, 0},
		{{{&anywhere}}, 0, 0, 10},
		{{{&anywhere}}, 65535, 0, 10},
		{{{&anywhere, &listed}}, 9000, 0, 10},
		{{{&anywhere, &listed}}, 9001, EACCES, 0},
		{{{&listed, &anywhere}}, 9000, 0, 5},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct policy_set set = set_of(&rows[i].layers);

		check(verdict_bind(&set, rows[i].port), rows[i].error, rows[i].rule, i);
		if (rows[i].port == 0)
			check(verdict_listen_unbound(&set), rows[i].error, rows[i].rule, i);
	}
}

static void test_abstract(void **state)
{
	static struct {
		struct layers layers;
		int error;
		unsigned rule;
	} rows[] = {
		{{{NULL}}, 0, 0},
		{{{&open_layer}}, EPERM, 0}, /* not written: session */
		{{{&listed}}, EPERM, 6},
		{{{&narrower}}, 0, 8},
		{{{&narrower, &anywhere}}, 0, 8},
		{{{&anywhere, &listed}}, EPERM, 6},
		{{{&anywhere, &closed}}, EPERM, 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct policy_set set = set_of(&rows[i].layers);

		check(verdict_abstract(&set), rows[i].error, rows[i].rule, i);
	}
}

static void test_unix_restricted(void **state)
{
	struct layers open_only = {{&open_layer}}, both = {{&open_layer, &anywhere}};
	struct policy_set set = set_of(&open_only);

	assert_false(verdict_unix_restricted(&set));
	set = set_of(&both);
	assert_true(verdict_unix_restricted(&set));
}

static void test_common_sockets_are_plain_paths(void **state)
{
	size_t n = 0;

	for (; verdict_common_sockets[n]; n++) {
		const char *path = verdict_common_sockets[n], *star = strchr(path, '*');
		assert_int_equal(path[0], '/');
		if (star) {
			assert_string_equal(star, "*");
			assert_int_equal(star[-1], '/');
		}
	}
	assert_true(n > 0);
}

/* A layer that complains leaves word and decides nothing, whatever stands before or after it. */
static void test_complain(void **state)
{
	static struct policy tells, enforces;
	static struct {
		struct layers layers;
		int error;
		unsigned rule;
		int would;
	} rows[] = {
		{{{&tells}}, 0, 0, EACCES},
		{{{&tells, &enforces}}, EACCES, 0, 0},
		{{{&enforces, &tells}}, EACCES, 0, 0},
		{{{&tells, &open_layer}}, 0, 0, EACCES},
		{{{&open_layer, &tells}}, 0, 0, EACCES},
		{{{&anywhere, &tells}}, 0, 10, EACCES},
		{{{&tells, &anywhere}}, 0, 10, EACCES},
		{{{&tells, &tells, &listed}}, EACCES, 0, 0},
	};

	tells = closed;
	tells.complain = true;
	enforces = closed;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct policy_set set = set_of(&rows[i].layers);
		struct verdict got = verdict_bind(&set, 22);

		check(got, rows[i].error, rows[i].rule, i);
		assert_int_equal(got.would, rows[i].would);
		assert_int_equal(policy_set_enforces(&set), set.n_layers > 1);
		assert_int_equal(verdict_unix_restricted(&set),
			rows[i].error == EACCES || rows[i].rule == 10);
	}
}

static void test_mode(void **state)
{
	static struct policy tells = {.complain = true};
	struct layers layers = {{&tells, &open_layer, &tells}};
	struct policy_set set = set_of(&layers);

	assert_string_equal(policy_set_mode(&set), "mixed");
	set.n_layers = 1;
	assert_string_equal(policy_set_mode(&set), "complain");
	set.layers++;
	assert_string_equal(policy_set_mode(&set), "enforce");
	set.n_layers = 0;
	assert_true(policy_set_enforces(&set));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connect),
		cmocka_unit_test(test_complain),
		cmocka_unit_test(test_mode),
		cmocka_unit_test(test_connect_other_protocol),
		cmocka_unit_test(test_connect_unspec),
		cmocka_unit_test(test_bind),
		cmocka_unit_test(test_abstract),
		cmocka_unit_test(test_unix_restricted),
		cmocka_unit_test(test_common_sockets_are_plain_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
