/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What the base filter does, as data: calls with conditions on their arguments, arguments with a
 * few good values, and the kinds of sockets there may be. Everything not named here is allowed.
 * filter.c makes a program of it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "filter.h"

/*
 * Conditions look at the low 32 bits of an argument: the kernel truncates an int argument, and a
 * comparison that does not is passed by with junk in the high half. A pointer is looked at whole.
 */
enum filter_test_kind {
	FILTER_TEST_NONE,
	FILTER_TEST_MASKED,  /* the bits of mask are those of value */
	FILTER_TEST_ANY,     /* any bit of mask is set */
	FILTER_TEST_POINTER, /* not NULL */
};

struct filter_test {
	enum filter_test_kind kind;
	unsigned argument;
	uint32_t mask, value;
};

#define FILTER_TESTS_MAX 2
#define FILTER_NOTIFY    (-1) /* instead of an errno: ask the supervisor */

/* What a policy can do about a denial. */
enum filter_class {
	FILTER_CLOSED,   /* nothing */
	FILTER_OPTIONAL, /* [syscalls] allow lifts it */
	FILTER_FALLBACK, /* nothing, but programs do the same by another call and do not miss it */
};

struct filter_rule {
	const char *call; /* may be unknown to this architecture, or to libseccomp */
	int error;        /* positive errno, or FILTER_NOTIFY */
	const char *why;  /* for people: what the call does, or who decides */
	struct filter_test tests[FILTER_TESTS_MAX];      /* all must hold */
	bool (*applies)(const struct filter_spec *spec); /* NULL: always */
	enum filter_class class;
};

extern const struct filter_rule filter_rules[];
extern const size_t n_filter_rules;

/* Whether the filter of `spec` has it, for a call of this number. */
bool filter_rule_applies(
	const struct filter_rule *rule, const struct filter_spec *spec, unsigned call);

/* Whether [ipc] sysv lifts it. */
bool filter_rule_is_sysv(const struct filter_rule *rule);

/*
 * Arguments with few good values: the low half is one of them, or it is EPERM. libseccomp cannot
 * say that, it takes one condition an argument.
 */
#define FILTER_VALUES_MAX 2

struct filter_argument {
	const char *call;
	unsigned argument;
	uint32_t values[FILTER_VALUES_MAX];
	unsigned n_values;
	const char *why;
	enum filter_class class;
};

extern const struct filter_argument filter_arguments[];
extern const size_t n_filter_arguments;

bool filter_argument_applies(
	const struct filter_argument *row, const struct filter_spec *spec, unsigned call);

/*
 * The sockets that socket(2) and socketpair(2) make. The flags in the type are ignored. A kind not
 * listed gets EPROTONOSUPPORT when its domain is listed, else EAFNOSUPPORT: what a kernel without
 * it says, so that programs fall back.
 */
struct filter_socket {
	uint32_t domain, type, protocol;
	bool (*applies)(const struct filter_spec *spec); /* NULL: always */
};

extern const struct filter_socket filter_sockets[];
extern const size_t n_filter_sockets;
