/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The ways in: for each PAM service whether our module is reached, last, and counts. */

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor.h"
#include "module-options.h"
#include "session-stack.h"
#include "str.h"

#define REMEDY "add \"session required " PAM_MODULE "\" as the last line of /etc/pam.d/%s"

#define ARGUMENTS_MAX 32

enum kind {
	KIND_LOGIN,    /* becomes the user, or makes others do it */
	KIND_ROOT,     /* only root can start it */
	KIND_MANAGER,  /* systemd --user */
	KIND_NO_LOGIN, /* authentication and passwords only */
	KIND_PART,     /* included by others, never a service */
	KIND_UNKNOWN,
};

/* What a service is for; a trailing '*' stands for any ending. */
static const struct {
	const char *name;
	enum kind kind;
} kinds[] = {
	{"sshd", KIND_LOGIN},
	{"login", KIND_LOGIN},
	{"remote", KIND_LOGIN},
	{"su", KIND_LOGIN},
	{"su-l", KIND_LOGIN},
	{"sudo", KIND_LOGIN},
	{"sudo-i", KIND_LOGIN},
	{"doas", KIND_LOGIN},
	{"cron", KIND_LOGIN},
	{"crond", KIND_LOGIN},
	{"atd", KIND_LOGIN},
	{"gdm-*", KIND_LOGIN},
	{"lightdm*", KIND_LOGIN},
	{"sddm*", KIND_LOGIN},
	{"kde*", KIND_LOGIN},
	{"xdm", KIND_LOGIN},
	{"greetd", KIND_LOGIN},
	{"cockpit", KIND_LOGIN},
	{"vsftpd", KIND_LOGIN},
	{"proftpd", KIND_LOGIN},
	{"xrdp-sesman", KIND_LOGIN},
	{"rlogin", KIND_LOGIN},
	{"rsh", KIND_LOGIN},
	{"systemd-user", KIND_MANAGER},
	{"runuser", KIND_ROOT},
	{"runuser-l", KIND_ROOT},
	{"systemd-run0", KIND_LOGIN},
	{"passwd", KIND_NO_LOGIN},
	{"chpasswd", KIND_NO_LOGIN},
	{"chfn", KIND_NO_LOGIN},
	{"chsh", KIND_NO_LOGIN},
	{"newusers", KIND_NO_LOGIN},
	{"groupmems", KIND_NO_LOGIN},
	{"polkit-1", KIND_NO_LOGIN},
	{"vlock", KIND_NO_LOGIN},
	{"screen", KIND_NO_LOGIN},
	{"common-*", KIND_PART},
	{"system-auth*", KIND_PART},
	{"password-auth*", KIND_PART},
	{"postlogin*", KIND_PART},
	{"fingerprint-auth*", KIND_PART},
	{"smartcard-auth*", KIND_PART},
};

static enum kind kind_of(const char *service)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t n = strcspn(kinds[i].name, "*");

		if (kinds[i].name[n] ? strncmp(service, kinds[i].name, n) == 0
				     : strcmp(service, kinds[i].name) == 0)
			return kinds[i].kind;
	}
	return KIND_UNKNOWN;
}

/* Without the line, how much is lost. */
static void add_absent(struct doctor *doctor, const char *service, enum kind kind)
{
	_cleanup_free_ char *remedy = str_format(REMEDY, service);

	if (kind == KIND_LOGIN)
		doctor_add(doctor, DOCTOR_OPEN, "pam-absent", service, remedy,
			"sessions of this service are not confined: its session stack does not "
			"have "
			"the module");
	else if (kind == KIND_MANAGER)
		doctor_add(doctor, DOCTOR_OPEN, "user-manager", service,
			"add \"session required " PAM_MODULE " mode=self\" as the last line of "
			"/etc/pam.d/systemd-user, or mask user@.service",
			"services and timers of users (~/.config/systemd/user) are not confined: "
			"systemd --user is started without the module");
	else if (kind == KIND_ROOT)
		doctor_add(doctor, DOCTOR_NOTE, "pam-root-only", service, remedy,
			"what root starts as another user by this service is not confined");
	else if (kind == KIND_UNKNOWN)
		doctor_add(doctor, DOCTOR_NOTE, "pam-unknown", service, remedy,
			"its session stack does not have the module; whether it starts anything as "
			"a user is not known");
}

static void add_passed(
	struct doctor *doctor, const char *service, const struct stack_verdict *verdict)
{
	const struct stack_entry *skipper = verdict->skipper;
	bool always = verdict->reach == PAM_PASSED;

	doctor_add(doctor, DOCTOR_OPEN, always ? "pam-passed" : "pam-may-pass", service,
		"put the module before what skips it, or at the end of the service's own file",
		"%s: \"%s %s\" (%s:%u) %s",
		always ? "the module is never reached"
		       : "the module can "
			 "be passed by",
		skipper ? skipper->control : "", skipper ? skipper->module : "",
		skipper ? skipper->file : "", skipper ? skipper->line : 0,
		always ? "leads past it" : "may lead past it");
}

/* As libpam takes words apart, but for brackets: none of our options needs any. */
static int parse_arguments(char *text, struct module_options *ret, const char **ret_bad)
{
	const char *words[ARGUMENTS_MAX];
	char *next = NULL;
	int n = 0;

	for (char *word = strtok_r(text, " \t", &next); word && n < ARGUMENTS_MAX;
		word = strtok_r(NULL, " \t", &next))
		words[n++] = word;
	return module_options_parse(n, words, ret, ret_bad);
}

static bool is_folder(const struct doctor *doctor, const char *path)
{
	_cleanup_free_ char *full = str_format("%s%s", doctor->dirs.root, path);
	struct stat st;

	return full && stat(full, &st) == 0 && S_ISDIR(st.st_mode);
}

/* True where nothing was added. */
static bool check_options(struct doctor *doctor, const char *service, const struct stack_entry *own)
{
	_cleanup_free_ char *text = strdup(own->arguments);
	struct module_options options = {.policy_dir = NULL};
	const char *bad;

	if (!text)
		return true;
	if (parse_arguments(text, &options, &bad) < 0)
		doctor_add(doctor, DOCTOR_OPEN, "pam-option", service, "see pam_sandlock(8)",
			"every session is refused: \"%s\" is no option of the module (%s:%u)", bad,
			own->file, own->line);
	else if (options.policy_dir && !is_folder(doctor, options.policy_dir))
		doctor_add(doctor, DOCTOR_OPEN, "pam-policy-dir", service,
			"write the folder's name right, or make it",
			"the policies of this service are nowhere: there is no folder %s (%s:%u)",
			options.policy_dir, own->file, own->line);
	else
		return true;
	return false;
}

static void add_reached(
	struct doctor *doctor, const char *service, const struct stack_verdict *verdict)
{
	const struct stack_entry *own = verdict->own;

	if (!check_options(doctor, service, own))
		return;
	if (!verdict->counts)
		doctor_add(doctor, DOCTOR_OPEN, "pam-not-required", service,
			"write \"session required " PAM_MODULE "\"",
			"a session that could not be confined goes on all the same: \"%ssession "
			"%s\" "
			"(%s:%u)",
			own->is_optional ? "-" : "", own->control, own->file, own->line);
	else if (verdict->behind)
		doctor_add(doctor, DOCTOR_OPEN, "pam-not-last", service,
			"move the line to the end of the session stack",
			"the module is not the last of the session stack (%s:%u): what comes "
			"behind "
			"it (%s) may start programs that are then confined, or fail",
			own->file, own->line,
			verdict->behind->module ? verdict->behind->module : "a substack");
	else
		doctor_add(doctor, DOCTOR_FINE, "pam-reached", service, NULL,
			"reached and required, and nothing behind it forks (%s:%u)", own->file,
			own->line);
}

static void judge(struct doctor *doctor, const char *service, enum kind kind)
{
	struct session_stack stack;
	struct stack_verdict verdict;
	int r = session_stack_read(doctor->dirs.root, service, &stack);

	if (r < 0) {
		doctor_add(doctor, DOCTOR_NOTE, "pam-unreadable", service, NULL,
			"its session stack cannot be read: %s", strerror(-r));
		return;
	}
	verdict = session_stack_judge(&stack);
	if (stack.broken)
		doctor_add(doctor, DOCTOR_OPEN, "pam-broken", service, "mend the file",
			"its session stack is broken, %s", stack.broken);
	else if (verdict.reach == PAM_ABSENT)
		add_absent(doctor, service, kind);
	else if (verdict.reach == PAM_REACHED)
		add_reached(doctor, service, &verdict);
	else
		add_passed(doctor, service, &verdict);
	if (kind == KIND_MANAGER)
		doctor->user_manager_confined = verdict.reach == PAM_REACHED && verdict.counts;
	session_stack_done(&stack);
}

static int is_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Vendors' files count where the administrator has none of the name. */
static bool is_overridden(const struct doctor *doctor, const char *service)
{
	_cleanup_free_ char *path = str_format("%s/etc/pam.d/%s", doctor->dirs.root, service);

	return path && access(path, F_OK) == 0;
}

static int judge_folder(struct doctor *doctor, const char *folder, bool vendor)
{
	_cleanup_free_ char *path = str_format("%s%s", doctor->dirs.root, folder);
	struct dirent **entries;
	int n = path ? scandir(path, &entries, is_file, alphasort) : -1;

	for (int i = 0; i < n; i++) {
		const char *service = entries[i]->d_name;
		enum kind kind = kind_of(service);

		if (kind != KIND_PART && kind != KIND_NO_LOGIN &&
			!(vendor && is_overridden(doctor, service)))
			judge(doctor, service, kind);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return n;
}

void doctor_pam(struct doctor *doctor)
{
	if (judge_folder(doctor, "/etc/pam.d", false) < 0)
		doctor_add(doctor, DOCTOR_NOTE, "pam-none", "/etc/pam.d", NULL,
			"cannot be read: which services load the module is not known");
	judge_folder(doctor, "/usr/lib/pam.d", true);
}
