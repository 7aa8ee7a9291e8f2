/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The endpoint grammar of the policy language. What addresses mean is endpoint.c's. Pure. */

#include "endpoint.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

#define HOST_MAX  253 /* RFC 1035, 2.3.4, less the length bytes */
#define LABEL_MAX 63

/* A piece of the word being parsed; every error says where in the word it is. */
struct piece {
	const char *word;
	size_t from, to;
	struct endpoint_error *error;
};

static int fail(const struct piece *p, const char *id, const char *text)
{
	*p->error = (struct endpoint_error){id, text, p->from, p->to - p->from};
	return ENDPOINT_E_SYNTAX;
}

static size_t piece_length(const struct piece *p)
{
	return p->to - p->from;
}

static struct piece piece_sub(const struct piece *p, size_t from, size_t to)
{
	return (struct piece){p->word, from, to, p->error};
}

/* Where `c` is within the piece, or its end. */
static size_t piece_find(const struct piece *p, char c)
{
	const char *found = memchr(p->word + p->from, c, piece_length(p));

	return found ? (size_t)(found - p->word) : p->to;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_label_char(char c)
{
	return is_digit(c) || c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A decimal number without sign and leading zeros. */
static bool parse_number(const struct piece *p, unsigned max, unsigned *ret)
{
	unsigned value = 0;

	if (p->from == p->to || (p->word[p->from] == '0' && piece_length(p) > 1))
		return false;
	for (size_t i = p->from; i < p->to; i++) {
		if (!is_digit(p->word[i]))
			return false;
		value = value * 10 + (unsigned)(p->word[i] - '0');
		if (value > max)
			return false;
	}
	*ret = value;
	return true;
}

static int parse_range(const struct piece *p, struct port_range *ret)
{
	size_t dash = piece_find(p, '-');
	struct piece low = piece_sub(p, p->from, dash);
	struct piece high = dash < p->to ? piece_sub(p, dash + 1, p->to) : low;
	unsigned first, last;

	if (!parse_number(&low, UINT16_MAX, &first) || !parse_number(&high, UINT16_MAX, &last) ||
		first == 0)
		return fail(p, "bad-port", "not a port or range of ports from 1 to 65535");
	if (first > last)
		return fail(p, "bad-port", "a range of ports begins with the smaller one");
	*ret = (struct port_range){(uint16_t)first, (uint16_t)last};
	return 0;
}

static int range_compare(const void *a, const void *b)
{
	const struct port_range *x = a, *y = b;

	return x->first != y->first ? (x->first > y->first) - (x->first < y->first)
				    : (x->last > y->last) - (x->last < y->last);
}

/* Joins ranges that overlap or touch. Returns how many are left. */
static size_t ranges_join(struct port_range *ranges, size_t n)
{
	size_t kept = 0;

	qsort(ranges, n, sizeof(*ranges), range_compare);
	for (size_t i = 1; i < n; i++) {
		if (ranges[i].first <= (unsigned)ranges[kept].last + 1) {
			if (ranges[i].last > ranges[kept].last)
				ranges[kept].last = ranges[i].last;
		} else {
			ranges[++kept] = ranges[i];
		}
	}
	return kept + 1;
}

static int parse_ports(const struct piece *p, struct port_range **ret, size_t *ret_n)
{
	_cleanup_free_ struct port_range *ranges = NULL;
	size_t n = 1, i = 0;

	for (size_t at = p->from; at < p->to; at++)
		n += p->word[at] == ',';
	ranges = calloc(n, sizeof(*ranges));
	if (!ranges)
		return -ENOMEM;
	for (size_t at = p->from; i < n; i++) {
		struct piece rest = piece_sub(p, at, p->to);
		struct piece item = piece_sub(p, at, piece_find(&rest, ','));
		int r = parse_range(&item, &ranges[i]);
		if (r != 0)
			return r;
		at = item.to + 1;
	}
	*ret_n = ranges_join(ranges, n);
	*ret = take_ptr(ranges);
	return 0;
}

static bool has_host_bits(const uint8_t *address, size_t size, unsigned prefix)
{
	for (size_t i = 0; i < size; i++) {
		unsigned kept = prefix > 8 * i ? prefix - 8 * (unsigned)i : 0;
		uint8_t mask = kept >= 8 ? 0xff : (uint8_t)(0xff00 >> kept);
		if (address[i] & ~mask)
			return true;
	}
	return false;
}

/* "/24" behind an address of `bits` bits, or nothing. */
static int parse_prefix(const struct piece *p, unsigned bits, unsigned *ret)
{
	struct piece number = piece_sub(p, p->from + 1, p->to);

	*ret = bits;
	if (p->from == p->to)
		return 0;
	if (p->word[p->from] != '/')
		return fail(p, "bad-address", "only a prefix length may follow the address");
	if (!parse_number(&number, bits, ret))
		return fail(p, "bad-prefix",
			bits == 32 ? "a prefix length is a number from 0 to 32"
				   : "a prefix length is a number from 0 to 128");
	return 0;
}

static bool parse_inet(const struct piece *p, uint8_t ret[4])
{
	size_t at = p->from;

	for (unsigned i = 0; i < 4; i++) {
		struct piece rest = piece_sub(p, at, p->to);
		struct piece octet = piece_sub(p, at, i < 3 ? piece_find(&rest, '.') : p->to);
		unsigned value;
		if (!parse_number(&octet, UINT8_MAX, &value) || (i < 3 && octet.to == p->to))
			return false;
		ret[i] = (uint8_t)value;
		at = octet.to + 1;
	}
	return true;
}

/* inet_pton(3), but "0db8" is no group of ours: no leading zeros in addresses. */
static bool parse_inet6(const struct piece *p, uint8_t ret[16])
{
	char text[INET6_ADDRSTRLEN];
	size_t n = piece_length(p);

	if (n >= sizeof(text) || memchr(p->word + p->from, '\0', n))
		return false;
	for (size_t i = p->from; i + 1 < p->to; i++)
		if (p->word[i] == '0' && (i == p->from || p->word[i - 1] == ':') &&
			p->word[i + 1] != ':' && p->word[i + 1] != '.')
			return false;
	memcpy(text, p->word + p->from, n);
	text[n] = '\0';
	return inet_pton(AF_INET6, text, ret) == 1;
}

/* [::ffff:10.0.0.0]/104 is 10.0.0.0/8, as [::ffff:10.0.0.1] is 10.0.0.1. */
static void settle_network(struct endpoint *endpoint)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (endpoint->target != ENDPOINT_INET6 || endpoint->prefix < 96 ||
		memcmp(endpoint->address, mapped, sizeof(mapped)) != 0)
		return;
	endpoint->target = ENDPOINT_INET;
	endpoint->prefix -= 96;
	memmove(endpoint->address, endpoint->address + 12, 4);
	memset(endpoint->address + 4, 0, 12);
}

/* A single address is kept as a destination is: as what the kernel would really talk to. */
static void settle_address(struct endpoint *endpoint)
{
	bool inet = endpoint->target == ENDPOINT_INET;
	struct net_address address = {.family = inet ? AF_INET : AF_INET6};

	if (endpoint->prefix != (inet ? 32 : 128))
		return;
	memcpy(address.bytes, endpoint->address, sizeof(address.bytes));
	net_address_settle(&address);
	inet = address.family == AF_INET;
	endpoint->target = inet ? ENDPOINT_INET : ENDPOINT_INET6;
	endpoint->prefix = inet ? 32 : 128;
	memcpy(endpoint->address, address.bytes, sizeof(endpoint->address));
}

/* IPv4, or IPv6 in brackets, and perhaps a prefix length. */
static int parse_address(const struct piece *p, struct endpoint *ret)
{
	bool inet6 = p->word[p->from] == '['; /* find_target_end() saw to the ']' */
	size_t end = piece_find(p, inet6 ? ']' : '/');
	struct piece address = piece_sub(p, p->from + inet6, end);
	struct piece prefix = piece_sub(p, end + inet6, p->to);
	unsigned bits = inet6 ? 128 : 32;
	int r;

	if (inet6 && !parse_inet6(&address, ret->address))
		return fail(&address, "bad-address", "not an IPv6 address");
	if (!inet6 && !parse_inet(&address, ret->address))
		return fail(&address, "bad-address", "not an IPv4 address");
	r = parse_prefix(&prefix, bits, &ret->prefix);
	if (r != 0)
		return r;
	if (has_host_bits(ret->address, bits / 8, ret->prefix))
		return fail(p, "host-bits", "the address has bits set behind its prefix length");
	ret->target = inet6 ? ENDPOINT_INET6 : ENDPOINT_INET;
	settle_network(ret);
	settle_address(ret);
	return 0;
}

static bool label_valid(const struct piece *p)
{
	size_t n = piece_length(p);

	if (n == 0 || n > LABEL_MAX || p->word[p->from] == '-' || p->word[p->to - 1] == '-')
		return false;
	for (size_t i = p->from; i < p->to; i++)
		if (!is_label_char(p->word[i]))
			return false;
	return true;
}

static int parse_host(const struct piece *p, struct endpoint *ret)
{
	if (piece_length(p) > HOST_MAX)
		return fail(p, "bad-host-name", "a host name has at most 253 bytes");
	for (size_t at = p->from;;) {
		struct piece rest = piece_sub(p, at, p->to);
		struct piece label = piece_sub(p, at, piece_find(&rest, '.'));
		if (!label_valid(&label))
			return fail(p, "bad-host-name",
				"a host name is made of labels of letters, digits and inner '-', "
				"with single dots between them");
		if (label.to == p->to)
			break;
		at = label.to + 1;
	}
	ret->target = ENDPOINT_HOST;
	ret->host = strndup(p->word + p->from, piece_length(p));
	return ret->host ? 0 : -ENOMEM;
}

/* No name: in brackets, with a prefix length, or with a last label that is all digits. */
static bool looks_numeric(const struct piece *p)
{
	size_t last = p->to;

	if (p->word[p->from] == '[' || piece_find(p, '/') < p->to)
		return true;
	while (last > p->from && is_digit(p->word[last - 1]))
		last--;
	return last < p->to && (last == p->from || p->word[last - 1] == '.');
}

static int parse_target(const struct piece *p, struct endpoint *ret)
{
	if (p->from == p->to)
		return fail(p, "missing-target", "an address, a host name or '*' is missing");
	if (piece_length(p) == 1 && p->word[p->from] == '*') {
		ret->target = ENDPOINT_ANY;
		return 0;
	}
	return looks_numeric(p) ? parse_address(p, ret) : parse_host(p, ret);
}

static int parse_scheme(struct piece *p, enum endpoint_protocol *ret)
{
	static const struct {
		const char *name;
		enum endpoint_protocol protocol;
	} schemes[] = {{"tcp", ENDPOINT_TCP}, {"udp", ENDPOINT_UDP}, {"icmp", ENDPOINT_ICMP}};
	const char *slashes = memmem(p->word + p->from, piece_length(p), "://", 3);
	struct piece scheme;

	*ret = ENDPOINT_TCP;
	if (!slashes)
		return 0;
	scheme = piece_sub(p, p->from, (size_t)(slashes - p->word));
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++) {
		size_t n = strlen(schemes[i].name);
		if (n == piece_length(&scheme) && memcmp(p->word, schemes[i].name, n) == 0) {
			*ret = schemes[i].protocol;
			p->from = scheme.to + 3;
			return 0;
		}
	}
	return fail(&scheme, "bad-scheme", "the schemes are tcp://, udp:// and icmp://");
}

/* Where the target ends: at the colon before the ports, not at one inside brackets. */
static int find_target_end(const struct piece *p, size_t *ret)
{
	size_t close = p->from;
	struct piece rest;

	if (p->from < p->to && p->word[p->from] == '[') {
		close = piece_find(p, ']');
		if (close == p->to)
			return fail(p, "bad-address", "the ']' behind the IPv6 address is missing");
	}
	rest = piece_sub(p, close, p->to);
	*ret = piece_find(&rest, ':');
	if (*ret == p->to || p->word[p->from] == '[')
		return 0;
	rest = piece_sub(p, *ret + 1, p->to);
	if (piece_find(&rest, ':') < p->to)
		return fail(
			p, "ipv6-brackets", "an IPv6 address stands in brackets: [2001:db8::1]");
	return 0;
}

static int parse_endpoint_ports(const struct piece *p, struct endpoint *ret)
{
	if (ret->protocol == ENDPOINT_ICMP)
		return fail(p, "icmp-ports", "icmp has no ports");
	if (piece_length(p) == 1 && p->word[p->from] == '*')
		return 0;
	return parse_ports(p, &ret->ports, &ret->n_ports);
}

int endpoint_parse(
	const char *word, size_t length, struct endpoint *ret, struct endpoint_error *ret_error)
{
	_cleanup_(endpoint_done) struct endpoint endpoint = {0};
	struct piece whole = {word, 0, length, ret_error};
	struct piece part;
	size_t end;
	int r;

	r = parse_scheme(&whole, &endpoint.protocol);
	if (r == 0)
		r = find_target_end(&whole, &end);
	if (r != 0)
		return r;
	part = piece_sub(&whole, whole.from, end);
	r = parse_target(&part, &endpoint);
	if (r == 0 && end < whole.to) {
		part = piece_sub(&whole, end + 1, whole.to);
		r = parse_endpoint_ports(&part, &endpoint);
	}
	if (r != 0)
		return r;
	*ret = endpoint;
	endpoint = (struct endpoint){0};
	return 0;
}

int endpoint_parse_ports(const char *word, size_t length, struct port_range **ret, size_t *ret_n,
	struct endpoint_error *ret_error)
{
	struct piece whole = {word, 0, length, ret_error};

	return parse_ports(&whole, ret, ret_n);
}
