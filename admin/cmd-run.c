/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sandlock-admin run: a command under a policy, without a login. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "command.h"
#include "config.h"
#include "fd.h"
#include "launch.h"
#include "policy-judge.h"
#include "session.h"
#include "str.h"
#include "subject.h"
#include "wire.h"

#define SERVICE      "sandlock-run"
#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"
#define ROOT_PATH    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* What is kept of root's environment for another user: how to talk to this terminal. */
static const char *const kept_variables[] = {"TERM", "COLORTERM", "NO_COLOR", "LANG", "LANGUAGE",
	"LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TZ"};

struct run {
	struct admin *admin;
	const char *target; /* USER or FILE */
	char *const *argv;
	struct identity identity;
	bool becomes; /* root for somebody else */
	int policy;   /* sealed memfd, -1: the user's own */
	struct wire_hello hello;
	struct arm arm;
};

static bool find_identity(struct run *run, const char *user)
{
	int r = user ? identity_lookup(user, &run->identity) : -ENOENT;

	if (r == -ENOENT) {
		admin_fail(run->admin, EXIT_MISSING, "no such user: %s",
			user ? user : "who runs this");
		return false;
	}
	if (r < 0) {
		admin_fail(run->admin, EXIT_UNCONFINED, "looking up %s: %s", user, strerror(-r));
		return false;
	}
	run->becomes = run->identity.uid != geteuid();
	if (run->becomes && geteuid() != 0) {
		admin_fail(
			run->admin, EXIT_NOT_PERMITTED, "only root may run a command as %s", user);
		return false;
	}
	return true;
}

static int read_policy(const char *path, struct diag_list *diags, int *ret_fd)
{
	const struct policy_dirs dirs = {
		.root = "", .confdir = SANDLOCK_CONFDIR, .vendordir = SANDLOCK_VENDORDIR};
	_cleanup_free_ char *bytes = NULL;
	size_t size;
	int fd, r = policy_read_named(&dirs, path, diags, &bytes, &size);

	if (r != 0)
		return r;
	fd = memfd_new_sealed("policy", bytes, size);
	if (fd < 0)
		return fd;
	*ret_fd = fd;
	return 0;
}

static int status_unread(int r)
{
	return r == -ENOENT ? EXIT_MISSING : r == -EACCES ? EXIT_NOT_PERMITTED : EXIT_UNCONFINED;
}

static bool take_policy(struct run *run)
{
	_cleanup_(diag_list_done) struct diag_list diags = DIAG_LIST_INIT;
	const struct diag *error;
	int r;

	if (!subject_is_file(run->target))
		return true;
	r = read_policy(run->target, &diags, &run->policy);
	error = diag_first_error(&diags);
	if (r < 0)
		admin_fail(run->admin, status_unread(r), "%s: %s", run->target, strerror(-r));
	else if (r > 0)
		admin_fail(run->admin, EXIT_UNCONFINED, "%s: %s", run->target,
			error && error->text ? error->text : "out of memory");
	return r == 0;
}

static int fill_hello(struct run *run)
{
	struct wire_hello *hello = &run->hello;
	const char *tty = ttyname(STDIN_FILENO);
	int r = session_id_new(hello->session);

	hello->type = WIRE_HELLO;
	hello->version = WIRE_VERSION;
	if (r < 0)
		return r;
	if (run->policy >= 0) {
		hello->flags |= WIRE_HELLO_POLICY_FD;
		r = wire_string_set(hello->policy_name, sizeof(hello->policy_name), run->target);
	}
	if (r == 0)
		r = wire_string_set(hello->user, sizeof(hello->user), run->identity.user);
	if (r == 0)
		r = wire_string_set(hello->service, sizeof(hello->service), SERVICE);
	if (r == 0 && tty)
		r = wire_string_set(hello->tty, sizeof(hello->tty), tty);
	return r;
}

static bool open_session(struct run *run)
{
	struct admin *admin = run->admin;
	struct wire_answer answer;
	int r = fill_hello(run);

	if (r == 0)
		r = client_open(&run->hello, run->policy, &answer, &run->arm);
	if (r < 0) {
		admin_fail(admin, EXIT_UNCONFINED, "no answer from %s: %s", SANDLOCK_SUPERVISOR,
			strerror(-r));
		return false;
	}
	if (answer.type == WIRE_READY)
		return true;
	if (answer.type == WIRE_UNCONFINED)
		admin_fail(admin, EXIT_UNCONFINED, "%s would not be confined: %s",
			run->identity.user, answer.text);
	else
		admin_fail(admin, EXIT_UNCONFINED, "refused: %s", answer.text);
	return false;
}

static void add_variable(struct str *text, const char *name, const char *value)
{
	if (!value)
		return;
	str_addf(text, "%s=%s", name, value);
	str_add_char(text, '\0');
}

/* Variables, each ended by a NUL byte. */
static void add_variables(const struct run *run, struct str *text)
{
	const struct identity *identity = &run->identity;
	char id[SESSION_ID_TEXT];

	if (run->becomes) {
		for (size_t i = 0; i < ARRAY_SIZE(kept_variables); i++)
			add_variable(text, kept_variables[i], getenv(kept_variables[i]));
		add_variable(text, "HOME", identity->home);
		add_variable(text, "USER", identity->user);
		add_variable(text, "LOGNAME", identity->user);
		add_variable(text, "SHELL", identity->shell);
		add_variable(text, "PATH", identity->uid == 0 ? ROOT_PATH : DEFAULT_PATH);
	} else {
		for (char **variable = environ; *variable; variable++)
			if (strncmp(*variable, "SANDLOCK_SESSION=", 17) != 0)
				str_add(text, *variable, strlen(*variable) + 1);
	}
	session_id_format(run->hello.session, id);
	add_variable(text, "SANDLOCK_SESSION", id);
}

/* One allocation: the pointers, then what they point to. NULL without memory. */
static char **make_environment(const struct run *run)
{
	_cleanup_str_ struct str text = STR_INIT;
	size_t n = 0;
	char **variables, *copy;

	add_variables(run, &text);
	if (text.failed)
		return NULL;
	for (size_t i = 0; i < text.length; i++)
		n += text.text[i] == '\0';
	variables = malloc((n + 1) * sizeof(*variables) + text.length);
	if (!variables)
		return NULL;
	copy = memcpy(variables + n + 1, text.text, text.length);
	for (size_t i = 0; i < n; i++) {
		variables[i] = copy;
		copy += strlen(copy) + 1;
	}
	variables[n] = NULL;
	return variables;
}

/* The end of a command as a shell says it. */
static int status_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Behind all that the command has printed: one object, and its own line if the command ended its.
 */
static void put_json(struct run *run, int status)
{
	char id[SESSION_ID_TEXT];
	struct json json;

	session_id_format(run->hello.session, id);
	admin_json_begin(run->admin, &json);
	json_string(&json, "session", id);
	json_string(&json, "user", run->identity.user);
	json_number(&json, "status", (uint64_t)status_of(status));
	if (WIFSIGNALED(status))
		json_number(&json, "signal", (uint64_t)WTERMSIG(status));
	else
		json_null(&json, "signal");
	admin_json_end(run->admin, &json);
}

static int report(struct run *run, const struct launch_result *result)
{
	struct admin *admin = run->admin;
	const char *error = strerror(result->error);

	switch (result->failed) {
	case LAUNCH_DONE:
		break;
	case LAUNCH_FORK:
		return admin_fail(admin, EXIT_UNCONFINED, "cannot start a process: %s", error);
	case LAUNCH_CONFINE:
		return admin_fail(admin, EXIT_UNCONFINED, "cannot confine: %s", error);
	case LAUNCH_BECOME:
		return admin_fail(
			admin, EXIT_UNCONFINED, "cannot become %s: %s", run->identity.user, error);
	case LAUNCH_EXEC:
		admin_fail(admin, EXIT_YES, "%s: %s", run->argv[0], error);
		return result->error == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC;
	}
	if (admin->json)
		put_json(run, result->status);
	return status_of(result->status);
}

static int run_command(struct run *run)
{
	_cleanup_free_ char **environment = make_environment(run);
	struct launch launch = {
		.arm = &run->arm,
		.become = run->becomes ? &run->identity : NULL,
		.argv = run->argv,
		.environment = environment,
	};
	struct launch_result result;

	if (!environment)
		return admin_fail(run->admin, EXIT_UNCONFINED, "out of memory");
	result = launch_run(&launch);
	return report(run, &result);
}

static int run(struct admin *admin, const void *values, int argc, char **argv)
{
	struct run run = {.admin = admin, .policy = -1, .arm = ARM_INIT};
	int status;

	if (argc < 3 || strcmp(argv[1], "--") != 0)
		return admin_usage(admin, "a user or a file, \"--\", and a command");
	run.target = argv[0];
	run.argv = argv + 2;
	status = find_identity(
			 &run, subject_is_file(run.target) ? subject_own_name() : run.target) &&
				 take_policy(&run) && open_session(&run)
			 ? run_command(&run)
			 : admin->status;
	arm_done(&run.arm);
	fd_close(run.policy);
	identity_done(&run.identity);
	return status;
}

const struct command command_run = {
	.name = "run",
	.synopsis = "[OPTION...] USER|FILE -- COMMAND [ARGUMENT...]",
	.summary = "Runs a command under a policy",
	.help = "Under the policies of USER, or that of FILE (a word with \"/\" or ending in "
		".ini);\n"
		"as USER when root, else as oneself. Exits as the command does, with 128 and the\n"
		"signal's number when a signal ended it, and with 125 when it could not be "
		"confined.",
	.stops_at_operand = true,
	.no_root = "the policies of this system are in force on it",
	.run = run,
};
