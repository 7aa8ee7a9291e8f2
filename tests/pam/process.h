/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What /proc says of the caller, its children and the supervisors that it caused. */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define PROCESS_FDS_MAX 256

/* The open descriptors of the calling process: numbers and what they are. */
struct process_fds {
	size_t n;
	struct {
		int number;
		char target[64];
	} fds[PROCESS_FDS_MAX];
};

void process_fds(struct process_fds *ret);

/* Whether both hold the same descriptors; prints the first difference. */
bool process_fds_equal(const struct process_fds *a, const struct process_fds *b);

/*
 * Whether every descriptor that is in `after` but not in `before` is close-on-exec and has a
 * number above those that login programs shuffle. *ret_n (may be NULL) counts them.
 */
bool process_fds_grew_well(
	const struct process_fds *before, const struct process_fds *after, size_t *ret_n);

/* What a process can do and what is on it; made without stdio, for a child of a threaded program.
 */
struct process_view {
	int no_new_privs; /* prctl(PR_GET_NO_NEW_PRIVS) */
	int seccomp;      /* prctl(PR_GET_SECCOMP) */
	int inside;       /* errno of opening a file of STAGE_INSIDE, 0: opened */
	int outside;      /* the same for STAGE_OUTSIDE */
};

void process_look(struct process_view *ret);

/* Whether the view is that of a session under STAGE_FILES, or of a process under nothing. */
bool process_view_confined(const struct process_view *view);
bool process_view_free(const struct process_view *view);

/* fork(2), process_look() in the child. The child's exit status (0: *ret is filled). */
int process_fork(struct process_view *ret);

/* The processes in this mount namespace that run a supervisor. */
#define PROCESS_SUPERVISORS_MAX 16
size_t process_supervisors(pid_t ret[PROCESS_SUPERVISORS_MAX]);

/* Waits until there is none. False when there still is after ten seconds. */
bool process_supervisors_end(void);

/* Whether all user and group ids of a process are 0, and it has no other groups. */
bool process_is_roots(pid_t pid);
