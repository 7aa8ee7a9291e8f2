/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of host names: which there are, and what they have resolved to. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "names.h"
#include "policy.h"

#define ENDPOINTS_MAX (NAMES_MAX + 1)

/* A layer whose connect rules are for the given hosts; NULL: an address. */
struct layer {
	struct policy policy;
	struct endpoint_rule rules[ENDPOINTS_MAX];
};

static void layer_add(struct layer *layer, char *host)
{
	struct endpoint_rule *rule = &layer->rules[layer->policy.network.n_connect_rules++];

	layer->policy.network.present = true;
	layer->policy.network.connect = LIST_LISTED;
	layer->policy.network.connect_rules = layer->rules;
	rule->endpoint.target = host ? ENDPOINT_HOST : ENDPOINT_INET;
	rule->endpoint.host = host;
}

static struct net_address address_of(const char *text, uint16_t port)
{
	struct net_address address = {
		.family = strchr(text, ':') ? AF_INET6 : AF_INET, .port = port};

	assert_int_equal(inet_pton(address.family, text, address.bytes), 1);
	return address;
}

static void resolve(struct names *names, const char *host, const char *text)
{
	for (size_t i = 0; i < names->n; i++) {
		struct name *name = &names->items[i];

		if (strcmp(name->host, host) != 0)
			continue;
		name->addresses[name->n_addresses++] = address_of(text, 0);
		return;
	}
	fail_msg("%s is not in the table", host);
}

static bool matches(const struct names *names, const char *host, const char *text)
{
	struct net_address address = address_of(text, 443);

	return names_match(names, host, &address);
}

static char git[] = "git.example.org", web[] = "www.example.org", GIT[] = "GIT.example.ORG";

static void test_collect(void **state)
{
	static struct layer first, second;
	struct policy *layers[] = {&first.policy, &second.policy};
	const struct policy_set set = {.layers = layers, .n_layers = ARRAY_SIZE(layers)};
	struct names names;

	layer_add(&first, NULL);
	layer_add(&first, git);
	layer_add(&first, git);
	layer_add(&second, web);
	layer_add(&second, GIT); /* names know no case */
	assert_int_equal(names_collect(&set, &names), 0);
	assert_int_equal(names.n, 2);
	assert_string_equal(names.items[0].host, git);
	assert_string_equal(names.items[1].host, web);
	assert_int_equal(names.items[0].n_addresses, 0);
	names_done(&names);
	assert_int_equal(names.n, 0);
	assert_null(names.items);
}

static void test_collect_none(void **state)
{
	static struct layer addresses;
	struct policy *layers[] = {&addresses.policy};
	struct policy_set set = {.layers = layers, .n_layers = 0};
	struct names names = {.n = 7};

	assert_int_equal(names_collect(&set, &names), 0);
	assert_int_equal(names.n, 0);
	layer_add(&addresses, NULL);
	set.n_layers = 1;
	assert_int_equal(names_collect(&set, &names), 0);
	assert_int_equal(names.n, 0);
	assert_null(names.items); /* costs nothing where there are none */
}

static void test_collect_too_many(void **state)
{
	static struct layer many;
	static char hosts[NAMES_MAX + 1][16];
	struct policy *layers[] = {&many.policy};
	const struct policy_set set = {.layers = layers, .n_layers = 1};
	struct names names;

	for (size_t i = 0; i < NAMES_MAX; i++) {
		snprintf(hosts[i], sizeof(hosts[i]), "host%zu", i);
		layer_add(&many, hosts[i]);
	}
	assert_int_equal(names_collect(&set, &names), 0);
	assert_int_equal(names.n, NAMES_MAX);
	names_done(&names);
	names.n = 7;
	snprintf(hosts[NAMES_MAX], sizeof(hosts[NAMES_MAX]), "one-more");
	layer_add(&many, hosts[NAMES_MAX]);
	assert_int_equal(names_collect(&set, &names), -E2BIG);
	assert_int_equal(names.n, 7);
}

static void test_match(void **state)
{
	static struct layer layer;
	struct policy *layers[] = {&layer.policy};
	const struct policy_set set = {.layers = layers, .n_layers = 1};
	struct names names;

	layer_add(&layer, git);
	layer_add(&layer, web);
	assert_int_equal(names_collect(&set, &names), 0);
	assert_false(matches(&names, git, "192.0.2.1")); /* not resolved grants nothing */
	resolve(&names, git, "192.0.2.1");
	resolve(&names, git, "2001:db8::1");
	assert_true(matches(&names, git, "192.0.2.1"));
	assert_true(matches(&names, GIT, "192.0.2.1"));
	assert_true(matches(&names, git, "2001:db8::1"));
	assert_false(matches(&names, git, "192.0.2.2"));
	assert_false(matches(&names, git, "2001:db8::2"));
	assert_false(matches(&names, web, "192.0.2.1"));
	assert_false(matches(&names, "example.org", "192.0.2.1"));
	/* The same bytes in the other family: c000:201:: begins as 192.0.2.1 does. */
	assert_false(matches(&names, git, "c000:201::"));
	assert_false(matches(NULL, git, "192.0.2.1"));
	names_done(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_collect),
		cmocka_unit_test(test_collect_none),
		cmocka_unit_test(test_collect_too_many),
		cmocka_unit_test(test_match),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
