/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rows of lib/filter-rules.h and the actions of lib/filter-profile.h for people. Computes. */

#include "filter-rows.h"

#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "filter-rules.h"

const char *filter_error_text(int error)
{
	const char *name = error == FILTER_NOTIFY ? "supervisor" : strerrorname_np(error);

	return name ? name : "error";
}

const char *filter_action_text(uint32_t action)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
		return "allowed";
	case SECCOMP_RET_LOG:
		return "allowed, audited";
	case SECCOMP_RET_KILL_PROCESS:
		return "kill";
	default:
		return filter_error_text((int)(action & SECCOMP_RET_DATA));
	}
}

static void describe_test(const struct filter_test *test, char *when, size_t size)
{
	if (test->kind == FILTER_TEST_POINTER)
		snprintf(when, size, "a%u is not NULL", test->argument);
	else if (test->kind == FILTER_TEST_ANY)
		snprintf(when, size, "a%u has a bit of %#x", test->argument, test->mask);
	else if (test->mask == UINT32_MAX)
		snprintf(when, size, "a%u is %#x", test->argument, test->value);
	else
		snprintf(when, size, "a%u & %#x is %#x", test->argument, test->mask, test->value);
}

static void describe_rule(const struct filter_rule *rule, struct filter_row *row)
{
	for (size_t i = 0; i < FILTER_TESTS_MAX && rule->tests[i].kind != FILTER_TEST_NONE; i++) {
		size_t length = strlen(row->when);

		if (i > 0)
			length += (size_t)snprintf(
				row->when + length, sizeof(row->when) - length, ", ");
		describe_test(&rule->tests[i], row->when + length, sizeof(row->when) - length);
	}
	snprintf(row->calls, sizeof(row->calls), "%s", rule->call);
	row->answer = filter_error_text(rule->error);
	row->why = rule->why;
}

static void describe_argument(const struct filter_argument *argument, struct filter_row *row)
{
	size_t length = 0;

	for (unsigned i = 0; i < argument->n_values; i++)
		length += (size_t)snprintf(row->when + length, sizeof(row->when) - length,
			"%sa%u is not %#x", i ? ", " : "", argument->argument, argument->values[i]);
	snprintf(row->calls, sizeof(row->calls), "%s", argument->call);
	row->answer = filter_error_text(EPERM);
	row->why = argument->why;
}

/* Rows as they come; the one before is held back as long as more calls join it. */
struct gathering {
	struct filter_row held;
	filter_row_fn *hear;
	void *userdata;
};

static int flush(struct gathering *gathering)
{
	return gathering->held.calls[0] ? gathering->hear(gathering->userdata, &gathering->held)
					: 0;
}

static bool joins(const struct filter_row *held, const struct filter_row *row)
{
	return held->calls[0] && held->answer == row->answer &&
	       strcmp(held->when, row->when) == 0 && strcmp(held->why, row->why) == 0 &&
	       strlen(held->calls) + strlen(row->calls) + 2 < sizeof(held->calls);
}

static int gather(struct gathering *gathering, const struct filter_row *row)
{
	struct filter_row *held = &gathering->held;
	size_t length = strlen(held->calls);
	int r;

	if (joins(held, row)) {
		snprintf(held->calls + length, sizeof(held->calls) - length, " %s", row->calls);
		return 0;
	}
	r = flush(gathering);
	*held = *row;
	return r;
}

static bool is_here(const struct filter_spec *spec, const char *call, unsigned *ret_number)
{
	return syscall_number(spec->arch, call, strlen(call), ret_number) == 0;
}

static int gather_rules(struct gathering *gathering, const struct filter_spec *spec)
{
	unsigned number;
	int r = 0;

	for (size_t i = 0; i < n_filter_rules && r == 0; i++) {
		struct filter_row row = {.why = NULL};

		if (!is_here(spec, filter_rules[i].call, &number) ||
			!filter_rule_applies(&filter_rules[i], spec, number))
			continue;
		describe_rule(&filter_rules[i], &row);
		r = gather(gathering, &row);
	}
	return r;
}

static int gather_arguments(struct gathering *gathering, const struct filter_spec *spec)
{
	unsigned number;
	int r = 0;

	for (size_t i = 0; i < n_filter_arguments && r == 0; i++) {
		struct filter_row row = {.why = NULL};

		if (!is_here(spec, filter_arguments[i].call, &number) ||
			!filter_argument_applies(&filter_arguments[i], spec, number))
			continue;
		describe_argument(&filter_arguments[i], &row);
		r = gather(gathering, &row);
	}
	return r;
}

int filter_rows(const struct filter_spec *spec, filter_row_fn *hear, void *userdata)
{
	struct gathering gathering = {.hear = hear, .userdata = userdata};
	int r = gather_rules(&gathering, spec);

	if (r == 0)
		r = gather_arguments(&gathering, spec);
	return r == 0 ? flush(&gathering) : r;
}

struct named {
	uint32_t value;
	const char *name;
};

static const struct named domains[] = {
	{AF_UNIX, "unix"}, {AF_INET, "inet"}, {AF_INET6, "inet6"}, {AF_NETLINK, "netlink"}};
static const struct named types[] = {{SOCK_STREAM, "stream"}, {SOCK_DGRAM, "dgram"},
	{SOCK_SEQPACKET, "seqpacket"}, {SOCK_RAW, "raw"}};
static const struct named protocols[] = {{0, ""}, {IPPROTO_TCP, "/tcp"}, {IPPROTO_UDP, "/udp"},
	{IPPROTO_ICMP, "/icmp"}, {IPPROTO_ICMPV6, "/icmpv6"}};

static const char *name_of(const struct named *names, size_t n, uint32_t value)
{
	for (size_t i = 0; i < n; i++)
		if (names[i].value == value)
			return names[i].name;
	return "?";
}

void filter_rows_sockets(const struct filter_spec *spec, struct str *ret)
{
	for (size_t i = 0; i < n_filter_sockets; i++) {
		const struct filter_socket *kind = &filter_sockets[i];

		if (kind->applies && !kind->applies(spec))
			continue;
		str_addf(ret, "%s%s/%s%s", ret->length > 0 ? " " : "",
			name_of(domains, ARRAY_SIZE(domains), kind->domain),
			name_of(types, ARRAY_SIZE(types), kind->type),
			name_of(protocols, ARRAY_SIZE(protocols), kind->protocol));
	}
}

static struct syscalls calls_with(
	const struct filter_profile *profile, const struct syscalls *known, uint32_t action)
{
	struct syscalls calls = {0};

	for (unsigned number = 0; number < SYSCALLS_MAX; number++)
		if (syscalls_have(known, number) && profile->actions[number] == action)
			syscalls_add(&calls, number);
	return calls;
}

int filter_actions(const struct filter_profile *profile, filter_action_fn *hear, void *userdata)
{
	struct syscalls known, calls, told;
	int r = 0;

	profile_calls(PROFILE_UNRESTRICTED, SYSCALLS_NATIVE, &known);
	told = calls_with(profile, &known, SECCOMP_RET_ALLOW);
	for (unsigned number = 0; number < SYSCALLS_MAX && r == 0; number++) {
		if (!syscalls_have(&known, number) || syscalls_have(&told, number))
			continue;
		calls = calls_with(profile, &known, profile->actions[number]);
		syscalls_unite(&told, &calls);
		r = hear(userdata, filter_action_text(profile->actions[number]), &calls);
	}
	calls = calls_with(profile, &known, SECCOMP_RET_ALLOW);
	return r == 0 ? hear(userdata, filter_action_text(SECCOMP_RET_ALLOW), &calls) : r;
}
