/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sandlock-admin terminate: ends sessions, each of them whole and nothing else. */

#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "ending.h"
#include "session-list.h"
#include "session.h"
#include "str.h"
#include "text.h"

struct terminate_options {
	const char *user;
};

static const struct option_spec options[] = {
	{"user", 'u', "USER", "all sessions of this user", OPTION_STRING,
		offsetof(struct terminate_options, user)},
};

/* One run: what is to be ended, and what is told of it. */
struct run {
	struct admin *admin;
	struct session_list list;
	struct json json;
};

/* The start of an id that names a session to people is long enough not to be another's. */
static bool is_id(const char *word)
{
	size_t length = strlen(word);

	for (size_t i = 0; i < length; i++)
		if (!isdigit((unsigned char)word[i]) && !(word[i] >= 'a' && word[i] <= 'f'))
			return false;
	return length >= SESSION_SHORT_TEXT - 1 && length < SESSION_ID_TEXT;
}

static void tell(struct run *run, const struct session *session)
{
	const char *user = session->fields[SESSION_USER];

	if (run->admin->json) {
		json_begin_object(&run->json, NULL);
		json_string(&run->json, "session", session->fields[SESSION_ID]);
		json_string(&run->json, "user", user);
		json_end_object(&run->json);
		return;
	}
	text_printf(
		"Session %.8s of %s has ended.", session->fields[SESSION_ID], user ? user : "?");
	putchar('\n');
}

/* `named`: by its id, so that one that is not there any more is worth a word. */
static void end_one(struct run *run, const struct session *session, bool named)
{
	const char *id = session->fields[SESSION_ID];
	int r = ending_run(session);

	if (r == 0)
		tell(run, session);
	else if (r == ENDING_E_GONE && named)
		admin_fail(run->admin, EXIT_MISSING, "nothing of session %.8s is left", id);
	else if (r == ENDING_E_FOREIGN)
		admin_fail(run->admin, EXIT_NO, "session %.8s: its processes are not marked", id);
	else if (r == -ETIMEDOUT)
		admin_fail(run->admin, EXIT_NO, "session %.8s: not all of it has ended", id);
	else if (r < 0)
		admin_fail(run->admin, EXIT_NO, "session %.8s: %s", id, strerror(-r));
}

static void end_by_id(struct run *run, const char *word)
{
	const struct session *found = NULL;

	for (size_t i = 0; i < run->list.n_items; i++) {
		const struct session *session = &run->list.items[i];

		if (session->closed ||
			strncmp(session->fields[SESSION_ID], word, strlen(word)) != 0)
			continue;
		if (found) {
			admin_usage(run->admin, "%s is the beginning of several sessions", word);
			return;
		}
		found = session;
	}
	if (found)
		end_one(run, found, true);
	else
		admin_fail(run->admin, EXIT_MISSING, "no open session %s", word);
}

static void end_by_user(struct run *run, const char *user)
{
	for (size_t i = 0; i < run->list.n_items; i++) {
		const struct session *session = &run->list.items[i];

		if (!session->closed && session->fields[SESSION_USER] &&
			strcmp(session->fields[SESSION_USER], user) == 0)
			end_one(run, session, false);
	}
	if (run->list.n_items == 0 && !getpwnam(user))
		admin_fail(run->admin, EXIT_MISSING, "no such user: %s", user);
}

static int check_words(struct admin *admin, const char *user, int argc, char **argv)
{
	if (user && argc > 0)
		return admin_usage(admin, "either sessions or a user");
	if (!user && argc == 0)
		return admin_usage(admin, "a session is missing");
	for (int i = 0; i < argc; i++)
		if (!is_id(argv[i]))
			return admin_usage(admin,
				"\"%s\" is no session: 8 to 32 digits of its id are wanted",
				argv[i]);
	return admin->status;
}

static void end_all(struct run *run, const char *user, int argc, char **argv)
{
	if (run->admin->json) {
		admin_json_begin(run->admin, &run->json);
		json_begin_array(&run->json, "sessions");
	}
	if (user)
		end_by_user(run, user);
	for (int i = 0; i < argc; i++)
		end_by_id(run, argv[i]);
	if (run->admin->json) {
		json_end_array(&run->json);
		admin_json_end(run->admin, &run->json);
	}
}

static int run(struct admin *admin, const void *values, int argc, char **argv)
{
	const struct terminate_options *wanted = values;
	const struct journal_place here = {0};
	struct run all = {.admin = admin, .list = SESSION_LIST_INIT};

	if (check_words(admin, wanted->user, argc, argv) != EXIT_YES)
		return admin->status;
	if (geteuid() != 0)
		return admin_fail(admin, EXIT_NOT_PERMITTED, "only root can end sessions");
	if (session_list_read(admin, &here, wanted->user, &all.list) == EXIT_YES)
		end_all(&all, wanted->user, argc, argv);
	session_list_done(&all.list);
	return admin->status;
}

const struct command command_terminate = {
	.name = "terminate",
	.synopsis = "[OPTION...] ID...",
	.summary = "Ends confined sessions",
	.help = "Every process of the session is asked to end, and killed five seconds later. A "
		"session\n"
		"whose supervisor is stopped or lost can be ended too.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.values_size = sizeof(struct terminate_options),
	.no_root = "sessions run on this system",
	.wraps = true,
	.run = run,
};
