/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Destinations: what a sockaddr means (against this kernel's own answers), and who names it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "cleanup.h"
#include "endpoint.h"

/* A sockaddr of `family` for `address`; its full length. */
static size_t make_sockaddr(struct sockaddr_storage *storage, int family, const char *address,
	uint16_t port, uint32_t scope)
{
	struct sockaddr_in *in = (struct sockaddr_in *)storage;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)storage;

	memset(storage, 0, sizeof(*storage));
	storage->ss_family = (sa_family_t)family;
	in->sin_port = htons(port);
	if (family == AF_INET6) {
		in6->sin6_scope_id = scope;
		assert_int_equal(inet_pton(AF_INET6, address, &in6->sin6_addr), 1);
		return sizeof(*in6);
	}
	if (family == AF_INET)
		assert_int_equal(inet_pton(AF_INET, address, &in->sin_addr), 1);
	return sizeof(*in);
}

static void test_canonicalise(void **state)
{
	static const struct {
		int family;
		const char *address;
		uint32_t scope;
		const char *means;
	} rows[] = {
		{AF_INET, "192.0.2.1", 0, "192.0.2.1:22"},
		{AF_INET, "0.0.0.0", 0, "127.0.0.1:22"},
		{AF_INET, "0.0.0.1", 0, "0.0.0.1:22"},
		{AF_INET, "127.0.0.2", 0, "127.0.0.2:22"},
		{AF_INET6, "2001:db8::1", 0, "[2001:db8::1]:22"},
		{AF_INET6, "fe80::1", 2, "[fe80::1%2]:22"},
		{AF_INET6, "::", 0, "[::1]:22"},
		{AF_INET6, "::1", 0, "[::1]:22"},
		{AF_INET6, "::2", 0, "0.0.0.2:22"},
		{AF_INET6, "::ffff:10.0.0.1", 0, "10.0.0.1:22"},
		{AF_INET6, "::ffff:10.0.0.1", 7, "10.0.0.1:22"},
		{AF_INET6, "::ffff:0.0.0.0", 0, "127.0.0.1:22"},
		{AF_INET6, "::10.0.0.1", 0, "10.0.0.1:22"},
		{AF_INET6, "::fffe:10.0.0.1", 0, "[::fffe:a00:1]:22"},
		{AF_INET6, "64:ff9b::10.0.0.1", 0, "[64:ff9b::a00:1]:22"},
		{AF_INET6, "ffff::ffff:10.0.0.1", 0, "[ffff::ffff:a00:1]:22"},
		{AF_UNSPEC, "", 0, "unspecified"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct sockaddr_storage storage;
		struct net_address address;
		char text[ENDPOINT_TEXT_MAX];
		size_t n = make_sockaddr(
			&storage, rows[i].family, rows[i].address, 22, rows[i].scope);
		int domain = rows[i].family == AF_INET ? AF_INET : AF_INET6;

		assert_int_equal(endpoint_canonicalise(&storage, n, domain, &address), 0);
		assert_string_equal(endpoint_format(&address, text), rows[i].means);
	}
}

static void test_scope_id_only_when_sent(void **state)
{
	struct sockaddr_storage storage;
	struct net_address address;

	make_sockaddr(&storage, AF_INET6, "fe80::1", 22, 9);
	assert_int_equal(endpoint_canonicalise(&storage, 24, AF_INET6, &address), 0);
	assert_int_equal(address.scope_id, 0);
	assert_int_equal(endpoint_canonicalise(&storage, 27, AF_INET6, &address), 0);
	assert_int_equal(address.scope_id, 0);
	assert_int_equal(endpoint_canonicalise(&storage, 28, AF_INET6, &address), 0);
	assert_int_equal(address.scope_id, 9);
}

/* Malformed addresses: our answer, and that this kernel gives the same to connect(2). */
static void test_malformed_as_the_kernel(void **state)
{
	static const struct {
		int domain, family;
		size_t length;
		int error;
	} rows[] = {
		{AF_INET, AF_INET, 0, EINVAL},
		{AF_INET, AF_INET, 1, EINVAL},
		{AF_INET, AF_INET, 15, EINVAL},
		{AF_INET, AF_INET6, 15, EINVAL},
		{AF_INET, AF_INET6, 16, EAFNOSUPPORT},
		{AF_INET, AF_INET6, 28, EAFNOSUPPORT},
		{AF_INET, AF_UNIX, 16, EAFNOSUPPORT},
		{AF_INET, AF_INET, 129, EINVAL},
		{AF_INET, AF_INET, 4096, EINVAL},
		{AF_INET, AF_UNSPEC, 1, EINVAL},
		{AF_INET, AF_UNSPEC, 129, EINVAL},
		{AF_INET6, AF_INET6, 1, EINVAL},
		{AF_INET6, AF_INET6, 16, EINVAL},
		{AF_INET6, AF_INET6, 23, EINVAL},
		{AF_INET6, AF_INET, 16, EINVAL},
		{AF_INET6, AF_INET, 24, EAFNOSUPPORT},
		{AF_INET6, AF_INET, 28, EAFNOSUPPORT},
		{AF_INET6, 9999, 28, EAFNOSUPPORT},
		{AF_INET6, AF_INET6, 129, EINVAL},
	};
	static char bytes[4096];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_close_ int fd = socket(rows[i].domain, SOCK_STREAM | SOCK_CLOEXEC, 0);
		struct sockaddr_storage storage;
		struct net_address address = {.port = 77};

		make_sockaddr(&storage, rows[i].family == AF_INET6 ? AF_INET6 : AF_INET,
			rows[i].family == AF_INET6 ? "::1" : "127.0.0.1", 1, 0);
		storage.ss_family = (sa_family_t)rows[i].family;
		memcpy(bytes, &storage, sizeof(storage));
		assert_int_equal(
			endpoint_canonicalise(bytes, rows[i].length, rows[i].domain, &address),
			-rows[i].error);
		assert_int_equal(address.port, 77);
		if (fd < 0 && rows[i].domain == AF_INET6 && errno == EAFNOSUPPORT)
			continue; /* this kernel has no IPv6 */
		assert_true(fd >= 0);
		assert_int_equal(
			connect(fd, (struct sockaddr *)bytes, (socklen_t)rows[i].length), -1);
		assert_int_equal(errno, rows[i].error);
	}
}

static void test_other_domains(void **state)
{
	struct sockaddr_storage storage;
	struct net_address address;
	size_t n = make_sockaddr(&storage, AF_INET, "192.0.2.1", 22, 0);

	assert_int_equal(endpoint_canonicalise(&storage, n, AF_UNIX, &address), -EAFNOSUPPORT);
}

static void test_unspec_of_two_bytes(void **state)
{
	struct net_address address = {.family = AF_INET, .port = 1};
	sa_family_t family = AF_UNSPEC;

	assert_int_equal(endpoint_canonicalise(&family, sizeof(family), AF_INET6, &address), 0);
	assert_int_equal(address.family, AF_UNSPEC);
	assert_int_equal(address.port, 0);
}

static void test_pin(void **state)
{
	static const struct {
		int family;
		const char *address, *pinned;
	} rows[] = {
		{AF_INET, "0.0.0.0", "127.0.0.1"},
		{AF_INET, "192.0.2.1", "192.0.2.1"},
		{AF_INET6, "::", "::1"},
		{AF_INET6, "::ffff:0.0.0.0", "::ffff:127.0.0.1"},
		{AF_INET6, "::ffff:192.0.2.1", "::ffff:192.0.2.1"},
		{AF_INET6, "2001:db8::1", "2001:db8::1"},
		{AF_INET6, "::10.0.0.1", "::10.0.0.1"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct sockaddr_storage storage, expected;
		struct net_address address;
		size_t n = make_sockaddr(&storage, rows[i].family, rows[i].address, 22, 3);

		assert_int_equal(endpoint_canonicalise(&storage, n, rows[i].family, &address), 0);
		endpoint_pin(&storage, n, &address);
		make_sockaddr(&expected, rows[i].family, rows[i].pinned, 22, 3);
		assert_memory_equal(&storage, &expected, sizeof(storage));
	}
}

static void test_matches(void **state)
{
	static const struct {
		const char *word, *address;
		uint16_t port;
		bool matches;
	} rows[] = {
		{"*", "192.0.2.1", 22, true},
		{"*", "2001:db8::1", 22, true},
		{"*:22", "192.0.2.1", 22, true},
		{"*:22", "192.0.2.1", 23, false},
		{"*:22", "192.0.2.1", 0, false},
		{"*", "192.0.2.1", 0, true},
		{"10.0.0.0/8:22", "10.255.255.255", 22, true},
		{"10.0.0.0/8:22", "11.0.0.0", 22, false},
		{"10.0.0.0/9", "10.127.0.1", 22, true},
		{"10.0.0.0/9", "10.128.0.1", 22, false},
		{"10.0.0.0/31", "10.0.0.1", 22, true},
		{"10.0.0.0/31", "10.0.0.2", 22, false},
		{"0.0.0.0/0", "192.0.2.1", 22, true},
		{"0.0.0.0/0", "2001:db8::1", 22, false},
		{"[::]/0", "2001:db8::1", 22, true},
		{"[::]/0", "192.0.2.1", 22, false},
		{"[::]/0", "::ffff:192.0.2.1", 22, false},
		{"192.0.2.1", "::ffff:192.0.2.1", 22, true},
		{"192.0.2.1", "::192.0.2.1", 22, true},
		{"[::ffff:192.0.2.1]", "192.0.2.1", 22, true},
		{"127.0.0.1", "0.0.0.0", 22, true},
		{"0.0.0.0", "127.0.0.1", 22, true},
		{"[::1]", "::", 22, true},
		{"127.0.0.1", "::1", 22, false},
		{"127.0.0.1", "::ffff:0.0.0.0", 22, true},
		{"[2001:db8::]/33", "2001:db8:7fff::1", 22, true},
		{"[2001:db8::]/33", "2001:db8:8000::1", 22, false},
		{"[fe80::1]", "fe80::1", 22, true},
		{"[2001:db8::1]:1000-2000,3000", "2001:db8::1", 1500, true},
		{"[2001:db8::1]:1000-2000,3000", "2001:db8::1", 3000, true},
		{"[2001:db8::1]:1000-2000,3000", "2001:db8::1", 2001, false},
		{"udp://192.0.2.1", "192.0.2.1", 22, false},
		{"icmp://192.0.2.1", "192.0.2.1", 22, false},
		{"localhost", "127.0.0.1", 22, false},
		/* Addresses of many. */
		{"*", "224.0.0.1", 22, false},
		{"0.0.0.0/0", "224.0.0.1", 22, false},
		{"224.0.0.0/3", "224.0.0.1", 22, false},
		{"224.0.0.0/4", "239.1.2.3", 22, true},
		{"224.0.0.251", "224.0.0.251", 22, true},
		{"*", "ff02::1", 22, false},
		{"[::]/0", "ff02::1", 22, false},
		{"[ff00::]/8", "ff02::1", 22, true},
		{"*", "255.255.255.255", 22, false},
		{"255.255.255.0/24", "255.255.255.255", 22, false},
		{"255.255.255.255", "255.255.255.255", 22, true},
		{"*", "::ffff:224.0.0.1", 22, false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int family = strchr(rows[i].address, ':') ? AF_INET6 : AF_INET;
		struct sockaddr_storage storage;
		struct net_address address;
		struct endpoint endpoint;
		struct endpoint_error error;
		size_t n = make_sockaddr(&storage, family, rows[i].address, rows[i].port, 0);

		assert_int_equal(endpoint_canonicalise(&storage, n, family, &address), 0);
		assert_int_equal(
			endpoint_parse(rows[i].word, strlen(rows[i].word), &endpoint, &error), 0);
		if (endpoint_matches(&endpoint, ENDPOINT_TCP, &address) != rows[i].matches)
			fail_msg("%s and %s port %u", rows[i].word, rows[i].address, rows[i].port);
		endpoint_done(&endpoint);
	}
}

static void test_unspec_matches_nothing(void **state)
{
	const struct endpoint any = {.target = ENDPOINT_ANY};
	const struct net_address unspec = {.family = AF_UNSPEC};

	assert_false(endpoint_matches(&any, ENDPOINT_TCP, &unspec));
}

static void test_icmp_has_no_ports(void **state)
{
	struct port_range port = {22, 22};
	const struct endpoint odd = {.protocol = ENDPOINT_ICMP, .ports = &port, .n_ports = 1};
	const struct net_address address = {.family = AF_INET, .bytes = {192, 0, 2, 1}};

	assert_true(endpoint_matches(&odd, ENDPOINT_ICMP, &address));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_canonicalise),
		cmocka_unit_test(test_scope_id_only_when_sent),
		cmocka_unit_test(test_malformed_as_the_kernel),
		cmocka_unit_test(test_other_domains),
		cmocka_unit_test(test_unspec_of_two_bytes),
		cmocka_unit_test(test_pin),
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_unspec_matches_nothing),
		cmocka_unit_test(test_icmp_has_no_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
