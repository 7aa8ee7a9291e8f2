/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of services. A row is added when a live test has seen the program fork. */

#include "services.h"

#include <stddef.h>
#include <string.h>

#include "cleanup.h"

static const struct {
	const char *name;
	unsigned depth;
} services[] = {
	{"cron", 1},
	{"login", 1},
	{"sshd", 2},
	{"su", 1},
	{"su-l", 1},
	{"sudo", 1},
};

unsigned services_depth(const char *service)
{
	for (size_t i = 0; i < ARRAY_SIZE(services); i++)
		if (strcmp(service, services[i].name) == 0)
			return services[i].depth;
	return 0;
}
