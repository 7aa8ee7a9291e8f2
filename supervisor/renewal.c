/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* When to resolve, and what to do with the answers. */

#include "renewal.h"

#include "record.h"
#include "sock.h"

static time_t now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void plan(struct renewal *renewal)
{
	unsigned period = policy_set_resolve(renewal->supervisor->set);

	renewal->next = period > 0 ? now_seconds() + period : 0;
}

void renewal_start(struct renewal *renewal, struct supervisor *supervisor, int worker)
{
	*renewal = RENEWAL_INIT;
	renewal->supervisor = supervisor;
	renewal->worker = worker;
	if (supervisor->names.n > 0)
		plan(renewal);
}

int renewal_fd(const struct renewal *renewal)
{
	return renewal->resolver.sock;
}

int renewal_timeout_ms(const struct renewal *renewal)
{
	time_t left;

	if (renewal->resolver.sock >= 0)
		return resolver_left_ms(&renewal->resolver);
	if (renewal->next == 0)
		return -1;
	left = renewal->next - now_seconds();
	return left > 0 ? (int)left * 1000 : 0;
}

/* A name without an answer has lost its addresses: it grants nothing, and the record says so. */
static int finish(struct renewal *renewal)
{
	const struct names *names = &renewal->supervisor->names;

	resolver_stop(&renewal->resolver);
	for (size_t i = 0; i < names->n; i++) {
		struct wire_name message;
		int r;

		names_put(names, i, &message);
		r = sock_send(renewal->worker, &message, sizeof(message), NULL, 0, 0);
		if (r < 0)
			return r;
	}
	record_names(renewal->supervisor);
	plan(renewal);
	return 0;
}

static int begin(struct renewal *renewal)
{
	int r = resolver_start(
		renewal->supervisor, &renewal->supervisor->names, &renewal->resolver);

	if (r == 0)
		return 0;
	record_failed(renewal->supervisor, "resolving host names", r);
	return finish(renewal);
}

int renewal_serve(struct renewal *renewal, bool readable)
{
	if (readable && resolver_take(&renewal->resolver) != 0)
		return finish(renewal);
	if (renewal_timeout_ms(renewal) != 0)
		return 0;
	return renewal->resolver.sock >= 0 ? finish(renewal) : begin(renewal);
}

void renewal_stop(struct renewal *renewal)
{
	resolver_stop(&renewal->resolver);
}
