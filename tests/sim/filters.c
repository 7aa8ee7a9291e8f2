/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Builds the filters under test. */

#include "filters.h"

#include "fd.h"

struct built_filter filters[SPECS];

struct filter_spec filters_spec(unsigned number)
{
	return (struct filter_spec){
		.notify_connect = number & 1,
		.notify_send = number & 2,
		.notify_listen = number & 4,
		.icmp = number & 8,
		.guard_truncate = number & 16,
	};
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
