/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Both filters of a session, built, and how they look as text and as JSON. */

#include <sys/types.h>

#include "command.h"
#include "filter-profile.h"
#include "filter.h"

struct filters {
	struct filter_spec spec;
	int program, second; /* sealed memfds; second is -1 where there is none */
	struct filter_profile profile;
};

#define FILTERS_NONE ((struct filters){.program = -1, .second = -1})

/* Of the set on the running kernel. 0 or -errno; filters_done() afterwards. */
int filters_make(const struct policy_set *set, struct filters *ret);
void filters_done(struct filters *filters);

void filters_print(struct admin *admin, const struct filters *filters);
void filters_put_json(struct admin *admin, struct json *json, const struct filters *filters);
