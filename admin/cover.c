/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Goes up from an object, as Landlock does. Looks at the file system, changes nothing. */

#include "cover.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "path-pin.h"

#define PATH_SIZE 4096 /* PATH_MAX */

static bool names_same(const struct path_rule *rule, const struct stat *object)
{
	_cleanup_close_ int fd = -1;
	struct stat st;

	return path_pin(rule->path, &fd) == 0 && fstat(fd, &st) == 0 &&
	       st.st_dev == object->st_dev && st.st_ino == object->st_ino;
}

static const struct rule *rule_at(const struct policy *layer, const char *place, uint64_t right)
{
	struct stat st;

	if (stat(place, &st) < 0)
		return NULL;
	for (size_t i = 0; i < layer->filesystem.n_rules; i++)
		if ((layer->filesystem.rules[i].access & right) &&
			names_same(&layer->filesystem.rules[i], &st))
			return &layer->filesystem.rules[i].rule;
	return NULL;
}

const struct rule *cover_rule(const struct policy *layer, const char *from, uint64_t right)
{
	char place[PATH_SIZE];
	char *slash = place;
	const struct rule *rule;

	snprintf(place, sizeof(place), "%s", from);
	while (slash) {
		rule = rule_at(layer, place[0] ? place : "/", right);
		if (rule)
			return rule;
		slash = place[0] ? strrchr(place, '/') : NULL;
		if (slash)
			*slash = '\0';
	}
	return NULL;
}
