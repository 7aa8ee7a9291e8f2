/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Destinations of datagrams: what a sockaddr becomes, and that this kernel sends the result to
 * where it would have sent the original; then what a deny rule covers and a name matches.
 */

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
#include "names.h"

static size_t make_sockaddr(
	struct sockaddr_storage *storage, int family, const char *address, uint16_t port)
{
	struct sockaddr_in *in = (struct sockaddr_in *)storage;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)storage;
	bool inet6 = strchr(address, ':') != NULL;

	memset(storage, 0, sizeof(*storage));
	storage->ss_family = (sa_family_t)family;
	in->sin_port = htons(port);
	assert_int_equal(inet_pton(inet6 ? AF_INET6 : AF_INET, address,
				 inet6 ? (void *)&in6->sin6_addr : (void *)&in->sin_addr),
		1);
	return inet6 ? sizeof(*in6) : sizeof(*in);
}

static void test_canonicalise(void **state)
{
	static const struct {
		int domain, family;
		const char *address;
		size_t length; /* 0: all of it */
		int error;
		const char *means; /* NULL: no address */
		int family_after;
	} rows[] = {
		{AF_INET, AF_INET, "192.0.2.1", 0, 0, "192.0.2.1:53", AF_INET},
		{AF_INET, AF_INET, "192.0.2.1", 28, 0, "192.0.2.1:53", AF_INET},
		{AF_INET, AF_INET, "0.0.0.0", 0, 0, "127.0.0.1:53", AF_INET},
		/* udp_sendmsg(): AF_UNSPEC is AF_INET ... */
		{AF_INET, AF_UNSPEC, "192.0.2.1", 0, 0, "192.0.2.1:53", AF_INET},
		{AF_INET, AF_UNSPEC, "192.0.2.1", 15, EINVAL, NULL, 0},
		{AF_INET, AF_UNSPEC, "192.0.2.1", 2, EINVAL, NULL, 0},
		{AF_INET, AF_INET6, "2001:db8::1", 0, EAFNOSUPPORT, NULL, 0},
		{AF_INET, AF_UNIX, "192.0.2.1", 0, EAFNOSUPPORT, NULL, 0},
		{AF_INET, AF_INET, "192.0.2.1", 15, EINVAL, NULL, 0},
		{AF_INET, AF_INET, "192.0.2.1", 1, EINVAL, NULL, 0},
		{AF_INET6, AF_INET6, "2001:db8::1", 0, 0, "[2001:db8::1]:53", AF_INET6},
		{AF_INET6, AF_INET6, "2001:db8::1", 24, 0, "[2001:db8::1]:53", AF_INET6},
		{AF_INET6, AF_INET6, "2001:db8::1", 23, EINVAL, NULL, 0},
		{AF_INET6, AF_INET6, "::ffff:192.0.2.1", 0, 0, "192.0.2.1:53", AF_INET6},
		{AF_INET6, AF_INET6, "::", 0, 0, "[::1]:53", AF_INET6},
		{AF_INET6, AF_INET, "192.0.2.1", 0, 0, "192.0.2.1:53", AF_INET},
		{AF_INET6, AF_INET, "192.0.2.1", 15, EINVAL, NULL, 0},
		/* ... and udpv6_sendmsg(): AF_UNSPEC is no address. */
		{AF_INET6, AF_UNSPEC, "2001:db8::1", 0, 0, NULL, AF_UNSPEC},
		{AF_INET6, AF_UNSPEC, "192.0.2.1", 2, 0, NULL, AF_UNSPEC},
		{AF_INET6, AF_UNSPEC, "192.0.2.1", 1, EINVAL, NULL, 0},
		{AF_UNIX, AF_INET, "192.0.2.1", 0, EAFNOSUPPORT, NULL, 0},
		{AF_UNIX, AF_UNSPEC, "192.0.2.1", 0, EAFNOSUPPORT, NULL, 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct sockaddr_storage storage;
		struct net_address address = {.port = 77};
		char text[ENDPOINT_TEXT_MAX];
		size_t full = make_sockaddr(&storage, rows[i].family, rows[i].address, 53);
		size_t length = rows[i].length ? rows[i].length : full, before = length;
		int r = endpoint_canonicalise_datagram(&storage, &length, rows[i].domain, &address);

		if (r != -rows[i].error)
			fail_msg("row %zu: %d, want %d", i, r, -rows[i].error);
		if (rows[i].error) {
			assert_int_equal(address.port, 77);
			continue;
		}
		assert_int_equal(length, rows[i].means ? before : 0);
		assert_int_equal(storage.ss_family, rows[i].family_after);
		assert_string_equal(endpoint_format(&address, text),
			rows[i].means ? rows[i].means : "unspecified");
	}
}

/* A socket that hears what is sent to its port of loopback, whatever the family. */
static int listener(uint16_t *ret_port)
{
	struct sockaddr_in6 address = {.sin6_family = AF_INET6};
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return fd;
	assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	*ret_port = ntohs(address.sin6_port);
	return fd;
}

/* 0, or the errno of sending one byte. */
static int send_byte(int domain, struct sockaddr_storage *to, size_t length)
{
	_cleanup_close_ int fd = socket(domain, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	return sendto(fd, "x", 1, 0, length ? (struct sockaddr *)to : NULL, (socklen_t)length) < 0
		       ? errno
		       : 0;
}

static bool heard(int fd)
{
	char byte;

	return recv(fd, &byte, 1, 0) == 1;
}

/* What we make of an address is answered, and heard, as the address itself is. */
static void test_as_the_kernel(void **state)
{
	static const struct {
		int domain, family;
		const char *address;
	} rows[] = {
		{AF_INET, AF_INET, "127.0.0.1"},
		{AF_INET, AF_INET, "0.0.0.0"},
		{AF_INET, AF_UNSPEC, "127.0.0.1"},
		{AF_INET, AF_UNSPEC, "0.0.0.0"},
		{AF_INET6, AF_INET6, "::1"},
		{AF_INET6, AF_INET6, "::"},
		{AF_INET6, AF_INET6, "::ffff:127.0.0.1"},
		{AF_INET6, AF_INET6, "::ffff:0.0.0.0"},
		{AF_INET6, AF_INET, "127.0.0.1"},
		{AF_INET6, AF_INET, "0.0.0.0"},
		{AF_INET6, AF_UNSPEC, "::1"},
	};
	uint16_t port = 0;
	_cleanup_close_ int fd = listener(&port);

	if (fd < 0)
		skip(); /* this kernel has no IPv6 */
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct sockaddr_storage storage;
		struct net_address address;
		size_t n = make_sockaddr(&storage, rows[i].family, rows[i].address, port);
		int native = send_byte(rows[i].domain, &storage, n), ours;
		bool native_heard = heard(fd);

		assert_int_equal(
			endpoint_canonicalise_datagram(&storage, &n, rows[i].domain, &address), 0);
		if (n > 0)
			endpoint_pin(&storage, n, &address);
		ours = send_byte(rows[i].domain, &storage, n);
		if (ours != native || heard(fd) != native_heard)
			fail_msg("row %zu: %d, natively %d", i, ours, native);
		assert_int_equal(native_heard, native == 0);
	}
}

/* A deny rule asks for no meaning: large networks hold multicast and broadcast, too. */
static void test_covers(void **state)
{
	static const struct {
		const char *word, *address;
		bool covers, matches;
	} rows[] = {
		{"udp://*", "192.0.2.1", true, true},
		{"udp://*", "224.0.0.1", true, false},
		{"udp://*:53", "224.0.0.1", true, false},
		{"udp://*:54", "224.0.0.1", false, false},
		{"*", "192.0.2.1", false, false},
		{"udp://0.0.0.0/0", "255.255.255.255", true, false},
		{"udp://255.255.255.0/24", "255.255.255.255", true, false},
		{"udp://128.0.0.0/1", "239.0.0.1", true, false},
		{"udp://224.0.0.0/4", "239.0.0.1", true, true},
		{"udp://[::]/0", "ff02::1", true, false},
		{"udp://[::]/0", "192.0.2.1", false, false},
		{"udp://name.example", "192.0.2.1", false, false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int family = strchr(rows[i].address, ':') ? AF_INET6 : AF_INET;
		struct net_address address = {.family = (sa_family_t)family, .port = 53};
		struct endpoint endpoint;
		struct endpoint_error error;

		assert_int_equal(inet_pton(family, rows[i].address, address.bytes), 1);
		assert_int_equal(
			endpoint_parse(rows[i].word, strlen(rows[i].word), &endpoint, &error), 0);
		if (endpoint_covers(&endpoint, ENDPOINT_UDP, &address) != rows[i].covers ||
			endpoint_matches(&endpoint, ENDPOINT_UDP, &address) != rows[i].matches)
			fail_msg("%s and %s", rows[i].word, rows[i].address);
		endpoint_done(&endpoint);
	}
}

static void test_is_multicast(void **state)
{
	static const struct {
		const char *word;
		bool is_multicast;
	} rows[] = {
		{"udp://224.0.0.251:5353", true},
		{"224.0.0.0/4", true},
		{"icmp://239.255.255.255", true},
		{"udp://[ff00::]/8", true},
		{"udp://[ff02::fb]", true},
		{"udp://224.0.0.0/3", false},
		{"udp://0.0.0.0/0", false},
		{"udp://[fe00::]/7", false},
		{"udp://[fe80::1]", false},
		{"udp://223.255.255.255", false},
		{"udp://240.0.0.0/4", false},
		{"udp://255.255.255.255", false},
		{"udp://*", false},
		{"udp://name.example", false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct endpoint endpoint;
		struct endpoint_error error;

		assert_int_equal(
			endpoint_parse(rows[i].word, strlen(rows[i].word), &endpoint, &error), 0);
		if (endpoint_is_multicast(&endpoint) != rows[i].is_multicast)
			fail_msg("%s", rows[i].word);
		endpoint_done(&endpoint);
	}
}

static void test_nothing_covers_unspec(void **state)
{
	const struct endpoint any = {.target = ENDPOINT_ANY};
	const struct net_address unspec = {.family = AF_UNSPEC};

	assert_false(endpoint_covers(&any, ENDPOINT_TCP, &unspec));
}

static void test_matches_name(void **state)
{
	static char host[] = "git.example.org";
	struct port_range port = {22, 22};
	struct endpoint endpoint = {
		.target = ENDPOINT_HOST, .host = host, .ports = &port, .n_ports = 1};
	struct net_address address = {.family = AF_INET, .bytes = {192, 0, 2, 1}, .port = 22};
	struct name name = {.host = host};
	const struct names names = {.items = &name, .n = 1};

	assert_false(endpoint_matches_name(&endpoint, &names, ENDPOINT_TCP, &address));
	name.addresses[0] = (struct net_address){.family = AF_INET, .bytes = {192, 0, 2, 1}};
	name.n_addresses = 1;
	assert_true(endpoint_matches_name(&endpoint, &names, ENDPOINT_TCP, &address));
	assert_false(endpoint_matches_name(&endpoint, NULL, ENDPOINT_TCP, &address));
	assert_false(endpoint_matches_name(&endpoint, &names, ENDPOINT_UDP, &address));
	address.port = 23;
	assert_false(endpoint_matches_name(&endpoint, &names, ENDPOINT_TCP, &address));
	address.port = 22;
	address.bytes[3] = 2;
	assert_false(endpoint_matches_name(&endpoint, &names, ENDPOINT_TCP, &address));
	address.family = AF_UNSPEC;
	assert_false(endpoint_matches_name(&endpoint, &names, ENDPOINT_TCP, &address));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_canonicalise),
		cmocka_unit_test(test_as_the_kernel),
		cmocka_unit_test(test_covers),
		cmocka_unit_test(test_is_multicast),
		cmocka_unit_test(test_nothing_covers_unspec),
		cmocka_unit_test(test_matches_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
