/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * pam_sandlock(8): the session functions. A guest in sshd, login and cron: no library but libpam
 * and libc, no exit, no SIGCHLD. Every way out of open_session but the last line leaves the
 * session refused, or says that it is not ours (PAM_IGNORE).
 */

#include <errno.h>
#include <pwd.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <security/pam_modutil.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>

#include "cleanup.h"
#include "client.h"
#include "config.h"
#include "confine.h"
#include "module-options.h"
#include "report.h"
#include "services.h"
#include "session.h"

#define DATA_NAME "pam_sandlock_session"

/* One open session of one PAM handle. */
struct opened {
	struct arm arm;
	pid_t pid; /* who opened it: nobody else may end it */
	char user[WIRE_USER_MAX];
};

/*
 * pam_end() in a forked child comes here, too: what it holds are only copies, possibly reused, and
 * the fork handler may still look at them for the sake of that child's children.
 */
static void opened_free(pam_handle_t *pamh, void *data, int error_status)
{
	struct opened *opened = data;

	if (opened->pid != getpid())
		return;
	confine_disarm(&opened->arm);
	arm_done(&opened->arm);
	free(opened);
}

/*
 * Root is decided before any policy is read and without a supervisor, so that no mistake can lock
 * root out. Only users/root.ini confines root; a folder that cannot be looked at does not.
 */
static bool root_is_exempt(pam_handle_t *pamh, const char *user, const char *policy_dir)
{
	const struct passwd *pw = pam_modutil_getpwnam(pamh, user);
	char path[WIRE_PATH_MAX + 32];
	struct stat st;

	if (!pw || pw->pw_uid != 0)
		return false;
	snprintf(path, sizeof(path), "%s/users/root.ini", policy_dir);
	return lstat(path, &st) < 0;
}

static int fill_item(pam_handle_t *pamh, int item, char *field, size_t size)
{
	const void *value = NULL;

	if (pam_get_item(pamh, item, &value) != PAM_SUCCESS)
		return -EINVAL;
	return wire_string_set(field, size, value ? value : "");
}

static int fill_hello(
	pam_handle_t *pamh, const struct module_options *options, struct wire_hello *hello)
{
	if (fill_item(pamh, PAM_USER, hello->user, sizeof(hello->user)) < 0 ||
		fill_item(pamh, PAM_SERVICE, hello->service, sizeof(hello->service)) < 0 ||
		fill_item(pamh, PAM_TTY, hello->tty, sizeof(hello->tty)) < 0 ||
		fill_item(pamh, PAM_RHOST, hello->rhost, sizeof(hello->rhost)) < 0 ||
		wire_string_set(hello->policy_dir, sizeof(hello->policy_dir),
			options->policy_dir ? options->policy_dir : "") < 0)
		return -ENAMETOOLONG;
	if (options->debug)
		hello->flags |= WIRE_HELLO_DEBUG;
	if (options->mode == MODULE_MODE_SERVICE && services_depth(hello->service) == 0)
		hello->flags |= WIRE_HELLO_SERVICE;
	if (options->mode == MODULE_MODE_SELF)
		hello->flags |= WIRE_HELLO_SELF;
	return 0;
}

static int put_environment(pam_handle_t *pamh, const uint8_t *id)
{
	char text[SESSION_ID_TEXT];
	char variable[sizeof("SANDLOCK_SESSION=") + SESSION_ID_TEXT];

	session_id_format(id, text);
	snprintf(variable, sizeof(variable), "SANDLOCK_SESSION=%s", text);
	return pam_putenv(pamh, variable);
}

/*
 * Where the shell starts. For root sshd forks it from the process that opened the session, without
 * a user's sshd in between; a service that only mode= makes known is taken at its word.
 */
static unsigned shell_depth(pam_handle_t *pamh, const struct wire_hello *hello)
{
	const struct passwd *pw = pam_modutil_getpwnam(pamh, hello->user);
	unsigned depth = services_depth(hello->service);

	return depth > 1 && pw && pw->pw_uid != 0 ? depth : 1;
}

/*
 * The session is ready: from the end of this function on, every forked child is confined, or the
 * caller is. Nothing is left to fail after that.
 */
static int arm_session(pam_handle_t *pamh, const struct wire_hello *hello, const struct arm *arm)
{
	struct opened *opened = malloc(sizeof(*opened));

	if (!opened)
		return -ENOMEM;
	*opened = (struct opened){.arm = *arm, .pid = getpid()};
	memcpy(opened->user, hello->user, sizeof(opened->user));
	if (arm->profile_depth > 0)
		opened->arm.profile_depth = shell_depth(pamh, hello);
	if (put_environment(pamh, hello->session) != PAM_SUCCESS ||
		pam_set_data(pamh, DATA_NAME, opened, opened_free) != PAM_SUCCESS) {
		free(opened);
		return -ENOMEM;
	}
	if (hello->flags & WIRE_HELLO_SELF)
		return arm_confine_whole(&opened->arm);
	return confine_arm(&opened->arm);
}

static const char *explain(int error)
{
	return error == -EOPNOTSUPP
		       ? "the program has several threads, which this kernel cannot confine with "
			 "mode=self (Landlock ABI 8 can)"
		       : strerror(-error);
}

/*
 * Once the data is set it owns the descriptors, and says that a session is open: it goes when the
 * session could not be armed, or the next call for this handle would find the session open.
 */
static int answer_ready(
	pam_handle_t *pamh, int flags, const struct wire_hello *hello, struct arm *arm)
{
	const void *data;
	int r = arm_session(pamh, hello, arm);

	if (r == 0)
		return PAM_SUCCESS;
	if (pam_get_data(pamh, DATA_NAME, &data) == PAM_SUCCESS && data)
		pam_set_data(pamh, DATA_NAME, NULL, NULL);
	else
		arm_done(arm);
	report_refusal(pamh, flags, hello->session, "cannot arm the session: %s", explain(r));
	return PAM_ABORT;
}

static int refuse(pam_handle_t *pamh, int flags, const struct wire_hello *hello,
	const struct wire_answer *answer)
{
	report_refusal(pamh, flags, hello->session, "%s", answer->text);
	if (answer->reason == WIRE_REASON_DENIED || answer->reason == WIRE_REASON_LOCKED)
		return PAM_PERM_DENIED;
	return PAM_ABORT;
}

static int ask_supervisor(pam_handle_t *pamh, int flags, const struct module_options *options)
{
	struct wire_hello hello = {.type = WIRE_HELLO, .version = WIRE_VERSION};
	struct arm arm = ARM_INIT;
	struct wire_answer answer;
	int r;

	r = session_id_new(hello.session);
	if (r == 0)
		r = fill_hello(pamh, options, &hello);
	if (r == 0)
		r = client_open(&hello, -1, &answer, &arm);
	if (r < 0) {
		report_refusal(pamh, flags, hello.session, "no answer from %s: %s",
			SANDLOCK_SUPERVISOR, strerror(-r));
		return PAM_ABORT;
	}
	if (options->debug)
		pam_syslog(pamh, LOG_DEBUG, "answer %u: %s", answer.type, answer.text);
	if (answer.type == WIRE_UNCONFINED)
		return PAM_IGNORE;
	if (answer.type == WIRE_READY) {
		r = answer_ready(pamh, flags, &hello, &arm);
		if (r == PAM_SUCCESS && answer.flags & WIRE_READY_COMPLAIN)
			report_complain(pamh, flags);
		return r;
	}
	return refuse(pamh, flags, &hello, &answer);
}

/*
 * A stack that includes another one which has our line, too (su-l and su): the session is armed
 * already, and once is enough. For anybody else it is not.
 */
static int open_again(pam_handle_t *pamh, int flags, const char *user, const struct opened *opened)
{
	if (opened->pid == getpid() && strcmp(opened->user, user) == 0)
		return PAM_IGNORE;
	report_refusal(pamh, flags, NULL, "a session of %s is already open in this PAM handle",
		opened->user);
	return PAM_ABORT;
}

int pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct module_options options = {0};
	const char *user = NULL;
	const char *bad = NULL;
	const void *data;
	int parsed = module_options_parse(argc, argv, &options, &bad);

	if (pam_get_user(pamh, &user, NULL) != PAM_SUCCESS || !user || !*user) {
		report_refusal(pamh, flags, NULL, "PAM does not say whose session this is");
		return PAM_ABORT;
	}
	if (root_is_exempt(pamh, user, options.policy_dir ? options.policy_dir : SANDLOCK_CONFDIR))
		return PAM_IGNORE;
	if (parsed < 0) {
		report_refusal(pamh, flags, NULL, "option not understood: %s", bad);
		return PAM_ABORT;
	}
	if (pam_get_data(pamh, DATA_NAME, &data) == PAM_SUCCESS && data)
		return open_again(pamh, flags, user, data);
	return ask_supervisor(pamh, flags, &options);
}

/* Disarm first, then end the channel: modules after us in the close order may fork. */
int pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	const void *data;

	if (pam_get_data(pamh, DATA_NAME, &data) != PAM_SUCCESS || !data)
		return PAM_IGNORE;
	return pam_set_data(pamh, DATA_NAME, NULL, NULL);
}
