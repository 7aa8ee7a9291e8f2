/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The rules of one policy, one after the other, in the words of the policy language. */

#include "policy.h"

/* Who holds a session to a rule. */
#define ENFORCER_LANDLOCK   (1U << 0)
#define ENFORCER_FILTER     (1U << 1)
#define ENFORCER_SUPERVISOR (1U << 2)

struct listed_rule {
	const struct rule *rule; /* NULL: nothing is written, and this is what then holds */
	const char *says;        /* one word of the key; or a sentence where rule is NULL */
	unsigned enforcers;      /* 0: it restricts nothing, or this kernel cannot */
};

/* A return other than 0 ends the walk and is what it returns; else 0 or -ENOMEM. */
typedef int rule_list_fn(void *userdata, const struct listed_rule *listed);
int rule_list(const struct policy *policy, unsigned abi, rule_list_fn *hear, void *userdata);

/* "udp://10.20.0.53:53", "8000-8100": new strings, NULL without memory. */
char *rule_endpoint_text(const struct endpoint *endpoint);
char *rule_ports_text(const struct port_range *range);

/* "20/s", "login": likewise. */
char *rule_rate_text(unsigned rate, unsigned period);
char *rule_resolve_text(unsigned seconds);

/* "landlock, supervisor" or "-". */
#define ENFORCERS_TEXT_MAX 40
const char *enforcers_text(unsigned enforcers, char buffer[ENFORCERS_TEXT_MAX]);

/* Their names, by the number of the bit. */
#define ENFORCERS 3
extern const char *const enforcer_names[ENFORCERS];
