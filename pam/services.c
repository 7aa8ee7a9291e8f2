/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of services. */

#include "services.h"

#include <stddef.h>
#include <string.h>

#include "cleanup.h"

/*
 * A row is added when a live test has seen the program fork. The display managers, cockpit and
 * remote (login for a network login) were read instead: each forks its session with fork(3). Should
 * one of them change, the monitor finds what it starts and ends it (supervisor/lookout.c).
 */
static const struct {
	const char *name;
	unsigned depth;
} services[] = {
	{"atd", 1},
	{"cockpit", 1},
	{"cron", 1},
	{"crond", 1},
	{"gdm-password", 1},
	{"greetd", 1},
	{"lightdm", 1},
	{"login", 1},
	{"remote", 1},
	{"runuser", 1},
	{"runuser-l", 1},
	{"sshd", 2},
	{"su", 1},
	{"su-l", 1},
	{"sudo", 1},
	{"sudo-i", 1},
};

unsigned services_depth(const char *service)
{
	for (size_t i = 0; i < ARRAY_SIZE(services); i++)
		if (strcmp(service, services[i].name) == 0)
			return services[i].depth;
	return 0;
}
