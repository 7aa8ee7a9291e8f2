/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Any bytes as a socket address: refused, or a destination in the one form that rules know. The
 * first byte chooses the socket's domain.
 */

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint.h"
#include "require.h"

static const int domains[] = {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK};
#define N_DOMAINS (sizeof(domains) / sizeof(domains[0]))

static void check_address(const struct net_address *address)
{
	char text[ENDPOINT_TEXT_MAX];
	struct net_address settled = *address;

	require(address->family == AF_INET || address->family == AF_INET6 ||
		address->family == AF_UNSPEC);
	net_address_settle(&settled);
	require(memcmp(&settled, address, sizeof(settled)) == 0);
	require(strlen(endpoint_format(address, text)) < sizeof(text));
}

static void check_error(int r)
{
	require(r == 0 || r == -EINVAL || r == -EAFNOSUPPORT);
}

/* No choice is left to the kernel: the address says itself where it leads. */
static void check_pinned(const struct sockaddr_storage *pinned)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)pinned;
	const struct sockaddr_in *in = (const struct sockaddr_in *)pinned;

	if (pinned->ss_family == AF_INET)
		require(in->sin_addr.s_addr != INADDR_ANY);
	if (pinned->ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr))
		require(in6->sin6_addr.s6_addr32[3] != INADDR_ANY);
	if (pinned->ss_family == AF_INET6)
		require(!IN6_IS_ADDR_UNSPECIFIED(&in6->sin6_addr));
}

static void check_stream(const uint8_t *bytes, size_t size, int domain)
{
	struct sockaddr_storage pinned = {0};
	struct net_address address, again;
	int r = endpoint_canonicalise(bytes, size, domain, &address);

	check_error(r);
	if (r < 0)
		return;
	check_address(&address);
	/* What is acted on means what was decided on. */
	memcpy(&pinned, bytes, size);
	endpoint_pin(&pinned, size, &address);
	check_pinned(&pinned);
	require(endpoint_canonicalise(&pinned, size, domain, &again) == 0);
	require(memcmp(&address, &again, sizeof(address)) == 0);
}

static void check_datagram(const uint8_t *bytes, size_t size, int domain)
{
	struct net_address address, again;
	uint8_t *copy = malloc(size + 1);
	size_t length = size;
	int r;

	require(copy != NULL);
	memcpy(copy, bytes, size);
	r = endpoint_canonicalise_datagram(copy, &length, domain, &address);
	check_error(r);
	if (r == 0) {
		check_address(&address);
		require(length == size || length == 0);
		require((length == 0) == (address.family == AF_UNSPEC));
	}
	if (r == 0 && length > 0) {
		endpoint_pin(copy, length, &address);
		require(endpoint_canonicalise_datagram(copy, &length, domain, &again) == 0);
		require(length == size && memcmp(&address, &again, sizeof(address)) == 0);
	}
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	check_stream(data + 1, size - 1, domains[data[0] % N_DOMAINS]);
	check_datagram(data + 1, size - 1, domains[data[0] % N_DOMAINS]);
	return 0;
}
