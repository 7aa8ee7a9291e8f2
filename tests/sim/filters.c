/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Builds the filters under test. */

#include "filters.h"

#include <linux/audit.h>
#include <seccomp.h>

#include "fd.h"
#include "filter-denials.h"

struct built_filter filters[SPECS];

uint32_t filters_arch(const struct filter_spec *spec)
{
	return spec->arch == SYSCALLS_NATIVE ? seccomp_arch_native() : spec->arch;
}

static uint32_t other_arch(void)
{
	return seccomp_arch_native() == AUDIT_ARCH_AARCH64 ? AUDIT_ARCH_X86_64 : AUDIT_ARCH_AARCH64;
}

struct filter_spec filters_spec(unsigned number)
{
	struct filter_denials denials;
	struct filter_spec spec = {
		.arch = number & SPECS_NATIVE ? other_arch() : SYSCALLS_NATIVE,
		.notify_connect = number & 1,
		.notify_send = number & 2,
		.notify_listen = number & 4,
		.icmp = number & 8,
		.guard_truncate = number & 16,
		.sysv = number & 32,
		.guard_groups = number & 128,
	};

	filter_denials(&spec, &denials);
	if (number & 64)
		spec.allowed = denials.optional;
	return spec;
}

int filters_setup(void **state)
{
	for (unsigned i = 0; i < SPECS; i++) {
		size_t size;
		int r;

		filters[i].spec = filters_spec(i);
		r = filter_build(&filters[i].spec, &filters[i].memfd);
		if (r < 0)
			return r;
		r = fd_read_all(filters[i].memfd, BPF_MAXINSNS * sizeof(struct sock_filter),
			(char **)&filters[i].program, &size);
		if (r < 0)
			return r;
		filters[i].length = size / sizeof(struct sock_filter);
	}
	return 0;
}

int filters_teardown(void **state)
{
	for (unsigned i = 0; i < SPECS; i++) {
		free(filters[i].program);
		fd_close(filters[i].memfd);
	}
	return 0;
}
