/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Asks access(2) as the user, in a child without a ruleset. */

#include "permits.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "access.h"
#include "launch.h"

#define READS  (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITES (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE)

struct question {
	const char *path;
	int mode;
};

static int mode_of(uint64_t rights)
{
	int mode = 0;

	if (rights & READS)
		mode |= R_OK;
	if (rights & WRITES)
		mode |= W_OK;
	if (rights & LANDLOCK_ACCESS_FS_EXECUTE)
		mode |= X_OK;
	/* What is made, removed or renamed is so in its folder. */
	if (rights & ACCESS_CHANGES & ~WRITES & ~LANDLOCK_ACCESS_FS_IOCTL_DEV)
		mode |= W_OK | X_OK;
	return mode;
}

static void ask(void *userdata, void *results)
{
	const struct question *question = userdata;
	int *error = results;

	*error = faccessat(AT_FDCWD, question->path, question->mode, AT_EACCESS) < 0 ? errno : 0;
}

bool permits(const struct identity *identity, const char *path, uint64_t rights)
{
	struct question question = {path, mode_of(rights)};
	const struct arm arm = ARM_INIT;
	int error = 0;

	if (launch_attempt(&arm, identity, ask, &question, &error, sizeof(error)) < 0)
		return true;
	return error != EACCES && error != EPERM;
}
