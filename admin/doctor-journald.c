/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Whether journald drops what a unit writes too fast. It counts by unit, and a session's supervisor
 * is in the session's own, or with all others in the login service's: the session's flood is its.
 */

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "str.h"

#define MAIN_FILE "/etc/systemd/journald.conf"

/* systemd.conf(5): of drop-ins of one name the first counts, and they are read by name. */
static const char *const folders[] = {
	"/etc/systemd/journald.conf.d",
	"/run/systemd/journald.conf.d",
	"/usr/local/lib/systemd/journald.conf.d",
	"/usr/lib/systemd/journald.conf.d",
};

/* Either at 0 lifts the limit, journald.conf(5). Neither is by default. */
struct limit {
	bool no_interval, no_burst;
};

static const char *name_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

/* The first by name of those behind `after`, without the root; NULL: none. */
static char *next_drop_in(const struct doctor *doctor, const char *after)
{
	_cleanup_free_ char *found = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		_cleanup_free_ char *pattern = str_format(
			"%s%s/*.conf", doctor->dirs.root, folders[i]);
		glob_t drop_ins;

		if (!pattern || glob(pattern, 0, NULL, &drop_ins) != 0)
			continue;
		for (size_t j = 0; j < drop_ins.gl_pathc; j++) {
			const char *path = drop_ins.gl_pathv[j] + strlen(doctor->dirs.root);

			if (strcmp(name_of(path), after) <= 0 ||
				(found && strcmp(name_of(path), name_of(found)) >= 0))
				continue;
			free(found);
			found = strdup(path);
		}
		globfree(&drop_ins);
	}
	return take_ptr(found);
}

/* "0", "0s", "0min". What is no number leaves what was. */
static void set_none(bool *none, const char *value)
{
	if (!*value)
		*none = false;
	else if (*value >= '0' && *value <= '9')
		*none = value[strcspn(value, "123456789")] == '\0';
}

static void take_line(struct limit *limit, char *line)
{
	char *equals = strchr(line, '=');
	const char *value = equals ? equals + 1 + strspn(equals + 1, " \t") : NULL;

	if (!equals)
		return;
	*equals = '\0';
	line[strcspn(line, " \t")] = '\0';
	if (strcmp(line, "RateLimitIntervalSec") == 0 || strcmp(line, "RateLimitInterval") == 0)
		set_none(&limit->no_interval, value);
	else if (strcmp(line, "RateLimitBurst") == 0)
		set_none(&limit->no_burst, value);
}

static void take_file(const struct doctor *doctor, const char *path, struct limit *limit)
{
	_cleanup_free_ char *text = doctor_read(doctor, path);
	char *rest = text, *line;
	bool ours = false;

	while (text && (line = strsep(&rest, "\n"))) {
		line += strspn(line, " \t");
		line[strcspn(line, "\r")] = '\0';
		if (*line == '[')
			ours = strncmp(line, "[Journal]", strlen("[Journal]")) == 0;
		else if (ours && *line != '#' && *line != ';')
			take_line(limit, line);
	}
}

void doctor_journald(struct doctor *doctor)
{
	struct limit limit = {false, false};
	_cleanup_free_ char *drop_in = NULL;
	char *next;

	take_file(doctor, MAIN_FILE, &limit);
	while ((next = next_drop_in(doctor, drop_in ? name_of(drop_in) : ""))) {
		free(drop_in);
		drop_in = next;
		take_file(doctor, drop_in, &limit);
	}
	if (limit.no_interval || limit.no_burst)
		doctor_add(doctor, DOCTOR_FINE, "journal-rate-limit", NULL, NULL,
			"journald drops no records for being many");
	else
		doctor_add(doctor, DOCTOR_OPEN, "journal-rate-limit", NULL,
			"RateLimitIntervalSec=0 under [Journal] in "
			"/etc/systemd/journald.conf.d/sandlock.conf and a restart of "
			"systemd-journald; or LogRateLimitIntervalSec=0 in the units of the "
			"login services",
			"journald drops records of a unit that writes many: a session that floods "
			"it is rid of its own denials");
}
