/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Walks a stack as libpam's dispatcher does (_pam_dispatch_aux), along every return of a module. */

#include <string.h>

#include "cleanup.h"
#include "session-stack.h"

struct walk {
	const struct session_stack *stack;
	const struct stack_entry *skipper; /* the last that skipped something on this way */
	bool *seen;                        /* entries that other ways have been to */
	bool reached;
	bool passed;
};

static bool is_own(const struct stack_entry *entry)
{
	return entry->module && strcmp(entry->module, PAM_MODULE) == 0;
}

/*
 * What Linux-PAM's own modules do there: nothing that is forked, so nothing that would be confined
 * in the session's stead. (pam_motd's scripts are spawned.) Debian has some of them behind what
 * pam-auth-update puts in.
 */
static bool is_harmless(const struct stack_entry *entry)
{
	static const char *const modules[] = {
		"pam_env.so",
		"pam_keyinit.so",
		"pam_lastlog.so",
		"pam_limits.so",
		"pam_loginuid.so",
		"pam_mail.so",
		"pam_motd.so",
		"pam_permit.so",
		"pam_selinux.so",
		"pam_umask.so",
	};

	for (size_t i = 0; entry->module && i < ARRAY_SIZE(modules); i++)
		if (strcmp(entry->module, modules[i]) == 0)
			return true;
	return !entry->module; /* a substack is what is in it */
}

static const struct stack_entry *first_behind(const struct session_stack *stack, size_t own)
{
	for (size_t i = own + 1; i < stack->n_entries; i++)
		if (!is_harmless(&stack->entries[i]))
			return &stack->entries[i];
	return NULL;
}

/* The entry behind `at` and, where it begins a substack, behind all of that. */
static size_t next(const struct session_stack *stack, size_t at)
{
	unsigned level = stack->entries[at].level;

	at++;
	while (at < stack->n_entries && stack->entries[at].level > level)
		at++;
	return at;
}

/* Skips `n` beside it; one that would leave the substack fails in libpam. False: it fails. */
static bool jump(const struct session_stack *stack, size_t at, int n, size_t *ret)
{
	unsigned level = stack->entries[at].level;

	at++;
	while (n-- > 0) {
		if (at >= stack->n_entries || stack->entries[at].level < level)
			return false;
		at = next(stack, at);
	}
	*ret = at;
	return true;
}

/* Where it goes on after success: behind the substack, or at the end. */
static size_t finish(const struct session_stack *stack, size_t at)
{
	unsigned level = stack->entries[at].level;

	if (level == 0)
		return stack->n_entries;
	while (at < stack->n_entries && stack->entries[at].level >= level)
		at++;
	return at;
}

static void follow(struct walk *walk, size_t at, const struct stack_entry *skipper);

static void take(struct walk *walk, size_t at, int action, const struct stack_entry *skipper)
{
	const struct stack_entry *entry = &walk->stack->entries[at];
	size_t to;

	if (action == PAM_SUCCEEDS)
		follow(walk, finish(walk->stack, at), entry);
	else if (action > 0 && jump(walk->stack, at, action, &to))
		follow(walk, to, entry);
	else if (action == PAM_GOES_ON)
		follow(walk, at + 1, skipper);
}

static void follow(struct walk *walk, size_t at, const struct stack_entry *skipper)
{
	const struct stack_entry *entry = &walk->stack->entries[at];

	if (at >= walk->stack->n_entries) {
		if (!walk->passed)
			walk->skipper = skipper;
		walk->passed = true;
		return;
	}
	if (is_own(entry)) {
		walk->reached = true;
		return;
	}
	if (walk->seen[at])
		return;
	walk->seen[at] = true;
	if (!entry->module)
		follow(walk, at + 1, skipper);
	for (size_t i = 0; i < entry->n_actions; i++)
		take(walk, at, entry->actions[i], skipper);
}

/* Whether the way on which every module succeeds ends without us; it may also end in a refusal. */
static bool usual_way_passes(
	const struct session_stack *stack, const struct stack_entry **ret_skipper)
{
	size_t at = 0;

	while (at < stack->n_entries && !is_own(&stack->entries[at])) {
		const struct stack_entry *entry = &stack->entries[at];
		int action = entry->module ? entry->on_success : PAM_GOES_ON;

		if (action != PAM_GOES_ON)
			*ret_skipper = entry;
		if (action == PAM_SUCCEEDS)
			at = finish(stack, at);
		else if (action < 0 || !jump(stack, at, action, &at))
			return false;
	}
	return at >= stack->n_entries;
}

/* Without memory a way past is taken to be there. */
static void find_ways_past(const struct session_stack *stack, struct stack_verdict *verdict)
{
	_cleanup_free_ bool *seen = calloc(stack->n_entries + 1, sizeof(*seen));
	struct walk walk = {.stack = stack, .seen = seen, .passed = !seen};

	if (seen)
		follow(&walk, 0, NULL);
	if (walk.passed) {
		verdict->reach = PAM_MAY_PASS;
		verdict->skipper = walk.skipper;
	}
}

/* All that is not success must refuse; "ignore" is what it says where nobody is confined. */
static bool counts(const struct stack_entry *own)
{
	bool denies = false;

	for (size_t i = 0; i < own->n_actions; i++)
		denies = denies || own->actions[i] == PAM_DENIES || own->actions[i] == PAM_STOPS;
	return denies && !own->is_optional && own->on_success == PAM_GOES_ON;
}

struct stack_verdict session_stack_judge(const struct session_stack *stack)
{
	struct stack_verdict verdict = {.reach = PAM_ABSENT};

	for (size_t i = 0; i < stack->n_entries; i++) {
		if (!is_own(&stack->entries[i]))
			continue;
		verdict.own = &stack->entries[i];
		verdict.behind = first_behind(stack, i);
		verdict.counts = counts(verdict.own);
		verdict.reach = PAM_REACHED;
		break;
	}
	if (!verdict.own)
		return verdict;
	if (usual_way_passes(stack, &verdict.skipper))
		verdict.reach = PAM_PASSED;
	else
		find_ways_past(stack, &verdict);
	return verdict;
}
