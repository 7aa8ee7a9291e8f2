/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The ways round: how a process of a confined user could come to exist that was never confined. */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "doctor.h"
#include "str.h"
#include "sudoers.h"

/* policy_lookup() as for a login by any service. */
int doctor_confines(const struct doctor *doctor, const char *user)
{
	struct diag_list unheard = DIAG_LIST_INIT;
	struct policy_set *set = NULL;
	struct identity identity;
	int r = doctor->is_here ? identity_lookup(user, &identity)
				: identity_read(doctor->dirs.root, user, &identity);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	r = policy_lookup(&doctor->dirs, &identity, NULL, &unheard, &set);
	policy_set_free(set);
	identity_done(&identity);
	diag_list_done(&unheard);
	/* A broken policy is one that was meant. */
	return r < 0 ? r : r == 0 || r == POLICY_E_INVALID;
}

static int is_name(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void add_linger(struct doctor *doctor, const char *user)
{
	if (doctor_confines(doctor, user) == 0)
		return;
	doctor_add(doctor, doctor->user_manager_confined ? DOCTOR_NOTE : DOCTOR_OPEN, "linger",
		user, "loginctl disable-linger USER",
		"lingers: systemd --user runs services for this user without a login%s",
		doctor->user_manager_confined ? "" : ", and they are not confined");
}

/* loginctl enable-linger leaves a file of the user's name. */
void doctor_linger(struct doctor *doctor)
{
	_cleanup_free_ char *path = str_format("%s/var/lib/systemd/linger", doctor->dirs.root);
	struct dirent **entries;
	int n = path ? scandir(path, &entries, is_name, alphasort) : -1;

	for (int i = 0; i < n; i++) {
		add_linger(doctor, entries[i]->d_name);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	else if (errno != ENOENT)
		doctor_add(doctor, DOCTOR_NOTE, "linger", "/var/lib/systemd/linger", NULL,
			"cannot be read: who lingers is not known");
}

/* Groups that are as good as root, or as somebody else. */
static const struct {
	const char *name;
	enum doctor_state state;
	const char *power;
} groups[] = {
	{"docker", DOCTOR_OPEN, "is root by the docker daemon, outside of any session"},
	{"libvirt", DOCTOR_OPEN, "is root by libvirtd, outside of any session"},
	{"libvirt-qemu", DOCTOR_OPEN, "reaches the machines of libvirtd"},
	{"lxd", DOCTOR_OPEN, "is root by the lxd daemon, outside of any session"},
	{"incus-admin", DOCTOR_OPEN, "is root by the incus daemon, outside of any session"},
	{"disk", DOCTOR_OPEN, "reads and writes the disks beneath the file systems"},
	{"sudo", DOCTOR_NOTE, "may use sudo: nothing in a confined session, root outside of one"},
	{"wheel", DOCTOR_NOTE, "may use sudo: nothing in a confined session, root outside of one"},
	{"admin", DOCTOR_NOTE, "may use sudo: nothing in a confined session, root outside of one"},
};

/* "name:password:gid:a,b" of group(5). The name service may know more; these are asked by a login.
 */
static void judge_members(struct doctor *doctor, char *members, size_t group)
{
	for (char *rest = members, *member; (member = strsep(&rest, ","));)
		if (*member && doctor_confines(doctor, member) != 0)
			doctor_add(doctor, groups[group].state, "group", member,
				"take the user out of the group, or keep the policy's `unix` and "
				"[filesystem] from what the group opens",
				"is confined, and as a member of the group \"%s\" %s",
				groups[group].name, groups[group].power);
}

static void judge_group(struct doctor *doctor, char *line)
{
	char *rest = line, *name = strsep(&rest, ":");

	strsep(&rest, ":");
	strsep(&rest, ":");
	for (size_t i = 0; rest && i < ARRAY_SIZE(groups); i++)
		if (strcmp(name, groups[i].name) == 0)
			judge_members(doctor, rest, i);
}

void doctor_groups(struct doctor *doctor)
{
	_cleanup_free_ char *text = doctor_read(doctor, "/etc/group");

	if (!text)
		doctor_add(doctor, DOCTOR_NOTE, "group", "/etc/group", NULL,
			"cannot be read: who is in groups like docker is not known");
	for (char *rest = text, *line; text && (line = strsep(&rest, "\n"));)
		judge_group(doctor, line);
}

/* One logical line of sudoers(5). */
static void judge_sudoers(void *userdata, const char *file, const char *line)
{
	struct doctor *doctor = userdata;
	_cleanup_free_ char *user = strndup(line, strcspn(line, " \t"));

	if (strncmp(line, "Defaults", strlen("Defaults")) == 0) {
		if (strstr(line, "!pam_session"))
			doctor_add(doctor, DOCTOR_OPEN, "sudo-session", file,
				"take !pam_session out",
				"sudo opens no session (!pam_session), so the module is not asked: "
				"%s",
				line);
		return;
	}
	/* Groups are judged with the groups; aliases are in capitals. */
	if (user && *user != '%' && *user != '@' && *user != '#' && strcmp(user, "root") != 0 &&
		doctor_confines(doctor, user) > 0)
		doctor_add(doctor, DOCTOR_NOTE, "sudo-rights", user, NULL,
			"is confined, and may use sudo by %s: not in a confined session, where "
			"sudo "
			"cannot become root, but in any that is not confined",
			file);
}

void doctor_sudo(struct doctor *doctor)
{
	int r = sudoers_read(doctor->dirs.root, judge_sudoers, doctor);

	if (r < 0 && r != -ENOENT)
		doctor_add(doctor, DOCTOR_NOTE, "sudo-session", "/etc/sudoers", "be root",
			"cannot be read (%s): whether sudo asks the module is not known",
			strerror(-r));
}
