/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From a specification to the actions expected of it. */

#include "expect.h"

#include <string.h>

#include "cleanup.h"

/* Numbers below are all taken or given up: where one is free the kernel itself says ENOSYS. */
#define FIRST_CHECKED 300

static bool is_allowed(const char *name, const struct filter_spec *spec)
{
	unsigned number;

	return syscall_number(spec->arch, name, strlen(name), &number) == 0 &&
	       syscalls_have(&spec->allowed, number);
}

static bool holds(const struct row *row, const struct filter_spec *spec)
{
	switch (row->when) {
	case SUPERVISED:
		return spec->notify_connect || spec->notify_send || spec->notify_listen;
	case NOTIFIES_CONNECT:
		return spec->notify_connect;
	case NOTIFIES_LISTEN:
		return spec->notify_listen;
	case NOTIFIES_SEND:
		return spec->notify_send;
	case GUARDS_GROUPS:
		return spec->guard_groups;
	case GUARDS_TRUNCATE:
		return spec->guard_truncate;
	case HAS_ICMP:
		return spec->icmp;
	case NO_SYSV:
		return !spec->sysv;
	case NOT_ALLOWED:
		return !is_allowed(row->call, spec);
	default:
		return true;
	}
}

uint32_t expect_row(const struct row *row, const struct filter_spec *spec)
{
	if (holds(row, spec))
		return row->action;
	return row->otherwise ? row->otherwise : ALLOW;
}

uint32_t expect_call(const char *name, const struct filter_spec *spec)
{
	for (size_t i = 0; i < n_whole_calls; i++)
		if (strcmp(whole_calls[i].call, name) == 0)
			return expect_row(&whole_calls[i], spec);
	return ALLOW;
}

uint32_t expect_number(uint32_t arch, unsigned number, const struct filter_spec *spec)
{
	_cleanup_free_ char *name = syscall_name(arch, number);

	if (name)
		return expect_call(name, spec);
	return number < FIRST_CHECKED ? ALLOW : FAILS(ENOSYS);
}

uint32_t expect_both(uint32_t a, uint32_t b)
{
	int32_t of_a = (int32_t)(a & SECCOMP_RET_ACTION_FULL);
	int32_t of_b = (int32_t)(b & SECCOMP_RET_ACTION_FULL);

	return of_b < of_a ? b : a;
}
