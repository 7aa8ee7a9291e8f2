/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A login program as small as one can be: opens a PAM session, runs a command in it as the user,
 * closes the session. Without -s no PAM at all: the same thing unconfined, for the control runs.
 *
 *	login [-s SERVICE -c CONFDIR] [-d FOLDER] [-9 FOLDER] USER COMMAND...
 *
 * SERVICE is a file in CONFDIR. -9 leaves a descriptor 9 open on a folder. Ends as the command
 * does, with 128+N after signal N; 125 when there is no session.
 */

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NO_SESSION = 125 };

struct options {
	const char *service, *confdir, *folder, *left_open, *user;
	char **command;
};

static int no_conversation(
	int n, const struct pam_message **messages, struct pam_response **responses, void *data)
{
	for (int i = 0; i < n; i++)
		fprintf(stderr, "login: %s\n", messages[i]->msg);
	*responses = calloc((size_t)n, sizeof(**responses));
	return *responses ? PAM_SUCCESS : PAM_BUF_ERR;
}

static void fail(const char *what)
{
	perror(what);
	_exit(NO_SESSION);
}

static void become(const struct passwd *pw)
{
	if (initgroups(pw->pw_name, pw->pw_gid) < 0)
		fail("initgroups");
	if (setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) < 0)
		fail("setresgid");
	if (setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid) < 0)
		fail("setresuid");
}

static void run_in_child(const struct options *o, const struct passwd *pw, char **environment)
{
	static char *none[] = {NULL};

	become(pw);
	if (chdir(o->folder ? o->folder : pw->pw_dir) < 0)
		fail("chdir");
	environ = environment ? environment : none;
	setenv("HOME", pw->pw_dir, 1);
	setenv("USER", pw->pw_name, 1);
	setenv("PATH", "/usr/local/bin:/usr/bin:/bin", 1);
	execvp(o->command[0], o->command);
	perror(o->command[0]);
	_exit(127);
}

static int run(const struct options *o, const struct passwd *pw, char **environment)
{
	int status;
	pid_t child;

	if (o->left_open && dup2(open(o->left_open, O_RDONLY | O_DIRECTORY), 9) < 0)
		fail(o->left_open);
	child = fork();
	if (child < 0)
		fail("fork");
	if (child == 0)
		run_in_child(o, pw, environment);
	if (waitpid(child, &status, 0) != child)
		fail("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int run_in_session(const struct options *o, const struct passwd *pw)
{
	const struct pam_conv conversation = {no_conversation, NULL};
	pam_handle_t *handle;
	int r, code = NO_SESSION;

	if (pam_start_confdir(o->service, o->user, &conversation, o->confdir, &handle) !=
		PAM_SUCCESS)
		fail("pam_start");
	r = pam_open_session(handle, 0);
	if (r == PAM_SUCCESS) {
		code = run(o, pw, pam_getenvlist(handle));
		r = pam_close_session(handle, 0);
	}
	if (r != PAM_SUCCESS) {
		fprintf(stderr, "login: %s\n", pam_strerror(handle, r));
		code = NO_SESSION;
	}
	pam_end(handle, r);
	return code;
}

static int options_parse(int argc, char **argv, struct options *o)
{
	int letter;

	while ((letter = getopt(argc, argv, "+s:c:d:9:")) >= 0) {
		const char **slot = letter == 's'   ? &o->service
				    : letter == 'c' ? &o->confdir
				    : letter == 'd' ? &o->folder
				    : letter == '9' ? &o->left_open
						    : NULL;
		if (!slot)
			return -1;
		*slot = optarg;
	}
	if (argc - optind < 2 || !o->service != !o->confdir)
		return -1;
	o->user = argv[optind];
	o->command = argv + optind + 1;
	return 0;
}

int main(int argc, char **argv)
{
	struct options options = {0};
	const struct passwd *pw;

	if (options_parse(argc, argv, &options) < 0) {
		fprintf(stderr, "usage: login [-s SERVICE -c CONFDIR] [-d FOLDER] [-9 FOLDER] "
				"USER COMMAND...\n");
		return NO_SESSION;
	}
	pw = getpwnam(options.user);
	if (!pw) {
		fprintf(stderr, "login: %s: no such user\n", options.user);
		return NO_SESSION;
	}
	return options.service ? run_in_session(&options, pw) : run(&options, pw, NULL);
}
