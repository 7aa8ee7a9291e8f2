/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the filter is expected to do with which call, as data. */

#include <errno.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>

#define ALLOW        SECCOMP_RET_ALLOW
#define NOTIFY       SECCOMP_RET_USER_NOTIF
#define FAILS(error) (SECCOMP_RET_ERRNO | (error))

/* Under which specifications the row's action holds; `otherwise` under the others. */
enum when {
	ALWAYS,
	SUPERVISED,
	NOTIFIES_CONNECT,
	NOTIFIES_SEND,
	NOTIFIES_LISTEN,
	GUARDS_GROUPS,
	GUARDS_TRUNCATE,
	HAS_ICMP,
	NO_SYSV,
	NOT_ALLOWED, /* the default denials */
};

struct row {
	const char *call;
	uint32_t action;
	uint32_t args[6];
	enum when when;
	uint32_t otherwise; /* the action elsewhere; 0: ALLOW */
};

/* Whatever the arguments. No other call is among them: test-filter.c tries every number. */
extern const struct row whole_calls[];
extern const size_t n_whole_calls;

extern const struct row rows[];
extern const size_t n_rows;
