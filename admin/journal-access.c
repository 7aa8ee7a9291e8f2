/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Looks at the journal's files by name and permission only. */

#include "journal-access.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"

/* Journal files are in the folder itself or one below, named after the machine. */
#define LEVELS 2

struct finding {
	size_t n_readable;
	size_t n_closed;         /* files that are there, and not for us */
	size_t n_closed_folders; /* with who knows what in them */
	int error;               /* of the folder itself, 0 fine */
};

/*
 * Our records are root's, so journald keeps them in system.journal; those of users are no concern
 * of ours. In a folder of journal-remote any file may hold them.
 */
static bool is_journal(const char *name)
{
	size_t length = strlen(name);

	if (strncmp(name, "user-", 5) == 0)
		return false;
	return length > 8 && strcmp(name + length - 8, ".journal") == 0;
}

static void look(const char *path, int level, struct finding *finding)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	if (!folder) {
		if (errno == EACCES)
			finding->n_closed_folders++;
		else if (level == 1)
			finding->error = errno;
		return;
	}
	while ((entry = readdir(folder))) {
		_cleanup_free_ char *child = NULL;

		if (entry->d_name[0] == '.')
			continue;
		if (asprintf(&child, "%s/%s", path, entry->d_name) < 0) {
			child = NULL;
			finding->error = ENOMEM;
			break;
		}
		if (is_journal(entry->d_name)) {
			if (access(child, R_OK) == 0)
				finding->n_readable++;
			else
				finding->n_closed++;
		} else if (level < LEVELS && entry->d_type != DT_REG) {
			look(child, level + 1, finding);
		}
	}
	closedir(folder);
}

static bool closed(struct admin *admin, const char *where)
{
	admin_fail(admin, EXIT_NOT_PERMITTED,
		"not permitted to read %s: be root, or a member of the group systemd-journal or "
		"adm",
		where);
	return false;
}

static bool access_directory(struct admin *admin, const char *directory)
{
	struct finding finding = {0};

	look(directory, 1, &finding);
	if (finding.error) {
		admin_fail(admin, EXIT_MISSING, "%s: %s", directory, strerror(finding.error));
		return false;
	}
	if (finding.n_closed + finding.n_closed_folders > 0)
		return closed(admin, directory);
	if (finding.n_readable > 0)
		return true;
	admin_fail(admin, EXIT_MISSING, "%s holds no journal files", directory);
	return false;
}

bool journal_access(struct admin *admin, const char *directory)
{
	struct finding finding = {0};

	if (directory)
		return access_directory(admin, directory);
	look("/var/log/journal", 1, &finding);
	look("/run/log/journal", 1, &finding);
	if (finding.n_closed > 0)
		return closed(admin, "the system's journal");
	/* A folder beside it may be another service's: journal-remote's, for one. */
	if (finding.n_readable > 0)
		return true;
	if (finding.n_closed_folders > 0)
		return closed(admin, "the system's journal");
	admin_fail(admin, EXIT_LACKS,
		"this system has no journal: is systemd-journald.service running?");
	return false;
}
