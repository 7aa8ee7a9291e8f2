/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Verdicts on destinations as policies say them: connect and deny in the words of the language,
 * over one or two layers, with names that have resolved or not.
 */

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
#include "verdict.h"

#define WORDS_MAX 4

/*
 * Rules are numbered as written: 1, 2 ... for connect, 11, 12 ... for deny, and 9 for `any`. Those
 * of a second layer are 20 more.
 */
#define ANY_NUMBER       9
#define DENY_NUMBER      11
#define SECOND_LAYER     20
#define REFUSED(by_rule) ECONNREFUSED, by_rule

/* Both as a policy has them; NULL connect: no [network] section. */
struct words {
	const char *connect, *deny;
};

struct layer {
	struct policy policy;
	struct endpoint_rule connect[WORDS_MAX], deny[WORDS_MAX];
};

static size_t parse_rules(const char *words, unsigned number, struct endpoint_rule *rules)
{
	size_t n = 0;

	for (size_t length; words && *words; words += length + (words[length] == ' ')) {
		struct endpoint_error error;

		length = strcspn(words, " ");
		assert_true(n < WORDS_MAX);
		assert_int_equal(endpoint_parse(words, length, &rules[n].endpoint, &error), 0);
		rules[n].rule.number = number + (unsigned)n;
		n++;
	}
	return n;
}

static void layer_make(struct layer *layer, const struct words *words, unsigned base)
{
	struct policy *policy = &layer->policy;

	*layer = (struct layer){0};
	policy->network.present = words->connect != NULL;
	policy->network.connect_rules = layer->connect;
	policy->network.deny_rules = layer->deny;
	if (words->connect && strcmp(words->connect, "any") == 0) {
		policy->network.connect = LIST_ANY;
		policy->network.connect_any.number = base + ANY_NUMBER;
	} else if (words->connect && strcmp(words->connect, "none") != 0) {
		policy->network.connect = LIST_LISTED;
		policy->network.n_connect_rules = parse_rules(
			words->connect, base + 1, layer->connect);
	}
	policy->network.n_deny_rules = parse_rules(words->deny, base + DENY_NUMBER, layer->deny);
}

static void layer_done(struct layer *layer)
{
	for (size_t i = 0; i < WORDS_MAX; i++) {
		endpoint_done(&layer->connect[i].endpoint);
		endpoint_done(&layer->deny[i].endpoint);
	}
}

/* git.example.org is 192.0.2.10 and 2001:db8::10; the name lost.example.org did not resolve. */
static void resolve(struct names *names)
{
	for (size_t i = 0; i < names->n; i++) {
		struct name *name = &names->items[i];

		if (strcasecmp(name->host, "git.example.org") != 0)
			continue;
		name->n_addresses = 2;
		name->addresses[0] = (struct net_address){.family = AF_INET};
		name->addresses[1] = (struct net_address){.family = AF_INET6};
		inet_pton(AF_INET, "192.0.2.10", name->addresses[0].bytes);
		inet_pton(AF_INET6, "2001:db8::10", name->addresses[1].bytes);
	}
}

/* "udp://192.0.2.1:53": one destination, written as an endpoint; no port is port 0. */
static void parse_destination(
	const char *word, enum endpoint_protocol *ret_protocol, struct net_address *ret)
{
	struct endpoint endpoint;
	struct endpoint_error error;

	assert_int_equal(endpoint_parse(word, strlen(word), &endpoint, &error), 0);
	*ret_protocol = endpoint.protocol;
	*ret = (struct net_address){
		.family = endpoint.target == ENDPOINT_INET ? AF_INET : AF_INET6,
		.port = endpoint.n_ports ? endpoint.ports[0].first : 0,
	};
	memcpy(ret->bytes, endpoint.address, sizeof(ret->bytes));
	endpoint_done(&endpoint);
}

static struct verdict decide(const struct words words[2], const char *destination)
{
	struct layer first, second;
	struct policy *layers[] = {&first.policy, &second.policy};
	const struct policy_set set = {.layers = layers, .n_layers = ARRAY_SIZE(layers)};
	enum endpoint_protocol protocol;
	struct net_address address;
	struct verdict verdict;
	struct names names;

	layer_make(&first, &words[0], 0);
	layer_make(&second, &words[1], SECOND_LAYER);
	parse_destination(destination, &protocol, &address);
	assert_int_equal(names_collect(&set, &names), 0);
	resolve(&names);
	verdict = verdict_connect(&set, &names, protocol, &address);
	names_done(&names);
	layer_done(&first);
	layer_done(&second);
	return verdict;
}

static const struct {
	struct words layers[2];
	const char *destination;
	int error;
	unsigned rule;
} rows[] = {
	/* deny wins over connect, wherever it is written */
	{{{"10.0.0.0/8", "10.1.0.0/16"}}, "10.0.0.1:22", 0, 1},
	{{{"10.0.0.0/8", "10.1.0.0/16"}}, "10.1.0.1:22", REFUSED(11)},
	{{{"10.1.0.1:22", "10.0.0.0/8"}}, "10.1.0.1:22", REFUSED(11)},
	{{{"10.0.0.0/8", "*:25 10.1.0.0/16:22"}}, "10.0.0.1:25", REFUSED(11)},
	{{{"10.0.0.0/8", "*:25 10.1.0.0/16:22"}}, "10.1.0.1:22", REFUSED(12)},
	{{{"10.0.0.0/8", "*:25 10.1.0.0/16:22"}}, "10.1.0.1:23", 0, 1},
	{{{"10.0.0.0/8 *:80", "10.1.0.0/16"}}, "11.0.0.1:22", REFUSED(0)},
	/* each protocol for itself */
	{{{"10.0.0.0/8 udp://10.0.0.0/8", "10.1.0.0/16"}}, "udp://10.1.0.1:53", 0, 2},
	{{{"10.0.0.0/8 udp://10.0.0.0/8", "udp://10.1.0.0/16"}}, "10.1.0.1:53", 0, 1},
	{{{"10.0.0.0/8 udp://10.0.0.0/8", "udp://10.1.0.0/16"}}, "udp://10.1.0.1:53", REFUSED(11)},
	{{{"udp://10.0.0.53:53"}}, "udp://10.0.0.53:53", 0, 1},
	{{{"udp://10.0.0.53:53"}}, "udp://10.0.0.53:54", REFUSED(0)},
	{{{"udp://10.0.0.53:53"}}, "10.0.0.53:53", REFUSED(0)},
	{{{"icmp://10.0.0.0/8"}}, "icmp://10.0.0.1", 0, 1},
	{{{"icmp://10.0.0.0/8"}}, "10.0.0.1:1", REFUSED(0)},
	{{{"10.0.0.0/8"}}, "icmp://10.0.0.1", REFUSED(0)},
	/* any, minus some */
	{{{"any"}}, "192.0.2.1:1", 0, 9},
	{{{"any", "10.0.0.0/8 [fc00::]/7"}}, "192.0.2.1:1", 0, 9},
	{{{"any", "10.0.0.0/8 [fc00::]/7"}}, "udp://10.0.0.1:1", 0, 9},
	{{{"any", "10.0.0.0/8 [fc00::]/7"}}, "10.0.0.1:1", REFUSED(11)},
	{{{"any", "10.0.0.0/8 [fc00::]/7"}}, "[fd00::1]:1", REFUSED(12)},
	{{{"any", "10.0.0.0/8 [fc00::]/7"}}, "[2001:db8::1]:1", 0, 9},
	{{{"none", "10.0.0.0/8"}}, "10.0.0.1:1", REFUSED(11)},
	{{{"none", "10.0.0.0/8"}}, "192.0.2.1:1", REFUSED(0)},
	/* Addresses of many: connect must mean them, deny need not. */
	{{{"udp://224.0.0.251:5353"}}, "udp://224.0.0.251:5353", 0, 1},
	{{{"udp://*"}}, "udp://224.0.0.251:5353", REFUSED(0)},
	{{{"udp://0.0.0.0/0"}}, "udp://255.255.255.255:67", REFUSED(0)},
	{{{"udp://224.0.0.251:5353", "udp://*:5353"}}, "udp://224.0.0.251:5353", REFUSED(11)},
	{{{"udp://224.0.0.0/4", "udp://128.0.0.0/1"}}, "udp://224.0.0.251:5353", REFUSED(11)},
	{{{"udp://[ff02::fb]", "udp://[::]/0"}}, "udp://[ff02::fb]:5353", REFUSED(11)},
	{{{"udp://255.255.255.255", "udp://0.0.0.0/0"}}, "udp://255.255.255.255:67", REFUSED(11)},
	{{{"udp://255.255.255.255"}}, "udp://255.255.255.255:67", 0, 1},
	/* names */
	{{{"git.example.org:443"}}, "192.0.2.10:443", 0, 1},
	{{{"GIT.Example.org:443"}}, "192.0.2.10:443", 0, 1},
	{{{"git.example.org:443"}}, "[2001:db8::10]:443", 0, 1},
	{{{"git.example.org:443"}}, "192.0.2.10:80", REFUSED(0)},
	{{{"git.example.org:443"}}, "udp://192.0.2.10:443", REFUSED(0)},
	{{{"git.example.org:443"}}, "192.0.2.11:443", REFUSED(0)},
	{{{"icmp://git.example.org"}}, "icmp://192.0.2.10", 0, 1},
	{{{"lost.example.org:443"}}, "192.0.2.10:443", REFUSED(0)},
	{{{"lost.example.org git.example.org"}}, "192.0.2.10:443", 0, 2},
	{{{"git.example.org", "192.0.2.0/24"}}, "192.0.2.10:443", REFUSED(11)},
	/* Every layer must allow; the first that refuses is told. */
	{{{"10.0.0.0/8"}, {"10.1.0.0/16"}}, "10.1.0.1:22", 0, 1},
	{{{"10.0.0.0/8"}, {"10.1.0.0/16"}}, "10.2.0.1:22", REFUSED(0)},
	{{{"10.0.0.0/8"}, {"any", "10.1.0.0/16"}}, "10.1.0.1:22", REFUSED(31)},
	{{{"10.0.0.0/8"}, {"any", "10.1.0.0/16"}}, "10.2.0.1:22", 0, 1},
	{{{"any", "10.1.0.0/16"}, {"10.0.0.0/8"}}, "10.1.0.1:22", REFUSED(11)},
	{{{"git.example.org"}, {"192.0.2.0/24"}}, "192.0.2.10:22", 0, 1},
	{{{"192.0.2.0/24"}, {"lost.example.org"}}, "192.0.2.10:22", REFUSED(0)},
	{{{NULL}, {"any", "10.1.0.0/16"}}, "10.1.0.1:22", REFUSED(31)},
	{{{NULL}, {"any", "10.1.0.0/16"}}, "10.2.0.1:22", 0, 29},
};

static void test_rows(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct verdict got = decide(rows[i].layers, rows[i].destination);

		if (got.error != rows[i].error || got.rule != rows[i].rule)
			fail_msg("row %zu, %s to %s: error %d rule %u, want error %d rule %u", i,
				rows[i].layers[0].connect ? rows[i].layers[0].connect : "-",
				rows[i].destination, got.error, got.rule, rows[i].error,
				rows[i].rule);
	}
}

static void test_without_names(void **state)
{
	struct layer layer;
	struct policy *layers[] = {&layer.policy};
	const struct policy_set set = {.layers = layers, .n_layers = 1};
	const struct words words = {"git.example.org"};
	enum endpoint_protocol protocol;
	struct net_address address;

	layer_make(&layer, &words, 0);
	parse_destination("192.0.2.10:443", &protocol, &address);
	assert_int_equal(verdict_connect(&set, NULL, protocol, &address).error, ECONNREFUSED);
	layer_done(&layer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_without_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
