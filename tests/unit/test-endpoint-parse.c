/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The endpoint grammar: what each word means, and where a wrong one is wrong. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "endpoint.h"

/* An endpoint in a form that tables can hold: "tcp 10.0.0.0/8 22-22,443-443". */
static const char *describe(const struct endpoint *e, char *buffer, size_t size)
{
	static const char *const protocols[] = {"tcp", "udp", "icmp"};
	char address[INET6_ADDRSTRLEN];
	int n = snprintf(buffer, size, "%s ", protocols[e->protocol]);

	if (e->target == ENDPOINT_ANY)
		n += snprintf(buffer + n, size - n, "*");
	else if (e->target == ENDPOINT_HOST)
		n += snprintf(buffer + n, size - n, "%s", e->host);
	else
		n += snprintf(buffer + n, size - n, "%s/%u",
			inet_ntop(e->target == ENDPOINT_INET ? AF_INET : AF_INET6, e->address,
				address, sizeof(address)),
			e->prefix);
	for (size_t i = 0; i < e->n_ports; i++)
		n += snprintf(buffer + n, size - n, "%c%u-%u", i ? ',' : ' ', e->ports[i].first,
			e->ports[i].last);
	return buffer;
}

#define L63 "abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-123456789"
#define HOST253                                                                                    \
	L63 "." L63 "." L63 "."                                                                    \
	    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz123456789"

static void test_parse(void **state)
{
	static const struct {
		const char *word, *means;
	} rows[] = {
		{"*", "tcp *"},
		{"*:*", "tcp *"},
		{"*:80,443", "tcp * 80-80,443-443"},
		{"tcp://*:22", "tcp * 22-22"},
		{"udp://10.20.0.53:53", "udp 10.20.0.53/32 53-53"},
		{"icmp://10.0.0.0/8", "icmp 10.0.0.0/8"},
		{"192.0.2.1", "tcp 192.0.2.1/32"},
		{"192.0.2.1/32:1", "tcp 192.0.2.1/32 1-1"},
		{"10.20.0.0/16:22", "tcp 10.20.0.0/16 22-22"},
		{"0.0.0.0/0", "tcp 0.0.0.0/0"},
		{"128.0.0.0/1", "tcp 128.0.0.0/1"},
		{"255.255.255.255:65535", "tcp 255.255.255.255/32 65535-65535"},
		{"[2001:db8::1]:22", "tcp 2001:db8::1/128 22-22"},
		{"[2001:db8:20::]/48:22", "tcp 2001:db8:20::/48 22-22"},
		{"[::]/0:443", "tcp ::/0 443-443"},
		{"[::1]", "tcp ::1/128"},
		{"[FE80::1]", "tcp fe80::1/128"},
		{"[1:0:0:0:0:0:0:8]", "tcp 1::8/128"},
		/* What the kernel would talk to. */
		{"0.0.0.0:22", "tcp 127.0.0.1/32 22-22"},
		{"[::]:22", "tcp ::1/128 22-22"},
		{"[::ffff:10.0.0.1]:22", "tcp 10.0.0.1/32 22-22"},
		{"[::ffff:a00:1]", "tcp 10.0.0.1/32"},
		{"[::ffff:10.0.0.0]/104", "tcp 10.0.0.0/8"},
		{"[::ffff:0.0.0.0]/96", "tcp 0.0.0.0/0"},
		{"[::ffff:0.0.0.0]", "tcp 127.0.0.1/32"},
		{"[::10.0.0.1]", "tcp 10.0.0.1/32"},
		{"[::]/96", "tcp ::/96"},
		/* Ports: sorted, joined. */
		{"*:443,80", "tcp * 80-80,443-443"},
		{"*:80,80", "tcp * 80-80"},
		{"*:8000-8100,22,8050-9000", "tcp * 22-22,8000-9000"},
		{"*:1-10,11-20", "tcp * 1-20"},
		{"*:1-100,5-6,101", "tcp * 1-101"},
		{"*:1-65535,65535", "tcp * 1-65535"},
		{"*:7-7", "tcp * 7-7"},
		/* Names. */
		{"gitlab.example.org:443", "tcp gitlab.example.org 443-443"},
		{"a", "tcp a"},
		{"3com.example", "tcp 3com.example"},
		{"1.2.3.4a", "tcp 1.2.3.4a"},
		{"xn--bcher-kva.example", "tcp xn--bcher-kva.example"},
		{"UPPER.Example", "tcp UPPER.Example"},
		{L63 ".x", "tcp " L63 ".x"},
		{HOST253, "tcp " HOST253},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct endpoint endpoint;
		struct endpoint_error error = {0};
		char text[512];
		int r = endpoint_parse(rows[i].word, strlen(rows[i].word), &endpoint, &error);

		if (r != 0)
			fail_msg("%s: %s", rows[i].word, error.text);
		assert_string_equal(describe(&endpoint, text, sizeof(text)), rows[i].means);
		endpoint_done(&endpoint);
	}
}

static void test_parse_refuses(void **state)
{
	static const struct {
		const char *word, *id;
		size_t offset, length;
	} rows[] = {
		{"", "missing-target", 0, 0},
		{":22", "missing-target", 0, 0},
		{"tcp://", "missing-target", 6, 0},
		{"tcp://:22", "missing-target", 6, 0},
		{"http://a", "bad-scheme", 0, 4},
		{"TCP://a", "bad-scheme", 0, 3},
		{"://a", "bad-scheme", 0, 0},
		{"tcp://udp://a", "bad-port", 10, 3},
		{"10.0.0.1/8", "host-bits", 0, 10},
		{"10.0.0.0/33", "bad-prefix", 8, 3},
		{"10.0.0.0/", "bad-prefix", 8, 1},
		{"10.0.0.0/08", "bad-prefix", 8, 3},
		{"10.0.0.0/+8", "bad-prefix", 8, 3},
		{"10.0.0.0/8/8", "bad-prefix", 8, 4},
		{"[2001:db8::1]/32", "host-bits", 0, 16},
		{"[::]/129", "bad-prefix", 4, 4},
		{"256.0.0.1", "bad-address", 0, 9},
		{"10.0.0", "bad-address", 0, 6},
		{"10.0.0.0.1", "bad-address", 0, 10},
		{"10.0.0.01", "bad-address", 0, 9},
		{"10..0.1", "bad-address", 0, 7},
		{"0x7f.1", "bad-address", 0, 6},
		{"2130706433", "bad-address", 0, 10},
		{"example.org/8", "bad-address", 0, 11},
		{"*/8", "bad-address", 0, 1},
		{"example.123", "bad-address", 0, 11},
		{"2001:db8::1", "ipv6-brackets", 0, 11},
		{"fe80::1", "ipv6-brackets", 0, 7},
		{"[2001:db8::1", "bad-address", 0, 12},
		{"[10.0.0.1]", "bad-address", 1, 8},
		{"[fe80::1%eth0]", "bad-address", 1, 12},
		{"[2001:0db8::1]", "bad-address", 1, 12},
		{"[::ffff:010.0.0.1]", "bad-address", 1, 16},
		{"[1:2]", "bad-address", 1, 3},
		{"[]", "bad-address", 1, 0},
		{"[::1]22", "bad-address", 5, 2},
		{"[::1].org", "bad-address", 5, 4},
		{"*:0", "bad-port", 2, 1},
		{"*:", "bad-port", 2, 0},
		{"*:65536", "bad-port", 2, 5},
		{"*:4294967318", "bad-port", 2, 10},
		{"*:022", "bad-port", 2, 3},
		{"*:22,", "bad-port", 5, 0},
		{"*:,22", "bad-port", 2, 0},
		{"*:22,x,23", "bad-port", 5, 1},
		{"*:100-22", "bad-port", 2, 6},
		{"*:1-2-3", "bad-port", 2, 5},
		{"*:-22", "bad-port", 2, 3},
		{"*:22-", "bad-port", 2, 3},
		{"*:22,*", "bad-port", 5, 1},
		{"*:ssh", "bad-port", 2, 3},
		{"icmp://10.0.0.1:7", "icmp-ports", 16, 1},
		{"icmp://10.0.0.1:*", "icmp-ports", 16, 1},
		{"*.example.org", "bad-host-name", 0, 13},
		{"example.org.", "bad-host-name", 0, 12},
		{".example", "bad-host-name", 0, 8},
		{"a..b", "bad-host-name", 0, 4},
		{"-a.example", "bad-host-name", 0, 10},
		{"a-.example", "bad-host-name", 0, 10},
		{"a_b.example", "bad-host-name", 0, 11},
		{"b\303\274cher.example", "bad-host-name", 0, 15},
		{L63 "x.org", "bad-host-name", 0, 68},
		{HOST253 "x", "bad-host-name", 0, 254},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct endpoint endpoint = {.prefix = 77};
		struct endpoint_error error = {0};
		int r = endpoint_parse(rows[i].word, strlen(rows[i].word), &endpoint, &error);

		if (r != ENDPOINT_E_SYNTAX || strcmp(error.id, rows[i].id) != 0 ||
			error.offset != rows[i].offset || error.length != rows[i].length)
			fail_msg("%s: got %d %s at %zu+%zu, want %s at %zu+%zu", rows[i].word, r,
				error.id ? error.id : "-", error.offset, error.length, rows[i].id,
				rows[i].offset, rows[i].length);
		assert_int_equal(endpoint.prefix, 77);
		assert_true(strlen(error.text) > 0);
	}
}

static void test_parse_ports(void **state)
{
	struct endpoint_error error;
	struct port_range *ranges = NULL;
	size_t n = 0;

	assert_int_equal(endpoint_parse_ports("443,22,8000-8100 rest", 16, &ranges, &n, &error), 0);
	assert_int_equal(n, 3);
	assert_int_equal(ranges[0].first, 22);
	assert_int_equal(ranges[2].last, 8100);
	free(ranges);
	ranges = NULL;
	assert_int_equal(endpoint_parse_ports("*", 1, &ranges, &n, &error), ENDPOINT_E_SYNTAX);
	assert_string_equal(error.id, "bad-port");
	assert_null(ranges);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test(test_parse_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
