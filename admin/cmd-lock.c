/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sandlock-admin lock and unlock: keeping a user out, and letting them in again. */

#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "lock-file.h"
#include "policy-file.h"
#include "session-list.h"
#include "span.h"
#include "str.h"
#include "text.h"
#include "when.h"

struct lock_options {
	const char *duration;
	const char *reason;
};

static const struct option_spec options[] = {
	{"for", 0, "TIME", "how long: 90s, 30min, 2h, 3d", OPTION_STRING,
		offsetof(struct lock_options, duration)},
	{"reason", 0, "TEXT", "for the log", OPTION_STRING, offsetof(struct lock_options, reason)},
};

/* A span of at least a second. */
static bool parse_duration(const char *text, uint64_t *ret_seconds)
{
	_cleanup_free_ char *span = str_format("+%s", text);
	uint64_t end;

	if (!span || text[0] < '0' || text[0] > '9' || when_parse(span, 0, &end) < 0 ||
		end < WHEN_SECOND)
		return false;
	*ret_seconds = end / WHEN_SECOND;
	return true;
}

static bool fill(struct admin *admin, const struct lock_options *wanted, struct lock *ret,
	uint64_t *ret_seconds)
{
	struct lock lock = {.forever = !wanted->duration};
	uint64_t seconds = 0;

	if (wanted->duration && !parse_duration(wanted->duration, &seconds)) {
		admin_usage(admin, "\"%s\" is no time to lock for", wanted->duration);
		return false;
	}
	if (wanted->reason && !lock_reason_ok(wanted->reason)) {
		admin_usage(admin, "a reason is one line of at most %d bytes", LOCK_REASON_MAX - 1);
		return false;
	}
	lock.ends = lock_now() + seconds;
	if (wanted->reason)
		memcpy(lock.reason, wanted->reason, strlen(wanted->reason) + 1);
	*ret = lock;
	*ret_seconds = seconds;
	return true;
}

/* Who a word means: the name that policies go by. NULL after it was reported. */
static const char *find_user(struct admin *admin, const char *word)
{
	const struct passwd *pw = getpwnam(word);

	if (!pw)
		admin_fail(admin, EXIT_MISSING, "no such user: %s", word);
	else if (pw->pw_uid == 0)
		admin_fail(admin, EXIT_NO,
			"root cannot be locked out: nobody would be left to undo it");
	else if (!policy_file_is_name(pw->pw_name))
		admin_fail(admin, EXIT_NO, "%s: no file can have that name", pw->pw_name);
	else
		return pw->pw_name;
	return NULL;
}

/* Sessions that a lock does not touch. False after it was reported. */
static bool count_sessions(struct admin *admin, const char *user, size_t *ret)
{
	const struct journal_place here = {0};
	struct session_list list = SESSION_LIST_INIT;
	int status = admin->status;
	size_t n = 0;

	if (session_list_read(admin, &here, user, &list) != status)
		return false;
	for (size_t i = 0; i < list.n_items; i++)
		if (list.items[i].state == SESSION_ACTIVE || list.items[i].processes > 0)
			n++;
	session_list_done(&list);
	*ret = n;
	return true;
}

static void tell_json(
	struct admin *admin, const char *user, const struct lock *lock, const size_t *n_sessions)
{
	uint64_t end = when_now() + (lock->ends - lock_now()) * WHEN_SECOND;
	char time[WHEN_TEXT_MAX];
	struct json json;

	admin_json_begin(admin, &json);
	json_string(&json, "user", user);
	json_string(&json, "until", lock->forever ? NULL : when_format_utc(end, time));
	json_string(&json, "reason", lock->reason[0] ? lock->reason : NULL);
	if (n_sessions)
		json_number(&json, "sessions", *n_sessions);
	else
		json_null(&json, "sessions");
	admin_json_end(admin, &json);
}

/* seconds: how long the lock is for. */
static void tell(struct admin *admin, const char *user, const struct lock *lock, uint64_t seconds,
	const size_t *n_sessions)
{
	char span[SPAN_TEXT_MAX];

	if (admin->json) {
		tell_json(admin, user, lock, n_sessions);
		return;
	}
	if (lock->forever)
		text_printf("%s is locked, until unlocked or until the system restarts.", user);
	else
		text_printf("%s is locked for %s.", user, span_format(seconds, SPAN_PARTS, span));
	putchar('\n');
	if (!n_sessions || *n_sessions == 0)
		return;
	text_printf("%zu %s; to end %s: sandlock-admin terminate --user %s", *n_sessions,
		*n_sessions == 1 ? "session goes on" : "sessions go on",
		*n_sessions == 1 ? "it" : "them", user);
	putchar('\n');
}

static int check_words(struct admin *admin, int argc, char **argv)
{
	if (argc == 0)
		return admin_usage(admin, "a user is missing");
	if (argc > 1)
		return admin_usage(admin, "\"%s\" is too much", argv[1]);
	return admin->status;
}

static int run_lock(struct admin *admin, const void *values, int argc, char **argv)
{
	struct lock lock;
	const char *user;
	uint64_t seconds;
	size_t n_sessions;

	if (check_words(admin, argc, argv) != EXIT_YES || !fill(admin, values, &lock, &seconds))
		return admin->status;
	user = find_user(admin, argv[0]);
	if (!user)
		return admin->status;
	if (geteuid() != 0)
		return admin_fail(admin, EXIT_NOT_PERMITTED, "only root can lock users");
	/* The lock first: a journal that cannot be read keeps nobody in. */
	if (lock_file_write(admin, user, &lock))
		tell(admin, user, &lock, seconds,
			count_sessions(admin, user, &n_sessions) ? &n_sessions : NULL);
	return admin->status;
}

static void tell_unlocked(struct admin *admin, const char *user, bool held)
{
	struct json json;

	if (!held)
		admin_fail(admin, EXIT_NO, "%s was not locked", user);
	if (admin->json) {
		admin_json_begin(admin, &json);
		json_string(&json, "user", user);
		json_bool(&json, "was_locked", held);
		admin_json_end(admin, &json);
	} else if (held) {
		text_printf("%s is not locked any more.", user);
		putchar('\n');
	}
}

/* A lock may outlive the account it is about. */
static int run_unlock(struct admin *admin, const void *values, int argc, char **argv)
{
	const struct passwd *pw;
	const char *user;
	bool held;

	if (check_words(admin, argc, argv) != EXIT_YES)
		return admin->status;
	pw = getpwnam(argv[0]);
	user = pw ? pw->pw_name : argv[0];
	if (!policy_file_is_name(user))
		return admin_fail(admin, EXIT_MISSING, "no such user: %s", user);
	if (geteuid() != 0)
		return admin_fail(admin, EXIT_NOT_PERMITTED, "only root can unlock users");
	if (!lock_file_remove(admin, user, &held))
		return admin->status;
	if (!held && !pw)
		return admin_fail(admin, EXIT_MISSING, "no such user: %s", user);
	tell_unlocked(admin, user, held);
	return admin->status;
}

const struct command command_lock = {
	.name = "lock",
	.synopsis = "[OPTION...] USER",
	.summary = "Keeps a user out",
	.help = "Every service that has pam_sandlock.so refuses the user from now on, whatever "
		"policies\n"
		"there are. Sessions that are open go on. Without --for it holds until it is "
		"taken away,\n"
		"and no longer than the system runs.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.values_size = sizeof(struct lock_options),
	.no_root = "it is this system that is logged in to",
	.wraps = true,
	.run = run_lock,
};

const struct command command_unlock = {
	.name = "unlock",
	.synopsis = "[OPTION...] USER",
	.summary = "Lets a locked user in again",
	.no_root = "it is this system that is logged in to",
	.wraps = true,
	.run = run_unlock,
};
