/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Network endpoints: as a policy names them and as a socket address gives them. Everything here
 * only computes; endpoint_canonicalise() alone knows what a sockaddr means.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum endpoint_protocol {
	ENDPOINT_TCP,
	ENDPOINT_UDP,
	ENDPOINT_ICMP,
};

enum endpoint_target {
	ENDPOINT_ANY,  /* "*": any address of either family */
	ENDPOINT_INET, /* an address or network, see address and prefix */
	ENDPOINT_INET6,
	ENDPOINT_HOST, /* a name, see host */
};

struct port_range {
	uint16_t first, last; /* host order, first <= last, 1..65535 */
};

struct endpoint {
	enum endpoint_protocol protocol;
	enum endpoint_target target;
	uint8_t address[16]; /* network order; INET uses the first 4 bytes; host bits are zero */
	unsigned prefix;     /* 32 or 128 for a single address */
	char *host;          /* ENDPOINT_HOST only */
	struct port_range *ports; /* sorted, no overlap; n_ports == 0: all ports */
	size_t n_ports;
};

/* A destination after canonicalisation: what the kernel would really talk to. */
struct net_address {
	sa_family_t family; /* AF_INET, AF_INET6, or AF_UNSPEC (dissolve the association) */
	uint8_t bytes[16];  /* network order; AF_INET uses the first 4 */
	uint16_t port;      /* host order */
	uint32_t scope_id;  /* AF_INET6 */
};

/* Where in the word parsing failed, for the caret. */
struct endpoint_error {
	const char *id;   /* diagnostic id, static */
	const char *text; /* static */
	size_t offset, length;
};

/*
 * Parses one word of policy.md's grammar: [tcp://|udp://|icmp://]target[:ports].
 * 0, -ENOMEM, or ENDPOINT_E_SYNTAX with *ret_error filled. *ret is untouched on failure.
 */
#define ENDPOINT_E_SYNTAX 1
int endpoint_parse(
	const char *word, size_t length, struct endpoint *ret, struct endpoint_error *ret_error);

/* Parses "22", "22,443", "8000-8100" (no '*'); same returns. */
int endpoint_parse_ports(const char *word, size_t length, struct port_range **ret, size_t *ret_n,
	struct endpoint_error *ret_error);

void endpoint_done(struct endpoint *endpoint);

/*
 * Turns an address into the one the kernel would talk to: IPv4-mapped and -compatible IPv6 into
 * IPv4, 0.0.0.0 and :: into loopback.
 */
void net_address_settle(struct net_address *address);

/*
 * Reads a socket address as connect(2) on a socket of family `domain` would: IPv4-mapped and
 * -compatible IPv6 is IPv4, 0.0.0.0 and :: are loopback (as the kernel routes them), AF_UNSPEC
 * is kept. 0, or the negative errno the kernel itself would give for a malformed address
 * (-EINVAL too short, -EAFNOSUPPORT wrong family). The address must have been copied already.
 */
int endpoint_canonicalise(const void *sockaddr, size_t length, int domain, struct net_address *ret);

/*
 * The same for a datagram socket, on which both kinds of address may be used: an AF_INET6 socket
 * takes AF_INET, and to AF_UNSPEC sendto(2) says "AF_INET" on the one and "no address" on the other
 * (udp_sendmsg(), udpv6_sendmsg()). The copy at `sockaddr` is put into that form: *length 0 means
 * that there is no address, and *ret is AF_UNSPEC then.
 */
int endpoint_canonicalise_datagram(
	void *sockaddr, size_t *length, int domain, struct net_address *ret);

/*
 * Rewrites a copied sockaddr whose destination is 0.0.0.0 or :: to the loopback address that
 * endpoint_canonicalise() judged it as. Without this a socket bound to another local address
 * would reach that one: the kernel takes the source address for an unspecified destination.
 */
void endpoint_pin(void *sockaddr, size_t length, const struct net_address *address);

/*
 * Whether a destination is one that `endpoint` allows. Multicast and broadcast only where it names
 * them. Host names (ENDPOINT_HOST) match nothing here.
 */
bool endpoint_matches(const struct endpoint *endpoint, enum endpoint_protocol protocol,
	const struct net_address *address);

/* The same for a host name, by what it has resolved to. names may be NULL: nothing has. */
struct names;
bool endpoint_matches_name(const struct endpoint *endpoint, const struct names *names,
	enum endpoint_protocol protocol, const struct net_address *address);

/* Whether a destination lies within `endpoint`, whatever it is: the question of a deny rule. */
bool endpoint_covers(const struct endpoint *endpoint, enum endpoint_protocol protocol,
	const struct net_address *address);

/* Whether it is a network of multicast groups and nothing else. */
bool endpoint_is_multicast(const struct endpoint *endpoint);

/* "192.0.2.1:22" or "[2001:db8::1]:22"; what events and messages print. */
#define ENDPOINT_TEXT_MAX 80
const char *endpoint_format(const struct net_address *address, char buffer[ENDPOINT_TEXT_MAX]);
