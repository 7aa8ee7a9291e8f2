/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whose session, and what applies to them: the supervisor's use of the policy engine. */

#include "policies.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "config.h"
#include "diag.h"
#include "fd.h"
#include "policy-lookup.h"

/* The login program does not wait any longer either, client.c. */
#define LOOKUP_SECONDS_MAX 5

static int refuse_invalid(struct opening *opening, const struct diag_list *diags)
{
	const struct diag *first = diag_first_error(diags);

	if (!first)
		return opening_refuse(
			opening, WIRE_REASON_SYSTEM, "out of memory in the policy check");
	return opening_refuse(opening, WIRE_REASON_POLICY, "%s:%u:%u: %s [%s]", first->file,
		first->line, first->column, first->text, first->id);
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
		.text = "the name service did not answer in time (lookup-timeout)",
	};

	/* Without it the login program sees the channel end, and refuses as well. */
	_exit(write(WIRE_SUPERVISOR_FD, &answer, sizeof(answer)) < 0 ? 2 : 1);
}

/* A sandlock.conf that is broken refuses in policy_lookup(), for everybody but root. */
static unsigned lookup_seconds(const struct policy_dirs *dirs)
{
	struct settings settings = SETTINGS_DEFAULT;
	struct diag_list unheard = DIAG_LIST_INIT;
	unsigned seconds = LOOKUP_SECONDS_MAX;

	if (settings_lookup(dirs, &unheard, &settings) == 0) {
		if (settings.lookup_timeout < seconds)
			seconds = settings.lookup_timeout;
		settings_done(&settings);
	}
	diag_list_done(&unheard);
	return seconds;
}

int policies_find(struct supervisor *supervisor, struct opening *opening, int policy)
{
	const struct wire_hello *hello = &supervisor->hello;
	const struct policy_dirs dirs = {
		.root = "",
		.confdir = hello->policy_dir[0] ? hello->policy_dir : SANDLOCK_CONFDIR,
		.vendordir = SANDLOCK_VENDORDIR,
	};
	struct diag_list diags = DIAG_LIST_INIT;
	int r;

	signal(SIGALRM, lookup_timed_out);
	alarm(lookup_seconds(&dirs));
	r = identity_lookup(hello->user, &supervisor->identity);

	if (r < 0) {
		alarm(0);
		return opening_refuse(opening, WIRE_REASON_IDENTITY, "user %s: %s", hello->user,
			r == -ENOENT ? "unknown to the name service" : strerror(-r));
	}
	if (policy >= 0)
		r = look_up_bytes(supervisor, &dirs, policy, &diags);
	else
		r = policy_lookup(
			&dirs, &supervisor->identity, hello->service, &diags, &supervisor->set);
	alarm(0);
	r = judge_lookup(opening, r, &diags);
	diag_list_done(&diags);
	return r;
}
