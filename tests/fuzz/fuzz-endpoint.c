/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any bytes as the text of an endpoint: refused with a place in the word, or a sound endpoint. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "endpoint.h"
#include "require.h"

static void check_error(const struct endpoint_error *error, size_t length)
{
	require(error->id && error->text);
	require(error->offset <= length && error->length <= length - error->offset);
}

static void check_ports(const struct port_range *ports, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		require(ports[i].first >= 1 && ports[i].first <= ports[i].last);
		require(i == 0 || ports[i].first > ports[i - 1].last + 1);
	}
}

/* Networks within ::ffff:0:0/96 are IPv4's. */
static bool is_mapped(const struct endpoint *endpoint)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	return endpoint->target == ENDPOINT_INET6 && endpoint->prefix >= 96 &&
	       memcmp(endpoint->address, mapped, sizeof(mapped)) == 0;
}

/* A single address is in the form that destinations have, so it names itself. */
static void check_address(const struct endpoint *endpoint)
{
	struct net_address address = {
		.family = endpoint->target == ENDPOINT_INET ? AF_INET : AF_INET6,
		.port = endpoint->n_ports ? endpoint->ports[0].first : 1,
	};
	struct net_address settled;

	require(endpoint->prefix <= (address.family == AF_INET ? 32 : 128));
	memcpy(address.bytes, endpoint->address, sizeof(address.bytes));
	require(endpoint_covers(endpoint, endpoint->protocol, &address));
	require(!is_mapped(endpoint));
	if (endpoint->prefix != (address.family == AF_INET ? 32 : 128))
		return;
	settled = address;
	net_address_settle(&settled);
	require(memcmp(&settled, &address, sizeof(address)) == 0);
	require(endpoint_matches(endpoint, endpoint->protocol, &address));
}

static void check_endpoint(const struct endpoint *endpoint)
{
	check_ports(endpoint->ports, endpoint->n_ports);
	require((endpoint->target == ENDPOINT_HOST) == (endpoint->host != NULL));
	require(endpoint->protocol != ENDPOINT_ICMP || endpoint->n_ports == 0);
	if (endpoint->host)
		require(strlen(endpoint->host) >= 1 && strlen(endpoint->host) <= 253);
	if (endpoint->target == ENDPOINT_INET || endpoint->target == ENDPOINT_INET6)
		check_address(endpoint);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct endpoint_error error = {0};
	struct endpoint endpoint;
	struct port_range *ports;
	size_t n;

	if (endpoint_parse((const char *)data, size, &endpoint, &error) == 0) {
		check_endpoint(&endpoint);
		endpoint_done(&endpoint);
	} else {
		check_error(&error, size);
	}
	error = (struct endpoint_error){0};
	if (endpoint_parse_ports((const char *)data, size, &ports, &n, &error) == 0) {
		check_ports(ports, n);
		free(ports);
	} else {
		check_error(&error, size);
	}
	return 0;
}
