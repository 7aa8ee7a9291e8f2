/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The session stack of one PAM service, read from the files of pam.d(5), and whether a login could
 * pass our module by. Judged as libpam would walk it; no module is loaded.
 */

#include <stdbool.h>
#include <stddef.h>

#define PAM_MODULE "pam_sandlock.so"

/* What happens at a return of a module; a positive number skips so many. */
enum {
	PAM_GOES_ON = 0,   /* ok, ignore, reset */
	PAM_DENIES = -1,   /* bad: whatever comes, the session fails */
	PAM_STOPS = -2,    /* die */
	PAM_SUCCEEDS = -3, /* done */
	PAM_ACTIONS_MAX = 40,
};

struct stack_entry {
	char *module; /* its file's name; NULL: the start of a substack */
	char *control;
	char *file;      /* without the root */
	char *arguments; /* the rest of the line */
	unsigned line;
	unsigned level;   /* of substacks */
	bool is_optional; /* "-session": skipped in silence where the module is missing */
	int on_success;
	int actions[PAM_ACTIONS_MAX]; /* every one that a return may have */
	size_t n_actions;
};

struct session_stack {
	struct stack_entry *entries;
	size_t n_entries;
	char *broken; /* why it cannot be read as a whole, or NULL */
};

enum stack_reach {
	PAM_ABSENT,   /* the module is not in the stack */
	PAM_PASSED,   /* it is, and a usual login never comes to it */
	PAM_MAY_PASS, /* a login may go by */
	PAM_REACHED,
};

struct stack_verdict {
	enum stack_reach reach;
	const struct stack_entry *own;     /* NULL where absent */
	const struct stack_entry *skipper; /* the one that leads past */
	const struct stack_entry *behind;  /* the first one after our own that may fork, or NULL */
	bool counts;                       /* its refusal refuses the session */
};

/* Reads the stack of a service in `root`. 0, -ENOENT without such a service, or -errno. */
int session_stack_read(const char *root, const char *service, struct session_stack *ret);
void session_stack_done(struct session_stack *stack);

struct stack_verdict session_stack_judge(const struct session_stack *stack);
