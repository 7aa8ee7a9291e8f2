/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the machine itself has: kernel, supervisor, module, audit, journal. */

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "audit-hint.h"
#include "config.h"
#include "doctor.h"
#include "lock.h"
#include "policy-file.h"
#include "ruleset.h"
#include "str.h"

/* What an older Landlock leaves to others, or to nobody: the first ABI that has it. */
static const struct {
	int abi;
	const char *lacks;
} lacking[] = {
	{2, "renaming between folders is refused"},
	{3, "the system-call filter has to guard truncation"},
	{4, "TCP ports are held by the supervisor alone"},
	{5, "ioctl(2) on devices is not restricted"},
	{6, "signals and abstract sockets are not kept within the session by Landlock"},
	{7, "denied files are not recorded"},
};

static char *lacks_at(int abi)
{
	struct str text = STR_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(lacking); i++)
		if (abi < lacking[i].abi)
			str_addf(&text, "%s%s", text.length ? "; " : "", lacking[i].lacks);
	return str_take(&text);
}

static void add_landlock(struct doctor *doctor, const char *release, int abi)
{
	_cleanup_free_ char *lsm = doctor_read(doctor, "/sys/kernel/security/lsm");
	_cleanup_free_ char *lacks = lacks_at(abi);

	if (lsm)
		lsm[strcspn(lsm, "\n")] = '\0';
	if (abi > 0 && lacks && !*lacks)
		doctor_add(doctor, DOCTOR_FINE, "landlock", NULL, NULL, "Linux %s, Landlock ABI %d",
			release, abi);
	else if (abi > 0)
		doctor_add(doctor, DOCTOR_NOTE, "landlock", NULL,
			"see the findings about policies for what that means here",
			"Linux %s, Landlock ABI %d: %s", release, abi, lacks ? lacks : "");
	else if (lsm && !strstr(lsm, "landlock"))
		doctor_add(doctor, DOCTOR_OPEN, "landlock", NULL,
			"add \"landlock\" to lsm= on the kernel's command line",
			"Linux %s has Landlock not enabled (%s): policies on files cannot hold",
			release, lsm);
	else
		doctor_add(doctor, DOCTOR_OPEN, "landlock", NULL,
			"boot a kernel from 5.13 on that is built with Landlock",
			"Linux %s has no Landlock: policies on files cannot hold", release);
}

static bool is_at_least(const char *release, unsigned long major, unsigned long minor)
{
	char *end;
	unsigned long first = strtoul(release, &end, 10);
	unsigned long second = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;

	return first > major || (first == major && second >= minor);
}

static void add_seccomp(struct doctor *doctor, const char *release)
{
	_cleanup_free_ char *actions = doctor_read(
		doctor, "/proc/sys/kernel/seccomp/actions_avail");

	if (!actions || !strstr(actions, "user_notif"))
		doctor_add(doctor, DOCTOR_OPEN, "seccomp", NULL,
			"boot a kernel from 5.6 on that is built with seccomp filters",
			"this kernel has no user notification: addresses and UNIX sockets cannot "
			"be "
			"decided about");
	else if (!is_at_least(release, 5, 19))
		doctor_add(doctor, DOCTOR_NOTE, "seccomp", NULL, "boot Linux 5.19 or later",
			"without WAIT_KILLABLE_RECV: signals may interrupt supervised calls that "
			"otherwise would go on");
	else
		doctor_add(doctor, DOCTOR_FINE, "seccomp", NULL, NULL,
			"user notification, with WAIT_KILLABLE_RECV");
}

/* 3: not even CAP_SYS_PTRACE may look; so the worker cannot. */
static void add_yama(struct doctor *doctor)
{
	_cleanup_free_ char *scope = doctor_read(doctor, "/proc/sys/kernel/yama/ptrace_scope");

	if (scope && *scope == '3')
		doctor_add(doctor, DOCTOR_OPEN, "yama", NULL,
			"set kernel.yama.ptrace_scope to 2 in /etc/sysctl.d, and reboot",
			"kernel.yama.ptrace_scope is 3: supervised calls of every session fail");
}

void doctor_kernel(struct doctor *doctor)
{
	int abi = ruleset_abi();
	struct utsname name;

	if (!doctor->is_here || uname(&name) < 0)
		return;
	add_landlock(doctor, name.release, abi < 0 ? 0 : abi);
	add_seccomp(doctor, name.release);
	add_yama(doctor);
}

/* Who may change it decides over every session. NULL: only root. */
static const char *why_untrusted(const struct stat *st)
{
	if (st->st_uid != 0)
		return "is not owned by root";
	if (st->st_mode & (S_IWGRP | S_IWOTH) && !(S_ISDIR(st->st_mode) && st->st_mode & S_ISVTX))
		return "can be written by group or others";
	return NULL;
}

/* A file and the folders above it. True where nothing was added. */
static bool check_trust(struct doctor *doctor, const char *id, const char *path)
{
	_cleanup_free_ char *place = strdup(path);
	struct stat st;

	while (place && *place) {
		_cleanup_free_ char *full = str_format("%s%s", doctor->dirs.root, place);
		const char *why = full && stat(full, &st) == 0 ? why_untrusted(&st) : NULL;

		if (why && !doctor->dirs.any_owner) {
			doctor_add(doctor, DOCTOR_OPEN, id, place, "chown root and chmod go-w",
				"%s", why);
			return false;
		}
		*strrchr(place, '/') = '\0';
	}
	return true;
}

static void check_program(struct doctor *doctor, const char *id, const char *path, const char *what)
{
	_cleanup_free_ char *full = str_format("%s%s", doctor->dirs.root, path);
	struct stat st;

	if (!full || stat(full, &st) < 0 || !S_ISREG(st.st_mode))
		doctor_add(doctor, DOCTOR_OPEN, id, path, "install the package again",
			"%s is missing: no session can be confined", what);
	else if (check_trust(doctor, id, path))
		doctor_add(doctor, DOCTOR_FINE, id, path, NULL,
			doctor->dirs.any_owner ? "%s is there" : "%s is there, and root's alone",
			what);
}

/* Where distributions keep modules of PAM. */
static void check_module(struct doctor *doctor)
{
	static const char *const patterns[] = {
		"/usr/lib/*/security/pam_sandlock.so",
		"/usr/lib/security/pam_sandlock.so",
		"/usr/lib64/security/pam_sandlock.so",
		"/lib/*/security/pam_sandlock.so",
		"/lib/security/pam_sandlock.so",
		"/lib64/security/pam_sandlock.so",
	};

	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
		_cleanup_free_ char *pattern = str_format("%s%s", doctor->dirs.root, patterns[i]);
		glob_t found;

		if (!pattern || glob(pattern, 0, NULL, &found) != 0)
			continue;
		check_program(doctor, "module", found.gl_pathv[0] + strlen(doctor->dirs.root),
			"the module");
		globfree(&found);
		return;
	}
	doctor_add(doctor, DOCTOR_OPEN, "module", NULL, "install the package",
		"pam_sandlock.so is in none of the usual folders");
}

void doctor_supervisor(struct doctor *doctor)
{
	check_program(doctor, "supervisor", SANDLOCK_SUPERVISOR, "the supervisor");
	check_module(doctor);
}

/* What somebody else could have written is a lock for everybody. */
void doctor_locks(struct doctor *doctor)
{
	_cleanup_(diag_list_done) struct diag_list diags = DIAG_LIST_INIT;
	_cleanup_(policy_folder_done) struct policy_folder folder = POLICY_FOLDER_NONE;
	int r = policy_folder_open(
		&doctor->dirs, SANDLOCK_RUNDIR LOCK_FOLDER, NULL, &diags, &folder);
	const struct diag *fault = diag_first_error(&diags);

	/* Without a folder nobody is locked; who may not look cannot say. */
	if (r != POLICY_E_INVALID || !fault || diag_not_permitted(fault))
		return;
	doctor_add(doctor, DOCTOR_OPEN, "locks", fault->file, "chown root and chmod go-w",
		"every login but root's is refused: the folder of locks %s", fault->text);
}

void doctor_audit(struct doctor *doctor)
{
	static const char remedy[] = "auditctl -e 1, and for good audit=1 on the kernel's command "
				     "line";
	int enabled;

	if (!doctor->is_here)
		return;
	enabled = audit_enabled();
	if (enabled > 0)
		doctor_add(doctor, DOCTOR_FINE, "audit", NULL, NULL,
			"the kernel's audit is on: denied files are recorded");
	else if (enabled == 0)
		doctor_add(doctor, DOCTOR_OPEN, "audit", NULL, remedy,
			"the kernel's audit is off: denied files are not recorded");
	else
		doctor_add(doctor, DOCTOR_NOTE, "audit", NULL, remedy,
			"whether the kernel's audit is on cannot be asked (%s); where it is off, "
			"denied files are not recorded",
			strerror(-enabled));
}

/* 1: one may be read, 0: none is there, -EACCES: they are there, and not for us. */
static int find_journal(const char *pattern)
{
	glob_t found;
	int r = -EACCES;

	if (glob(pattern, 0, NULL, &found) != 0)
		return 0;
	for (size_t i = 0; i < found.gl_pathc && r < 0; i++)
		if (access(found.gl_pathv[i], R_OK) == 0)
			r = 1;
	globfree(&found);
	return r;
}

void doctor_journal(struct doctor *doctor)
{
	int kept, volatile_one;

	if (!doctor->is_here)
		return;
	kept = find_journal("/var/log/journal/*/system.journal");
	volatile_one = find_journal("/run/log/journal/*/system.journal");
	if (kept == 0 && volatile_one == 0)
		doctor_add(doctor, DOCTOR_OPEN, "journal", NULL, "start systemd-journald.service",
			"this system has no journal: nothing of sessions is recorded");
	else if (kept == 0)
		doctor_add(doctor, DOCTOR_OPEN, "journal", NULL,
			"mkdir /var/log/journal and systemctl restart systemd-journald",
			"the journal is lost at each reboot");
	else
		doctor_add(doctor, DOCTOR_FINE, "journal", NULL, NULL,
			"the journal outlasts a reboot");
	if (kept < 0 || (kept == 0 && volatile_one < 0))
		doctor_add(doctor, DOCTOR_NOTE, "journal-access", NULL,
			"be root, or a member of the group systemd-journal or adm",
			"you may not read the journal: sessions and log will say nothing");
}
