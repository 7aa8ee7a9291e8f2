/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of services. A row is added when a live test has seen the program fork. */

#include "services.h"

#include <stddef.h>
#include <string.h>

#include "cleanup.h"

static const char *const forkers[] = {
	"cron",
	"login",
	"sshd",
	"su",
	"su-l",
	"sudo",
};

bool services_forks(const char *service)
{
	for (size_t i = 0; i < ARRAY_SIZE(forkers); i++)
		if (strcmp(service, forkers[i]) == 0)
			return true;
	return false;
}
