/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a destination is and whether an endpoint names it. Follows __inet_stream_connect(),
 * tcp_v4_connect() and tcp_v6_connect() of the kernel's net/ipv4 and net/ipv6. Pure.
 */

#include "endpoint.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "names.h"

/* The kernel takes an IPv6 address without the scope id of RFC 2553: SIN6_LEN_RFC2133. */
#define SIN6_LENGTH_MIN offsetof(struct sockaddr_in6, sin6_scope_id)

static const uint8_t zeros[16];
static const uint8_t mapped_prefix[12] = {[10] = 0xff, [11] = 0xff};
static const uint8_t loopback4[4] = {127, 0, 0, 1};
static const uint8_t loopback6[16] = {[15] = 1};

void endpoint_done(struct endpoint *endpoint)
{
	free(endpoint->host);
	free(endpoint->ports);
	*endpoint = (struct endpoint){0};
}

/*
 * ::a.b.c.d is IPv6 to the routing code, but an automatic tunnel would send it to a.b.c.d; so only
 * who may reach the one may reach the other. :: and ::1 look alike and are not of the kind.
 */
static bool is_inet_in_inet6(const uint8_t bytes[16])
{
	if (memcmp(bytes, mapped_prefix, sizeof(mapped_prefix)) == 0)
		return true;
	return memcmp(bytes, zeros, 12) == 0 && memcmp(bytes, zeros, 16) != 0 &&
	       memcmp(bytes, loopback6, 16) != 0;
}

void net_address_settle(struct net_address *address)
{
	if (address->family == AF_INET6 && is_inet_in_inet6(address->bytes)) {
		address->family = AF_INET;
		memmove(address->bytes, address->bytes + 12, 4);
		memset(address->bytes + 4, 0, 12);
		address->scope_id = 0;
	}
	if (address->family == AF_INET && memcmp(address->bytes, zeros, 4) == 0)
		memcpy(address->bytes, loopback4, 4);
	if (address->family == AF_INET6 && memcmp(address->bytes, zeros, 16) == 0)
		memcpy(address->bytes, loopback6, 16);
}

static int read_inet(const void *sockaddr, size_t length, struct net_address *ret)
{
	struct sockaddr_in in;

	if (length < sizeof(in))
		return -EINVAL;
	memcpy(&in, sockaddr, sizeof(in));
	if (in.sin_family != AF_INET)
		return -EAFNOSUPPORT;
	*ret = (struct net_address){.family = AF_INET, .port = ntohs(in.sin_port)};
	memcpy(ret->bytes, &in.sin_addr, 4);
	return 0;
}

static int read_inet6(const void *sockaddr, size_t length, struct net_address *ret)
{
	struct sockaddr_in6 in6 = {0};

	if (length < SIN6_LENGTH_MIN)
		return -EINVAL;
	memcpy(&in6, sockaddr, length < sizeof(in6) ? SIN6_LENGTH_MIN : sizeof(in6));
	if (in6.sin6_family != AF_INET6)
		return -EAFNOSUPPORT;
	*ret = (struct net_address){
		.family = AF_INET6,
		.port = ntohs(in6.sin6_port),
		.scope_id = in6.sin6_scope_id,
	};
	memcpy(ret->bytes, &in6.sin6_addr, 16);
	return 0;
}

int endpoint_canonicalise(const void *sockaddr, size_t length, int domain, struct net_address *ret)
{
	struct net_address address = {.family = AF_UNSPEC};
	sa_family_t family;
	int r = 0;

	if (domain != AF_INET && domain != AF_INET6)
		return -EAFNOSUPPORT;
	if (length < sizeof(family) || length > sizeof(struct sockaddr_storage))
		return -EINVAL;
	memcpy(&family, sockaddr, sizeof(family));
	if (family != AF_UNSPEC)
		r = domain == AF_INET ? read_inet(sockaddr, length, &address)
				      : read_inet6(sockaddr, length, &address);
	if (r < 0)
		return r;
	net_address_settle(&address);
	*ret = address;
	return 0;
}

int endpoint_canonicalise_datagram(
	void *sockaddr, size_t *length, int domain, struct net_address *ret)
{
	sa_family_t family;

	if (domain != AF_INET && domain != AF_INET6)
		return -EAFNOSUPPORT;
	if (*length < sizeof(family))
		return -EINVAL;
	memcpy(&family, sockaddr, sizeof(family));
	if (family == AF_UNSPEC && domain == AF_INET6) {
		*length = 0;
		*ret = (struct net_address){.family = AF_UNSPEC};
		return 0;
	}
	if (family == AF_UNSPEC) {
		family = AF_INET;
		memcpy(sockaddr, &family, sizeof(family));
	}
	if (family == AF_INET)
		domain = AF_INET;
	return endpoint_canonicalise(sockaddr, *length, domain, ret);
}

void endpoint_pin(void *sockaddr, size_t length, const struct net_address *address)
{
	static const size_t at4 = offsetof(struct sockaddr_in, sin_addr);
	static const size_t at6 = offsetof(struct sockaddr_in6, sin6_addr);
	uint8_t *bytes = sockaddr;
	sa_family_t family;

	memcpy(&family, sockaddr, sizeof(family));
	if (family == AF_INET && length >= at4 + 4 && memcmp(bytes + at4, zeros, 4) == 0)
		memcpy(bytes + at4, address->bytes, 4);
	if (family != AF_INET6 || length < at6 + 16)
		return;
	if (memcmp(bytes + at6, zeros, 16) == 0)
		memcpy(bytes + at6, address->bytes, 16);
	else if (memcmp(bytes + at6, mapped_prefix, 12) == 0)
		memcpy(bytes + at6 + 12, address->bytes, 4);
}

static bool prefix_equal(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || ((a[whole] ^ b[whole]) & (uint8_t)(0xff00 >> rest)) == 0;
}

static bool is_multicast(const struct net_address *address)
{
	return address->family == AF_INET6 ? address->bytes[0] == 0xff
					   : (address->bytes[0] & 0xf0) == 0xe0;
}

static bool is_broadcast(const struct net_address *address)
{
	static const uint8_t everyone[4] = {255, 255, 255, 255};

	return address->family == AF_INET && memcmp(address->bytes, everyone, 4) == 0;
}

/*
 * "*" and large networks hold the addresses of many without meaning them: multicast wants a network
 * that is nothing else (224.0.0.0/4, ff00::/8 or within), broadcast the address itself.
 */
static bool means_many(const struct endpoint *endpoint, const struct net_address *address)
{
	if (endpoint->target == ENDPOINT_ANY)
		return false;
	if (is_broadcast(address))
		return endpoint->prefix == 32;
	return endpoint->prefix >= (address->family == AF_INET6 ? 8 : 4);
}

static bool target_covers(const struct endpoint *endpoint, const struct net_address *address)
{
	sa_family_t family;

	if (endpoint->target == ENDPOINT_ANY)
		return true;
	if (endpoint->target == ENDPOINT_HOST)
		return false;
	family = endpoint->target == ENDPOINT_INET ? AF_INET : AF_INET6;
	return family == address->family &&
	       prefix_equal(endpoint->address, address->bytes, endpoint->prefix);
}

static bool port_matches(const struct endpoint *endpoint, uint16_t port)
{
	for (size_t i = 0; i < endpoint->n_ports; i++)
		if (port >= endpoint->ports[i].first && port <= endpoint->ports[i].last)
			return true;
	return endpoint->n_ports == 0;
}

static bool is_ip(const struct net_address *address)
{
	return address->family == AF_INET || address->family == AF_INET6;
}

static bool service_matches(const struct endpoint *endpoint, enum endpoint_protocol protocol,
	const struct net_address *address)
{
	return endpoint->protocol == protocol &&
	       (protocol == ENDPOINT_ICMP || port_matches(endpoint, address->port));
}

bool endpoint_covers(const struct endpoint *endpoint, enum endpoint_protocol protocol,
	const struct net_address *address)
{
	return is_ip(address) && service_matches(endpoint, protocol, address) &&
	       target_covers(endpoint, address);
}

bool endpoint_matches(const struct endpoint *endpoint, enum endpoint_protocol protocol,
	const struct net_address *address)
{
	if (!endpoint_covers(endpoint, protocol, address))
		return false;
	return (!is_multicast(address) && !is_broadcast(address)) || means_many(endpoint, address);
}

bool endpoint_matches_name(const struct endpoint *endpoint, const struct names *names,
	enum endpoint_protocol protocol, const struct net_address *address)
{
	return endpoint->target == ENDPOINT_HOST && is_ip(address) &&
	       service_matches(endpoint, protocol, address) &&
	       names_match(names, endpoint->host, address);
}

bool endpoint_is_multicast(const struct endpoint *endpoint)
{
	struct net_address first = {.family = AF_INET};

	if (endpoint->target == ENDPOINT_HOST || endpoint->target == ENDPOINT_ANY)
		return false;
	if (endpoint->target == ENDPOINT_INET6)
		first.family = AF_INET6;
	memcpy(first.bytes, endpoint->address, sizeof(first.bytes));
	return is_multicast(&first) && means_many(endpoint, &first);
}

const char *endpoint_format(const struct net_address *address, char buffer[ENDPOINT_TEXT_MAX])
{
	char text[INET6_ADDRSTRLEN], scope[16] = "";

	if (!inet_ntop(address->family, address->bytes, text, sizeof(text)))
		return strcpy(buffer, "unspecified");
	if (address->scope_id != 0)
		snprintf(scope, sizeof(scope), "%%%u", address->scope_id);
	if (address->family == AF_INET6)
		snprintf(buffer, ENDPOINT_TEXT_MAX, "[%s%s]:%u", text, scope, address->port);
	else
		snprintf(buffer, ENDPOINT_TEXT_MAX, "%s:%u", text, address->port);
	return buffer;
}
