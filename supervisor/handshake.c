/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The opening of a session. Everything that can refuse it happens here, before the login program
 * is told that it may go on. Owns the making of the confinement: names, mark, rulesets, filter.
 */

#include "handshake.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "aside.h"
#include "cleanup.h"
#include "fd.h"
#include "filter-profile.h"
#include "hello.h"
#include "listener.h"
#include "opening.h"
#include "policies.h"
#include "record.h"
#include "resolver.h"
#include "ruleset.h"
#include "sock.h"
#include "watcher.h"

/* Host names */

static int resolve_names(struct supervisor *supervisor, struct opening *opening)
{
	int r = names_collect(supervisor->set, &supervisor->names);

	if (r == 0)
		r = resolver_run(supervisor, &supervisor->names);
	if (r < 0)
		return opening_refuse(
			opening, WIRE_REASON_SYSTEM, "resolving host names: %s", strerror(-r));
	return 0;
}

/* The confinement */

/* A note lost for want of memory loses an event, not the session: it only says more than READY. */
static void add_note(struct supervisor *supervisor, const struct rule *rule, const char *object,
	const char *text)
{
	struct note *notes = reallocarray(
		supervisor->notes, supervisor->n_notes + 1, sizeof(*notes));
	struct note note;

	if (!notes)
		return;
	supervisor->notes = notes;
	note.rule = rule && rule->id ? strdup(rule->id) : NULL;
	note.object = strdup(object);
	note.text = strdup(text);
	notes[supervisor->n_notes++] = note;
}

static void note_missing(void *userdata, const struct path_rule *rule)
{
	add_note(userdata, &rule->rule, rule->path, "no such file or directory: grants nothing");
}

static int check_gaps(
	struct supervisor *supervisor, struct opening *opening, const struct policy *layer)
{
	struct ruleset_gap gaps[RULESET_GAPS_MAX];
	size_t n = ruleset_gaps(layer, supervisor->abi, gaps);

	if (n > 0 && !supervisor->set->settings.degrade_on_old_kernel)
		return opening_refuse(opening, WIRE_REASON_KERNEL,
			"%s: %s needs %s; this kernel has ABI %u", layer->name, gaps[0].key,
			gaps[0].needs, supervisor->abi);
	for (size_t i = 0; i < n; i++) {
		_cleanup_free_ char *text = NULL;

		if (asprintf(&text, "not enforced: needs %s", gaps[i].needs) < 0)
			return opening_refuse(opening, WIRE_REASON_SYSTEM, "out of memory");
		add_note(supervisor, gaps[i].rule, gaps[i].key, text);
	}
	return 0;
}

static int make_rulesets(struct supervisor *supervisor, struct opening *opening)
{
	const struct policy_set *set = supervisor->set;

	for (size_t i = 0; i < set->n_layers; i++) {
		int fd, r;

		if (set->layers[i]->complain)
			continue;
		r = check_gaps(supervisor, opening, set->layers[i]);
		if (r != 0)
			return r;
		if (supervisor->abi == 0)
			continue;
		r = ruleset_compile(set->layers[i], supervisor->abi, note_missing, supervisor, &fd);
		if (r < 0)
			return opening_refuse(opening, WIRE_REASON_SYSTEM,
				"Landlock ruleset of %s: %s", set->layers[i]->name, strerror(-r));
		opening_add(opening, fd);
		opening->answer.n_rulesets++;
	}
	opening->answer.restrict_flags = ruleset_restrict_flags(set, supervisor->abi);
	return 0;
}

/* What needs no ruleset, and can be done beside them. */
struct errand {
	struct supervisor *supervisor;
	int filter, profile;                 /* the programs */
	uint32_t listener_flags;             /* for seccomp(2) */
	int built, profiled, grouped, tried; /* how it went: 0 or -errno */
};

#define ERRAND_INIT(supervisor) ((struct errand){supervisor, -1, -1, 0, 0, 0, 0, 0})

static void errand_done(struct errand *errand)
{
	fd_close(errand->filter);
	fd_close(errand->profile);
}

/* Whether there will be processes that bear the user's ids. */
static bool has_helpers(const struct supervisor *supervisor)
{
	return filter_supervised(&supervisor->filter) || watcher_needed(supervisor);
}

static void run_errand(void *userdata)
{
	struct errand *errand = userdata;
	struct supervisor *supervisor = errand->supervisor;

	errand->built = filter_build(&supervisor->filter, &errand->filter);
	if (filter_profile_needed(supervisor->set))
		errand->profiled = filter_profile_build(supervisor->set, &errand->profile);
	if (has_helpers(supervisor))
		errand->grouped = policies_find_groups(supervisor);
	/* Last, because the thread keeps something of it. */
	if (filter_supervised(&supervisor->filter))
		errand->tried = listener_try(&errand->listener_flags);
}

/* Takes the program over, or its lack: r is what building it returned. */
static int add_program(struct opening *opening, const char *what, int r, int fd, uint32_t *ret_n)
{
	struct stat st;

	if (r == 0) {
		opening_add(opening, fd);
		r = fstat(fd, &st) < 0 ? -errno : 0;
	}
	if (r < 0)
		return opening_refuse(opening, WIRE_REASON_SYSTEM, "%s: %s", what, strerror(-r));
	*ret_n = (uint32_t)((size_t)st.st_size / sizeof(struct sock_filter));
	return 0;
}

static int add_filter(struct supervisor *supervisor, struct opening *opening, struct errand *errand)
{
	int r = add_program(opening, "seccomp filter", errand->built, take_fd(&errand->filter),
		&opening->answer.n_instructions);

	if (r != 0)
		return r;
	if (!filter_supervised(&supervisor->filter))
		return 0;
	if (errand->tried < 0)
		return opening_refuse(opening, WIRE_REASON_SYSTEM, "seccomp listener: %s",
			record_obstacle(errand->tried));
	opening->answer.flags |= WIRE_READY_SUPERVISE;
	opening->answer.filter_flags = errand->listener_flags;
	return 0;
}

static int add_profile(
	struct supervisor *supervisor, struct opening *opening, struct errand *errand)
{
	if (!filter_profile_needed(supervisor->set))
		return 0;
	opening->answer.flags |= WIRE_READY_PROFILE;
	return add_program(opening, "system-call profile", errand->profiled,
		take_fd(&errand->profile), &opening->answer.n_profile_instructions);
}

/* Rulesets are the longest: what else there is to do does not wait for them. */
static int make_barriers(struct supervisor *supervisor, struct opening *opening)
{
	_cleanup_(errand_done) struct errand errand = ERRAND_INIT(supervisor);
	struct aside aside;
	int r;

	supervisor->filter = filter_spec(supervisor->set, supervisor->abi);
	aside_start(&aside, run_errand, &errand);
	r = make_rulesets(supervisor, opening);
	aside_join(&aside);
	if (r == 0 && errand.grouped < 0)
		r = policies_refuse_identity(supervisor, opening, errand.grouped);
	if (r == 0)
		r = add_filter(supervisor, opening, &errand);
	if (r == 0)
		r = add_profile(supervisor, opening, &errand);
	if (r == 0 && !policy_set_enforces(supervisor->set))
		opening->answer.flags |= WIRE_READY_COMPLAIN;
	if (r == 0 && watcher_needed(supervisor)) {
		opening->answer.flags |= WIRE_READY_MOUNTS;
		opening->answer.uid = supervisor->identity.uid;
	}
	return r;
}

static const char *why_unmarked(int error)
{
	return error == -ENOSPC ? "sessions of this user, or what is left of them, hold as many as "
				  "user.max_uts_namespaces allows"
				: strerror(-error);
}

/* The keeper has made it. An ordinary user's session goes without. */
static int add_mark(struct supervisor *supervisor, struct opening *opening)
{
	if (!supervisor->privileged)
		return 0;
	if (supervisor->mark < 0)
		return opening_refuse(opening, WIRE_REASON_SYSTEM, "UTS namespace: %s",
			why_unmarked(supervisor->mark));
	opening_add(opening, take_fd(&supervisor->mark));
	opening->answer.flags |= WIRE_READY_UTS;
	return 0;
}

/* A login program that forks is watched, lest it should do otherwise. */
static int watch_caller(struct supervisor *supervisor, struct opening *opening)
{
	int r;

	if (!supervisor->privileged || supervisor->hello.flags & WIRE_HELLO_SELF)
		return 0;
	r = lookout_start(&supervisor->lookout, supervisor->channel, supervisor->identity.uid);
	if (r == -EOPNOTSUPP) {
		add_note(supervisor, NULL, supervisor->hello.service,
			"what it starts cannot be watched: this kernel has no "
			"CONFIG_PROC_CHILDREN");
		return 0;
	}
	return r < 0 ? opening_refuse(opening, WIRE_REASON_SYSTEM,
			       "looking at the login program's children: %s", strerror(-r))
		     : 0;
}

static int ask_kernel(struct supervisor *supervisor, struct opening *opening)
{
	int abi = ruleset_abi();

	if (abi < 0)
		return opening_refuse(opening, WIRE_REASON_SYSTEM, "Landlock: %s", strerror(-abi));
	supervisor->abi = (unsigned)abi;
	return 0;
}

static int refuse_service(struct supervisor *supervisor, struct opening *opening)
{
	return opening_refuse(opening, WIRE_REASON_SERVICE,
		"a policy applies, but how service %s starts the session is not known: add "
		"mode=fork (it forks a child) or mode=self (it execs in place) to pam_sandlock.so "
		"in /etc/pam.d/%s",
		supervisor->hello.service, supervisor->hello.service);
}

/*
 * A profile is for the shell, and leaves out what a login program does until then (libpam's socket
 * to audit is the next): without a fork there is no moment between the two.
 */
static int refuse_profile(struct opening *opening)
{
	return opening_refuse(opening, WIRE_REASON_SERVICE,
		"[syscalls] has a profile or deny, which mode=self cannot put into force: it would "
		"hold for the program that opens the session, too");
}

static int build(struct supervisor *supervisor, struct opening *opening, int policy,
	const struct policy_hook *hook)
{
	int r = policies_find(supervisor, opening, policy, hook);

	if (r == 0 && supervisor->hello.flags & WIRE_HELLO_SERVICE)
		r = refuse_service(supervisor, opening);
	if (r == 0 && supervisor->hello.flags & WIRE_HELLO_SELF &&
		filter_profile_needed(supervisor->set) && policy_set_enforces(supervisor->set))
		r = refuse_profile(opening);
	if (r == 0)
		r = ask_kernel(supervisor, opening);
	if (r == 0)
		r = resolve_names(supervisor, opening);
	if (r == 0)
		r = add_mark(supervisor, opening);
	if (r == 0)
		r = make_barriers(supervisor, opening);
	if (r == 0)
		r = watch_caller(supervisor, opening);
	return r;
}

static int answer(struct supervisor *supervisor, struct opening *opening)
{
	bool ready = opening->answer.type == WIRE_READY;
	int r = sock_send(supervisor->channel, &opening->answer, sizeof(opening->answer),
		opening->fds, ready ? opening->n_fds : 0, 0);

	if (opening->answer.type == WIRE_REFUSED)
		record_refused(supervisor, opening->answer.text);
	return r;
}

int handshake_receive(struct supervisor *supervisor, int *ret_policy)
{
	int r = hello_receive(supervisor->channel, &supervisor->hello, ret_policy);

	if (r < 0)
		return r;
	session_id_format(supervisor->hello.session, supervisor->id);
	clock_gettime(CLOCK_MONOTONIC, &supervisor->started);
	return 0;
}

int handshake_answer(struct supervisor *supervisor, int policy, const struct policy_hook *hook)
{
	struct opening opening = OPENING_INIT;
	int r = build(supervisor, &opening, policy, hook), sent = answer(supervisor, &opening);

	opening_done(&opening);
	if (sent < 0)
		return sent;
	return r == OPENING_E_OVER ? HANDSHAKE_E_OVER : r;
}
