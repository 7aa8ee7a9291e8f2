/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Owns the module's only global: the armed session. A pthread_atfork(3) child handler runs in
 * every fork() child, and in no other kind; the module is linked with -z nodelete, because a real
 * dlclose would take the handler away while a session is still armed.
 */

#include "confine.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "cleanup.h"

#define EXIT_UNCONFINED 126

static _Atomic(struct arm *) armed;
static atomic_bool registered;

/*
 * In the child, possibly of a threaded program: no allocation, no lock. Where the shell is started
 * a fork further down, the child stays armed for that one.
 */
static void confine_child(void)
{
	struct arm *arm = atomic_exchange(&armed, NULL);

	if (!arm)
		return;
	if (arm_descend(arm) < 0)
		_exit(EXIT_UNCONFINED);
	if (arm->profile_depth > 0)
		atomic_store(&armed, arm);
}

static int register_handler(void)
{
	int r;

	if (atomic_exchange(&registered, true))
		return 0;
	r = pthread_atfork(NULL, NULL, confine_child);
	if (r != 0) {
		atomic_store(&registered, false);
		return -r;
	}
	return 0;
}

int confine_arm(struct arm *arm)
{
	struct arm *none = NULL;
	int r = register_handler();

	if (r < 0)
		return r;
	return atomic_compare_exchange_strong(&armed, &none, arm) ? 0 : -EBUSY;
}

void confine_disarm(const struct arm *arm)
{
	struct arm *expected = (struct arm *)arm;

	atomic_compare_exchange_strong(&armed, &expected, NULL);
}
