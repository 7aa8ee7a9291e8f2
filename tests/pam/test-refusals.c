/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A table of logins: under which policy files, with which module, and what becomes of them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cleanup.h"
#include "login.h"
#include "process.h"
#include "stage.h"

enum supervisor {
	BUILT,
	MISSING,
	SILENT,
};

/* What the stack says, and whether the session is one of ours. */
enum outcome {
	IGNORED,
	CONFINED,
	ABORTED,
	DENIED,
};

static const struct {
	int pam;
	bool ours, told;
} outcomes[] = {
	[IGNORED] = {PAM_SUCCESS, false, false},
	[CONFINED] = {PAM_SUCCESS, true, false},
	[ABORTED] = {PAM_ABORT, false, true},
	[DENIED] = {PAM_PERM_DENIED, false, true},
};

#define BROKEN      "[filesystem]\nraed = /usr\n"
#define DENY        "[sandlock]\nno-policy = deny\n"
#define NO_SANDLOCK "[sandlock]\nno-such-key = yes\n"

struct row {
	const char *what;
	const char *user, *service;
	enum supervisor supervisor;
	const char *options;
	const char *files[2][2]; /* name, text */
	void (*spoil)(void);
	enum outcome outcome;
};

static void make_folder_writable(void)
{
	assert_int_equal(chmod(STAGE_POLICY "/users", 0777), 0);
}

static void make_file_writable(void)
{
	assert_int_equal(chmod(STAGE_POLICY "/users/nobody.ini", 0666), 0);
}

static void give_file_away(void)
{
	assert_int_equal(chown(STAGE_POLICY "/users/nobody.ini", 65534, 65534), 0);
}

static void put_root_file_aside(void)
{
	assert_int_equal(unlink(STAGE_POLICY "/users/root.ini"), 0);
}

static const struct row rows[] = {
	{"no policy", "nobody", "sshd", .outcome = IGNORED},
	{"no policy, by a program not known to fork", "nobody", "vsftpd", .outcome = IGNORED},
	{"no policy, no-policy = deny", "nobody", "sshd", .files = {{"sandlock.conf", DENY}},
		.outcome = DENIED},
	{"nothing but a mandatory policy, no-policy = deny", "nobody", "sshd",
		.files = {{"sandlock.conf", DENY}, {"mandatory.d/10-site.ini", STAGE_FILES}},
		.outcome = DENIED},
	{"a policy for somebody else", "nobody", "sshd", .files = {{"users/daemon.ini", BROKEN}},
		.outcome = IGNORED},
	{"a policy for another service", "nobody", "sshd",
		.files = {{"users/nobody.ini", "[policy]\nservices = cron\n" STAGE_FILES}},
		.outcome = IGNORED},

	{"a policy of one's own", "nobody", "sshd", .files = {{"users/nobody.ini", STAGE_FILES}},
		.outcome = CONFINED},
	{"a policy of the group's", "nobody", "su", .files = {{"groups/nogroup.ini", STAGE_FILES}},
		.outcome = CONFINED},
	{"the default policy", "nobody", "login", .files = {{"default.ini", STAGE_FILES}},
		.outcome = CONFINED},
	{"nothing but a mandatory policy", "nobody", "cron",
		.files = {{"mandatory.d/10-site.ini", STAGE_FILES}}, .outcome = CONFINED},
	{"mode=fork for a program not known to fork", "nobody", "vsftpd", .options = "mode=fork",
		.files = {{"users/nobody.ini", STAGE_FILES}}, .outcome = CONFINED},
	{"debug", "nobody", "sudo", .options = "debug",
		.files = {{"users/nobody.ini", STAGE_FILES}}, .outcome = CONFINED},

	{"a broken policy", "nobody", "sshd", .files = {{"users/nobody.ini", BROKEN}},
		.outcome = ABORTED},
	{"a broken mandatory policy", "nobody", "sshd",
		.files = {{"users/nobody.ini", STAGE_FILES}, {"mandatory.d/10-site.ini", BROKEN}},
		.outcome = ABORTED},
	{"broken settings", "nobody", "sshd", .files = {{"sandlock.conf", NO_SANDLOCK}},
		.outcome = ABORTED},
	{"a policy that others may write", "nobody", "sshd",
		.files = {{"users/nobody.ini", STAGE_FILES}}, .spoil = make_file_writable,
		.outcome = ABORTED},
	{"a policy that is not root's", "nobody", "sshd",
		.files = {{"users/nobody.ini", STAGE_FILES}}, .spoil = give_file_away,
		.outcome = ABORTED},
	{"a folder that others may write", "nobody", "sshd",
		.files = {{"users/nobody.ini", STAGE_FILES}}, .spoil = make_folder_writable,
		.outcome = ABORTED},
	{"a user that nobody knows", "no-such-user", "sshd", .outcome = ABORTED},
	{"a name that leaves the folder", "../nobody", "sshd", .outcome = ABORTED},
	{"a policy, by a program not known to fork", "nobody", "vsftpd",
		.files = {{"users/nobody.ini", STAGE_FILES}}, .outcome = ABORTED},
	{"no supervisor", "nobody", "sshd", MISSING, .outcome = ABORTED},
	{"a supervisor that says nothing", "nobody", "sshd", SILENT, .outcome = ABORTED},

	{"an unknown option", "nobody", "sshd", .options = "no-such-option", .outcome = ABORTED},
	{"an option that wants a value", "nobody", "sshd", .options = "mode", .outcome = ABORTED},
	{"an unknown mode", "nobody", "sshd", .options = "mode=thread", .outcome = ABORTED},
	{"an option with a tail", "nobody", "sshd", .options = "debugger", .outcome = ABORTED},
	{"a policy folder by a relative path", "nobody", "sshd", .options = "policy-dir=policy",
		.outcome = ABORTED},
	{"a policy folder that is not there", "nobody", "sshd",
		.options = "policy-dir=/nonexistent", .outcome = ABORTED},
	{"root, a policy folder that is not there", "root", "sshd",
		.options = "policy-dir=/nonexistent", .outcome = IGNORED},
	{"mode=self, no policy", "nobody", "sshd", .options = "mode=self", .outcome = IGNORED},
	{"mode=self, a broken policy", "nobody", "sshd", .options = "mode=self",
		.files = {{"users/nobody.ini", BROKEN}}, .outcome = ABORTED},
	{"mode=self, no supervisor", "nobody", "sshd", MISSING, .options = "mode=self",
		.outcome = ABORTED},
	{"mode=self, a supervisor that says nothing", "nobody", "sshd", SILENT,
		.options = "mode=self", .outcome = ABORTED},

	{"root", "root", "sshd", .outcome = IGNORED},
	{"root, by a program not known to fork", "root", "vsftpd", .outcome = IGNORED},
	{"root, broken settings", "root", "sshd", .files = {{"sandlock.conf", NO_SANDLOCK}},
		.outcome = IGNORED},
	{"root, no-policy = deny", "root", "sshd", .files = {{"sandlock.conf", DENY}},
		.outcome = IGNORED},
	{"root, broken default", "root", "sshd",
		.files = {{"default.ini", BROKEN}, {"mandatory.d/10-site.ini", BROKEN}},
		.outcome = IGNORED},
	{"root, a folder that others may write", "root", "sshd",
		.files = {{"users/root.ini", BROKEN}, {"default.ini", BROKEN}},
		.spoil = put_root_file_aside, .outcome = IGNORED},
	{"root, no supervisor", "root", "sshd", MISSING, .outcome = IGNORED},
	{"root, a supervisor that says nothing", "root", "sshd", SILENT, .outcome = IGNORED},
	{"root, an unknown option", "root", "sshd", .options = "no-such-option",
		.outcome = IGNORED},
	{"root, mode=self", "root", "sshd", .options = "mode=self", .outcome = IGNORED},
	{"root, with a policy", "root", "sshd", .files = {{"users/root.ini", STAGE_FILES}},
		.outcome = CONFINED},
	{"root, with a broken policy", "root", "sshd", .files = {{"users/root.ini", BROKEN}},
		.outcome = ABORTED},
};

static const char *module_of(enum supervisor supervisor)
{
	static const char *const variables[] = {
		[BUILT] = "SANDLOCK_TEST_MODULE_BUILT",
		[MISSING] = "SANDLOCK_TEST_MODULE_MISSING",
		[SILENT] = "SANDLOCK_TEST_MODULE_BROKEN",
	};
	const char *module = getenv(variables[supervisor]);

	assert_non_null(module);
	return module;
}

static void set_up(const struct row *row, struct login *login)
{
	char options[256];

	assert_int_equal(stage_setup(NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(row->files) && row->files[i][0]; i++)
		stage_policy(row->files[i][0], row->files[i][1]);
	if (row->spoil)
		row->spoil();
	snprintf(
		options, sizeof(options), "%s %s", STAGE_OPTIONS, row->options ? row->options : "");
	login_start(login, row->service, row->user, module_of(row->supervisor), options);
	if (row->supervisor == SILENT)
		assert_int_equal(pam_set_item(login->pamh, PAM_RHOST, "silent"), PAM_SUCCESS);
}

/* The message, where there is one, must not tell what is wrong, only whom to ask. */
static void judge(const struct row *row, const struct login *login, int r)
{
	assert_int_equal(r, outcomes[row->outcome].pam);
	assert_int_equal(login_session(login) != NULL, outcomes[row->outcome].ours);
	assert_int_equal(login->n_messages, outcomes[row->outcome].told ? 1 : 0);
	if (outcomes[row->outcome].told)
		assert_true(login_was_told(login));
}

static void judge_child(const struct row *row)
{
	struct process_view view;

	assert_int_equal(process_fork(&view), 0);
	if (row->outcome == CONFINED)
		assert_true(process_view_confined(&view));
	else
		assert_true(process_view_free(&view));
}

static void play(const struct row *row)
{
	struct process_fds before, after;
	struct login login;

	print_message("    %s\n", row->what);
	set_up(row, &login);
	process_fds(&before);
	judge(row, &login, login_open(&login, 0));
	judge_child(row);
	login_close(&login);
	process_fds(&after);
	assert_true(process_fds_equal(&before, &after));
	login_end(&login);
	assert_true(process_supervisors_end());
}

static void test_rows(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		play(&rows[i]);
}

static void test_silent_says_nothing(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct login login;

		if (!outcomes[rows[i].outcome].told || rows[i].supervisor == SILENT)
			continue;
		set_up(&rows[i], &login);
		assert_int_equal(login_open(&login, PAM_SILENT), outcomes[rows[i].outcome].pam);
		assert_int_equal(login.n_messages, 0);
		login_end(&login);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_silent_says_nothing),
	};
	int r = stage_enter();

	if (r != 0)
		return r;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
