/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The resolver process and its parent's side. */

#include "resolver.h"

#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>

#include "cleanup.h"
#include "servant.h"
#include "sock.h"

#define STACK_SIZE (256 * 1024) /* NSS modules want room */

/* In the process */

struct question {
	const struct name *name;
	uint32_t index;
	int sock;
};

static void add_address(struct wire_name *answer, const struct addrinfo *info)
{
	struct wire_address *address = &answer->addresses[answer->n_addresses];
	struct net_address canonical;

	if (answer->n_addresses == WIRE_ADDRESSES_MAX)
		return;
	if (endpoint_canonicalise(info->ai_addr, info->ai_addrlen, info->ai_family, &canonical) < 0)
		return;
	address->family = canonical.family;
	memcpy(address->bytes, canonical.bytes, sizeof(address->bytes));
	answer->n_addresses++;
}

static void *ask(void *userdata)
{
	const struct question *question = userdata;
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct wire_name answer = {.type = WIRE_NAME, .index = question->index};
	struct addrinfo *found = NULL;

	if (getaddrinfo(question->name->host, NULL, &hints, &found) == 0)
		for (const struct addrinfo *info = found; info; info = info->ai_next)
			add_address(&answer, info);
	if (found)
		freeaddrinfo(found);
	/* Who asked has stopped listening: then nobody misses it. */
	if (sock_send(question->sock, &answer, sizeof(answer), NULL, 0, 0) < 0)
		_exit(1);
	return NULL;
}

static int ask_all(const struct servant *servant)
{
	const struct names *names = servant->userdata;
	static struct question questions[NAMES_MAX];
	pthread_t threads[NAMES_MAX];
	pthread_attr_t attributes;
	int r = pthread_attr_init(&attributes);

	if (r == 0)
		r = pthread_attr_setstacksize(&attributes, STACK_SIZE);
	for (size_t i = 0; i < names->n && r == 0; i++) {
		questions[i] = (struct question){&names->items[i], (uint32_t)i, servant->sock};
		r = pthread_create(&threads[i], &attributes, ask, &questions[i]);
	}
	if (r != 0)
		return -r;
	for (size_t i = 0; i < names->n; i++)
		pthread_join(threads[i], NULL);
	return 0;
}

/* In its parent */

static struct timespec deadline_from_now(void)
{
	struct timespec deadline;

	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec += RESOLVER_DEADLINE_MS / 1000;
	return deadline;
}

/* Without a filter: what a name service does in its modules nobody can list. */
int resolver_start(const struct supervisor *supervisor, struct names *names, struct resolver *ret)
{
	const struct servant_duty duty = {
		.serve = ask_all, .userdata = names, .filter = WORKER_FILTER_NONE};
	pid_t pid;
	int sock;

	for (size_t i = 0; i < names->n; i++)
		names->items[i].n_addresses = 0;
	pid = servant_start(supervisor, &duty, &sock);
	if (pid < 0)
		return pid;
	*ret = (struct resolver){
		.sock = sock, .pid = pid, .deadline = deadline_from_now(), .names = names};
	return 0;
}

int resolver_take(struct resolver *resolver)
{
	struct wire_name answer;
	int r = sock_receive(resolver->sock, &answer, sizeof(answer), NULL, 0, NULL, 0);

	if (r == 0)
		r = names_take(resolver->names, &answer);
	if (r < 0)
		return r == -ECONNRESET ? RESOLVER_E_DONE : r;
	return ++resolver->n_answers == resolver->names->n ? RESOLVER_E_DONE : 0;
}

int resolver_left_ms(const struct resolver *resolver)
{
	struct timespec now;
	long long left;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left = (resolver->deadline.tv_sec - now.tv_sec) * 1000LL +
	       (resolver->deadline.tv_nsec - now.tv_nsec) / 1000000;
	return left > 0 ? (int)left : 0;
}

void resolver_stop(struct resolver *resolver)
{
	if (resolver->sock < 0)
		return;
	resolver->sock = fd_close(resolver->sock);
	servant_end(resolver->pid);
}

int resolver_run(const struct supervisor *supervisor, struct names *names)
{
	struct resolver resolver;
	int r;

	if (names->n == 0)
		return 0;
	r = resolver_start(supervisor, names, &resolver);
	if (r < 0)
		return r;
	while (r == 0) {
		r = sock_wait(resolver.sock, resolver_left_ms(&resolver));
		if (r == 0)
			r = resolver_take(&resolver);
	}
	resolver_stop(&resolver);
	return r == RESOLVER_E_DONE || r == -ETIMEDOUT ? 0 : r;
}
