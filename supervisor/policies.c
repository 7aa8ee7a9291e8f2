/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whose session, and what applies to them: the supervisor's use of the policy engine. */

#include "policies.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cleanup.h"
#include "config.h"
#include "diag.h"
#include "epitaph.h"
#include "fd.h"
#include "keeper.h"
#include "lock.h"
#include "policy-lookup.h"
#include "sock.h"
#include "span.h"

/* The login program does not wait any longer either, client.c. */
#define LOOKUP_SECONDS_MAX 5

static int refuse_invalid(struct opening *opening, const struct diag_list *diags)
{
	const struct diag *first = diag_first_error(diags);
	char position[DIAG_POSITION_MAX];

	if (!first)
		return opening_refuse(
			opening, WIRE_REASON_SYSTEM, "out of memory in the policy check");
	return opening_refuse(opening, WIRE_REASON_POLICY, "%s%s: %s [%s]", first->file,
		diag_position(first, position), first->text, first->id);
}

static int judge_lookup(struct opening *opening, int r, const struct diag_list *diags)
{
	switch (r) {
	case 0:
		return 0;
	case POLICY_E_NONE:
		return opening_unconfined(opening, "no policy applies");
	case POLICY_E_EXEMPT:
		return opening_unconfined(opening, "exempt");
	case POLICY_E_DENIED:
		return opening_refuse(
			opening, WIRE_REASON_DENIED, "no policy applies (no-policy = deny)");
	case POLICY_E_INVALID:
		return refuse_invalid(opening, diags);
	default:
		return opening_refuse(
			opening, WIRE_REASON_SYSTEM, "policy look-up: %s", strerror(-r));
	}
}

static int look_up_bytes(struct supervisor *supervisor, const struct policy_dirs *dirs, int policy,
	struct diag_list *diags)
{
	_cleanup_free_ char *bytes = NULL;
	size_t size;
	int r = fd_read_all(policy, POLICY_FILE_MAX, &bytes, &size);

	if (r < 0)
		return r;
	return policy_load_bytes(dirs, &supervisor->identity, supervisor->hello.policy_name, bytes,
		size, diags, &supervisor->set);
}

/* When the name service hangs: nothing but system calls, wherever in it we are. */
static void lookup_timed_out(int sig)
{
	static const struct wire_answer answer = {
		.type = WIRE_REFUSED,
		.version = WIRE_VERSION,
		.reason = WIRE_REASON_IDENTITY,
		.text = KEEPER_TEXT_TIMEOUT,
	};

	/* Without it the login program sees the channel end, and refuses as well. */
	sock_send(WIRE_SUPERVISOR_FD, &answer, sizeof(answer), NULL, 0, MSG_DONTWAIT);
	epitaph_leave(sig);
	_exit(KEEPER_STATUS_TIMEOUT);
}

/* A sandlock.conf that is broken refuses when policies are looked up, for all but root. */
static unsigned lookup_seconds(const struct settings_found *found)
{
	unsigned seconds = found->settings.lookup_timeout;

	return found->r == 0 && seconds < LOOKUP_SECONDS_MAX ? seconds : LOOKUP_SECONDS_MAX;
}

int policies_refuse_identity(
	const struct supervisor *supervisor, struct opening *opening, int error)
{
	return opening_refuse(opening, WIRE_REASON_IDENTITY, "user %s: %s", supervisor->hello.user,
		error == -ENOENT ? "unknown to the name service" : strerror(-error));
}

struct search {
	struct supervisor *supervisor;
	struct opening *opening;
	struct policy_dirs dirs;
	int policy; /* the only one, or -1 */
	const struct policy_hook *hook;
	struct settings_found settings;
};

static int refuse_locked(struct opening *opening, const char *user, const struct lock *lock)
{
	const char *colon = lock->reason[0] ? ": " : "";
	uint64_t seconds = lock->ends - lock_now();
	char span[SPAN_TEXT_MAX];

	if (lock->forever)
		return opening_refuse(
			opening, WIRE_REASON_LOCKED, "%s is locked%s%s", user, colon, lock->reason);
	return opening_refuse(opening, WIRE_REASON_LOCKED, "%s is locked for another %s%s%s", user,
		span_format(seconds, 2, span), colon, lock->reason);
}

static int refuse_by_broken_lock(
	struct opening *opening, const char *user, const struct diag_list *diags)
{
	const struct diag *first = diag_first_error(diags);

	return opening_refuse(opening, WIRE_REASON_LOCKED, "%s may be locked: %s: %s", user,
		first ? first->file : "?", first ? first->text : "out of memory");
}

static int check_lock(struct opening *opening, const char *user)
{
	static const struct policy_dirs dirs = {.root = ""};
	_cleanup_(diag_list_done) struct diag_list diags = DIAG_LIST_INIT;
	struct lock lock;
	int r = lock_find(&dirs, SANDLOCK_RUNDIR LOCK_FOLDER, user, &diags, &lock);

	switch (r) {
	case LOCK_E_NONE:
		return 0;
	case 0:
		return refuse_locked(opening, user, &lock);
	case LOCK_E_INVALID:
		return refuse_by_broken_lock(opening, user, &diags);
	default:
		return opening_refuse(opening, WIRE_REASON_SYSTEM, "lock: %s", strerror(-r));
	}
}

/*
 * Before any policy is looked for: who has none is kept out as well. Never root, who could not take
 * the lock away again. A name service may know one user by several spellings of the name.
 */
static int check_locks(const struct supervisor *supervisor, struct opening *opening)
{
	const char *asked = supervisor->hello.user, *name = supervisor->identity.user;
	int r;

	if (!supervisor->privileged || supervisor->identity.uid == 0)
		return 0;
	r = check_lock(opening, name);
	return r == 0 && strcmp(asked, name) != 0 ? check_lock(opening, asked) : r;
}

/* A folder that the login program's configuration names is there, or the name is wrong. */
static int check_folder(const struct supervisor *supervisor, struct opening *opening)
{
	const char *folder = supervisor->hello.policy_dir;

	if (!folder[0] || supervisor->identity.uid == 0 || access(folder, F_OK) == 0)
		return 0;
	return opening_refuse(
		opening, WIRE_REASON_POLICY, "policy-dir=%s: %s", folder, strerror(errno));
}

static int find(struct search *search)
{
	struct supervisor *supervisor = search->supervisor;
	struct diag_list diags = DIAG_LIST_INIT;
	int r = search->policy >= 0 ? search->hook->found(search->hook->userdata) : 0;

	if (r == 0 && search->policy >= 0)
		r = look_up_bytes(supervisor, &search->dirs, search->policy, &diags);
	else if (r == 0)
		r = policy_lookup_settled(&search->dirs, &search->settings, &supervisor->identity,
			supervisor->hello.service, search->hook, &diags, &supervisor->set);
	r = judge_lookup(search->opening, r, &diags);
	diag_list_done(&diags);
	return r;
}

int policies_find(struct supervisor *supervisor, struct opening *opening, int policy,
	const struct policy_hook *hook)
{
	const char *confdir = supervisor->hello.policy_dir;
	struct search search = {
		.supervisor = supervisor,
		.opening = opening,
		.dirs =
			{
				.root = "",
				.confdir = confdir[0] ? confdir : SANDLOCK_CONFDIR,
				.vendordir = SANDLOCK_VENDORDIR,
			},
		.policy = policy,
		.hook = hook,
	};
	int r;

	settings_find(&search.dirs, &search.settings);
	supervisor->lookup_seconds = lookup_seconds(&search.settings);
	signal(SIGALRM, lookup_timed_out);
	alarm(supervisor->lookup_seconds);
	r = identity_lookup_user(supervisor->hello.user, &supervisor->identity);
	if (r < 0)
		r = policies_refuse_identity(supervisor, opening, r);
	else
		r = check_locks(supervisor, opening);
	if (r == 0)
		r = check_folder(supervisor, opening);
	if (r == 0)
		r = find(&search);
	alarm(0);
	settings_found_done(&search.settings);
	return r;
}

int policies_find_groups(struct supervisor *supervisor)
{
	int r;

	alarm(supervisor->lookup_seconds);
	r = identity_lookup_groups(&supervisor->identity);
	alarm(0);
	return r;
}
