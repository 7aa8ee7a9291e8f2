/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whether sshd asks PAM at all: its own account of it, or its configuration read as it does. */

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "doctor.h"
#include "launch.h"
#include "str.h"

#define SSHD       "/usr/sbin/sshd"
#define LEVELS_MAX 16 /* SERVCONF_MAX_DEPTH of sshd */

/* Of "keyword value" or "keyword=value": the value, or NULL where it is another keyword. */
static char *value_of(char *line, const char *keyword)
{
	size_t n = strlen(keyword);
	char *value;

	line += strspn(line, " \t");
	if (strncasecmp(line, keyword, n) != 0 || !strchr(" \t=", line[n]) || !line[n])
		return NULL;
	value = line + n + strspn(line + n, " \t=\"");
	value[strcspn(value, " \t\"#")] = '\0';
	return value;
}

/* The first value counts. 1: yes, 0: no, -1: it does not say. */
static int find_in_text(const struct doctor *doctor, char *text, unsigned level);

static int find_in_file(const struct doctor *doctor, const char *path, unsigned level)
{
	_cleanup_free_ char *text = doctor_read(doctor, path);

	return text ? find_in_text(doctor, text, level) : -1;
}

static int find_in_included(const struct doctor *doctor, const char *pattern, unsigned level)
{
	_cleanup_free_ char *full = str_format(
		"%s%s%s", doctor->dirs.root, *pattern == '/' ? "" : "/etc/ssh/", pattern);
	int found = -1;
	glob_t files;

	if (level == LEVELS_MAX || !full || glob(full, 0, NULL, &files) != 0)
		return -1;
	for (size_t i = 0; i < files.gl_pathc && found < 0; i++)
		found = find_in_file(
			doctor, files.gl_pathv[i] + strlen(doctor->dirs.root), level + 1);
	globfree(&files);
	return found;
}

static int find_in_text(const struct doctor *doctor, char *text, unsigned level)
{
	int found = -1;

	for (char *rest = text, *line; found < 0 && (line = strsep(&rest, "\n"));) {
		_cleanup_free_ char *copy = strdup(line);
		const char *value;

		if (!copy || value_of(copy, "Match"))
			break; /* UsePAM cannot stand behind it */
		value = value_of(line, "UsePAM");
		if (value)
			return strcasecmp(value, "yes") == 0;
		value = value_of(line, "Include");
		if (value)
			found = find_in_included(doctor, value, level);
	}
	return found;
}

/* sshd -T takes root and the host keys. -1: it did not say. */
static int ask(const struct doctor *doctor)
{
	char program[] = SSHD, option[] = "-T";
	char *const argv[] = {program, option, NULL};
	_cleanup_free_ char *text = NULL;

	if (!doctor->is_here || geteuid() != 0 || launch_capture(argv, &text) != 0)
		return -1;
	for (char *rest = text, *line; (line = strsep(&rest, "\n"));) {
		const char *value = value_of(line, "usepam");

		if (value)
			return strcmp(value, "yes") == 0;
	}
	return -1;
}

void doctor_sshd(struct doctor *doctor)
{
	_cleanup_free_ char *program = str_format("%s" SSHD, doctor->dirs.root);
	_cleanup_free_ char *config = doctor_read(doctor, "/etc/ssh/sshd_config");
	const char *by = "sshd -T";
	int uses;

	if (!config && (!program || access(program, F_OK) < 0))
		return;
	uses = ask(doctor);
	if (uses < 0) {
		by = "sshd_config";
		uses = find_in_file(doctor, "/etc/ssh/sshd_config", 0);
	}
	if (uses > 0)
		doctor_add(doctor, DOCTOR_FINE, "sshd", NULL, NULL, "sshd uses PAM (%s)", by);
	else if (!config && uses < 0)
		doctor_add(doctor, DOCTOR_NOTE, "sshd", NULL, "be root",
			"/etc/ssh/sshd_config cannot be read: whether sshd uses PAM is not known");
	else
		doctor_add(doctor, DOCTOR_OPEN, "sshd", NULL,
			"write \"UsePAM yes\" in /etc/ssh/sshd_config and reload sshd",
			"sshd does not use PAM (%s): no ssh session is confined", by);
}
