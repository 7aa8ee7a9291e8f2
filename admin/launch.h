/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A child that confines itself, becomes a user and turns into a command; and waiting for it. */

#include "arm.h"
#include "policy.h"

struct launch {
	struct arm *arm;
	const struct identity *become; /* NULL: stay who one is */
	char *const *argv;
	char *const *environment;
};

enum launch_step {
	LAUNCH_DONE,
	LAUNCH_FORK,
	LAUNCH_CONFINE,
	LAUNCH_BECOME,
	LAUNCH_EXEC,
};

struct launch_result {
	enum launch_step failed; /* LAUNCH_DONE: the command ran */
	int error;               /* errno of the step that failed */
	int status;              /* of wait(2) */
};

/*
 * Runs the command to its end. Signals that are sent to us reach it; those of the terminal it gets
 * itself, because it stays in our process group.
 */
struct launch_result launch_run(const struct launch *launch);

/*
 * Tries things out: runs `attempt` in a child that has entered the rulesets of *arm and become the
 * user (NULL: stay who one is), and brings the `size` bytes of `results`, which it fills, back. It
 * must not do anything that is seen outside. 0 or -errno.
 */
typedef void launch_attempt_fn(void *userdata, void *results);
int launch_attempt(const struct arm *arm, const struct identity *become, launch_attempt_fn *attempt,
	void *userdata, void *results, size_t size);

/*
 * What a program writes to standard output, at most 256 KiB of it; it has no other streams. 0,
 * -EIO when it did not exit with 0, or another negative errno.
 */
int launch_capture(char *const argv[], char **ret);

/* Whether the file behind an O_PATH descriptor could be executed; executes nothing. */
#define LAUNCH_E_UNKNOWN 1 /* this kernel cannot be asked */
int launch_could_execute(int fd);
