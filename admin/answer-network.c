/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Addresses, ports and sockets, by the code that the supervisor decides with. Connects nothing. */

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "names.h"
#include "nearest.h"
#include "rule-list.h"
#include "str.h"
#include "verdict.h"

bool answer_denied_call(
	const struct question *question, const char *const *calls, struct answer *ret)
{
	struct answer answer;
	unsigned number;

	for (; *calls; calls++) {
		if (syscall_number(SYSCALLS_NATIVE, *calls, strlen(*calls), &number) != 0)
			continue;
		answer_call(question, number, &answer);
		if (answer.allowed)
			continue;
		*ret = answer;
		answer_because(ret, "%s is denied", *calls);
		return true;
	}
	return false;
}

void answer_verdict(const struct question *question, struct verdict verdict, struct answer *ret)
{
	*ret = (struct answer){
		.allowed = verdict.error == 0,
		.error = verdict.error,
		.rule = answer_rule(question, verdict.rule),
		.enforcer = ENFORCER_SUPERVISOR,
	};
	if (!ret->rule)
		answer_because(ret, verdict.error ? "no rule allows it" : "not restricted");
}

/* Asks one layer after the other, by the same code. NULL where no layer refuses for want of a rule.
 */
typedef struct verdict ask_fn(const struct policy_set *set, const void *object);

static const struct policy *refusing_layer(
	const struct question *question, ask_fn *ask, const void *object)
{
	const struct policy_set *set = question->subject->set;

	for (size_t i = 0; i < set->n_layers; i++) {
		struct policy_set one = *set;
		struct verdict verdict;

		one.layers = &set->layers[i];
		one.n_layers = 1;
		verdict = ask(&one, object);
		if (verdict.error)
			return verdict.rule == 0 ? set->layers[i] : NULL;
	}
	return NULL;
}

void answer_missing(const struct policy *layer, const struct rule *nearest, struct answer *ret)
{
	ret->nearest = nearest;
	answer_because(ret, "no rule of %s allows it", layer->name);
}

/* Host names, of the rules and of the object */

typedef bool address_fn(void *userdata, const struct net_address *address);

static bool each_address(const char *host, address_fn *hear, void *userdata)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	struct net_address address;
	bool any = false;

	if (getaddrinfo(host, NULL, &hints, &found) != 0)
		return false;
	for (const struct addrinfo *info = found; info; info = info->ai_next) {
		if (endpoint_canonicalise(
			    info->ai_addr, info->ai_addrlen, info->ai_family, &address) < 0)
			continue;
		any = true;
		if (!hear(userdata, &address))
			break;
	}
	freeaddrinfo(found);
	return any;
}

static bool add_address(void *userdata, const struct net_address *address)
{
	struct name *name = userdata;

	name->addresses[name->n_addresses] = *address;
	name->addresses[name->n_addresses++].port = 0;
	return name->n_addresses < NAMES_ADDRESSES_MAX;
}

/* As when a session opens: a name that does not resolve grants nothing. */
static int look_up_names(const struct policy_set *set, struct names *names)
{
	int r = names_collect(set, names);

	for (size_t i = 0; r == 0 && i < names->n; i++)
		each_address(names->items[i].host, add_address, &names->items[i]);
	return r;
}

struct target {
	struct question *question;
	const struct names *names;
	const struct endpoint *endpoint;
	struct answer answer;
};

struct destination {
	const struct names *names;
	enum endpoint_protocol protocol;
	const struct net_address *address;
};

static struct verdict ask_connect(const struct policy_set *set, const void *object)
{
	const struct destination *to = object;

	return verdict_connect(set, to->names, to->protocol, to->address);
}

static void explain_connect(
	const struct question *question, const struct destination *to, struct answer *ret)
{
	const struct policy *layer = ret->allowed || ret->rule
					     ? NULL
					     : refusing_layer(question, ask_connect, to);

	if (layer)
		answer_missing(layer, nearest_endpoint(layer, to->protocol, to->address), ret);
}

/* Goes on to the next address as long as they are allowed. */
static bool decide(void *userdata, const struct net_address *found)
{
	struct target *target = userdata;
	const struct endpoint *endpoint = target->endpoint;
	struct net_address address = *found;
	const struct destination to = {target->names, endpoint->protocol, &address};
	char text[ENDPOINT_TEXT_MAX];

	address.port = endpoint->n_ports > 0 ? endpoint->ports[0].first : 0;
	net_address_settle(&address);
	answer_verdict(target->question, ask_connect(target->question->subject->set, &to),
		&target->answer);
	explain_connect(target->question, &to, &target->answer);
	if (endpoint->target == ENDPOINT_HOST && target->answer.why[0] == '\0')
		answer_because(&target->answer, "%s", endpoint_format(&address, text));
	return target->answer.allowed;
}

static bool decide_endpoint(struct target *target)
{
	const struct endpoint *endpoint = target->endpoint;
	struct net_address address = {.family = AF_INET};

	if (endpoint->target == ENDPOINT_HOST) {
		if (each_address(endpoint->host, decide, target))
			return true;
		admin_fail(target->question->admin, EXIT_MISSING, "%s does not resolve",
			endpoint->host);
		return false;
	}
	if (endpoint->target == ENDPOINT_INET6)
		address.family = AF_INET6;
	memcpy(address.bytes, endpoint->address, sizeof(address.bytes));
	decide(target, &address);
	return true;
}

/* One address and, but for icmp, one port. */
static bool is_single(const struct endpoint *endpoint)
{
	bool one_port = endpoint->n_ports == 1 &&
			endpoint->ports[0].first == endpoint->ports[0].last;

	if (endpoint->protocol != ENDPOINT_ICMP && !one_port)
		return false;
	return endpoint->target == ENDPOINT_HOST ||
	       (endpoint->target == ENDPOINT_INET && endpoint->prefix == 32) ||
	       (endpoint->target == ENDPOINT_INET6 && endpoint->prefix == 128);
}

static bool parse(struct admin *admin, const char *object, struct endpoint *ret)
{
	struct endpoint_error error;
	int r = endpoint_parse(object, strlen(object), ret, &error);

	if (r == 0 && is_single(ret))
		return true;
	if (r == 0)
		endpoint_done(ret);
	if (r == ENDPOINT_E_SYNTAX)
		admin_usage(admin, "%s: %s", object, error.text);
	else if (r < 0)
		admin_out_of_memory(admin);
	else
		admin_usage(admin, "%s: one address and one port are wanted", object);
	return false;
}

static bool denied_kind(
	const struct question *question, const struct endpoint *endpoint, struct answer *ret)
{
	if (endpoint->protocol != ENDPOINT_ICMP || question->filters.spec.icmp)
		return false;
	*ret = (struct answer){.error = EPROTONOSUPPORT, .enforcer = ENFORCER_FILTER};
	answer_because(ret, "no rule names icmp://, so there are no such sockets");
	return true;
}

bool answer_connect(struct question *question, const char *object, struct answer *ret)
{
	static const char *const calls[] = {"socket", "connect", NULL};
	struct endpoint endpoint;
	struct names names = {0};
	struct target target = {question, &names, &endpoint, {0}};
	bool done = false;

	if (!parse(question->admin, object, &endpoint))
		return false;
	if (answer_denied_call(question, calls, ret) || denied_kind(question, &endpoint, ret)) {
		endpoint_done(&endpoint);
		return true;
	}
	if (look_up_names(question->subject->set, &names) < 0)
		admin_out_of_memory(question->admin);
	else
		done = decide_endpoint(&target);
	if (done)
		*ret = target.answer;
	names_done(&names);
	endpoint_done(&endpoint);
	return done;
}

static struct verdict ask_bind(const struct policy_set *set, const void *object)
{
	return verdict_bind(set, *(const uint16_t *)object);
}

static void decide_bind(const struct question *question, uint16_t port, struct answer *ret)
{
	const struct policy *layer;

	answer_verdict(question, ask_bind(question->subject->set, &port), ret);
	layer = ret->allowed ? NULL : refusing_layer(question, ask_bind, &port);
	if (layer)
		answer_missing(layer, nearest_port(layer, port), ret);
}

bool answer_bind(struct question *question, const char *object, struct answer *ret)
{
	static const char *const calls[] = {"socket", "bind", "listen", NULL};
	uint64_t port;

	if (str_parse_number(object, strlen(object), UINT16_MAX, &port) < 0) {
		admin_usage(question->admin, "%s: a TCP port is wanted, 0 to 65535", object);
		return false;
	}
	if (!answer_denied_call(question, calls, ret))
		decide_bind(question, (uint16_t)port, ret);
	return true;
}
