/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A name service that fails on demand (nss(5), "sandlocktest"). It knows one group, of which nobody
 * is a member. SANDLOCK_TEST_NSS says how it is today:
 *   up         it answers
 *   no-lists   it answers, but not which groups a user is in
 *   ERRNO      it is down, with this number as errno
 */

#include <errno.h>
#include <grp.h>
#include <nss.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define GID     64242
#define VISIBLE __attribute__((visibility("default")))

VISIBLE enum nss_status _nss_sandlocktest_getgrnam_r(
	const char *name, struct group *group, char *buffer, size_t size, int *error);
VISIBLE enum nss_status _nss_sandlocktest_getgrgid_r(
	gid_t gid, struct group *group, char *buffer, size_t size, int *error);
VISIBLE enum nss_status _nss_sandlocktest_initgroups_dyn(const char *user, gid_t group,
	long int *start, long int *size, gid_t **groups, long int limit, int *error);

static bool is(const char *state)
{
	const char *now = getenv("SANDLOCK_TEST_NSS");

	return now && strcmp(now, state) == 0;
}

static bool is_down(int *error)
{
	const char *now = getenv("SANDLOCK_TEST_NSS");

	if (!now || is("up") || is("no-lists"))
		return false;
	*error = atoi(now);
	return true;
}

static enum nss_status fill(struct group *group, char *buffer, size_t size, int *error)
{
	static const char text[] = "course\0x\0nobody";
	char **members = (char **)(void *)buffer;
	char *copy = buffer + 2 * sizeof(*members);

	if (size < 2 * sizeof(*members) + sizeof(text)) {
		*error = ERANGE;
		return NSS_STATUS_TRYAGAIN;
	}
	memcpy(copy, text, sizeof(text));
	members[0] = copy + 9;
	members[1] = NULL;
	*group = (struct group){copy, copy + 7, GID, members};
	return NSS_STATUS_SUCCESS;
}

enum nss_status _nss_sandlocktest_getgrnam_r(
	const char *name, struct group *group, char *buffer, size_t size, int *error)
{
	if (is_down(error))
		return NSS_STATUS_UNAVAIL;
	return strcmp(name, "course") == 0 ? fill(group, buffer, size, error) : NSS_STATUS_NOTFOUND;
}

enum nss_status _nss_sandlocktest_getgrgid_r(
	gid_t gid, struct group *group, char *buffer, size_t size, int *error)
{
	if (is_down(error))
		return NSS_STATUS_UNAVAIL;
	return gid == GID ? fill(group, buffer, size, error) : NSS_STATUS_NOTFOUND;
}

/* There is room for one: getgrouplist(3) begins with the user's own group and some to spare. */
enum nss_status _nss_sandlocktest_initgroups_dyn(const char *user, gid_t group, long int *start,
	long int *size, gid_t **groups, long int limit, int *error)
{
	(void)group;
	(void)limit;
	if (is_down(error))
		return NSS_STATUS_UNAVAIL;
	if (is("no-lists") || strcmp(user, "nobody") != 0)
		return NSS_STATUS_NOTFOUND;
	if (*start >= *size) {
		*error = ERANGE;
		return NSS_STATUS_TRYAGAIN;
	}
	(*groups)[(*start)++] = GID;
	return NSS_STATUS_SUCCESS;
}
