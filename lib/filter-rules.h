/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What the base filter does, as data: calls with conditions on their arguments, and the kinds of
 * sockets there may be. Everything not named here is allowed. filter.c makes a program of it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "filter.h"

/*
 * Conditions look at the low 32 bits of an argument only: the kernel truncates an int argument,
 * and a comparison that does not is passed by with junk in the high half.
 */
enum filter_test_kind {
	FILTER_TEST_NONE,
	FILTER_TEST_IS,  /* equal to value */
	FILTER_TEST_ANY, /* any bit of value is set */
};

struct filter_test {
	enum filter_test_kind kind;
	unsigned argument;
	uint32_t value;
};

#define FILTER_TESTS_MAX 2
#define FILTER_NOTIFY    (-1) /* instead of an errno: ask the supervisor */

struct filter_rule {
	const char *call; /* may be unknown to this architecture, or to libseccomp */
	int error;        /* positive errno, or FILTER_NOTIFY */
	struct filter_test tests[FILTER_TESTS_MAX];      /* all must hold */
	bool (*applies)(const struct filter_spec *spec); /* NULL: always */
};

extern const struct filter_rule filter_rules[];
extern const size_t n_filter_rules;

/*
 * The sockets that socket(2) and socketpair(2) make. The flags in the type are ignored. A kind not
 * listed gets EPROTONOSUPPORT when its domain is listed, else EAFNOSUPPORT: what a kernel without
 * it says, so that programs fall back.
 */
struct filter_socket {
	uint32_t domain, type, protocol;
	/* Refused under this specification; NULL: never. */
	bool (*refused)(const struct filter_spec *spec);
};

/*
 * What a refused kind gets. glibc's resolver, getaddrinfo(3), syslog(3) and ssh do the same on
 * every errno tried (EACCES, EPERM, EAFNOSUPPORT, EPROTONOSUPPORT, ESOCKTNOSUPPORT): addresses and
 * /etc/hosts work, DNS fails at once, or goes by TCP where resolv.conf says `options use-vc`.
 */
#define FILTER_SOCKET_REFUSED EACCES

extern const struct filter_socket filter_sockets[];
extern const size_t n_filter_sockets;
