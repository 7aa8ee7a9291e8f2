/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A name service (nss(5), "live") that knows nobody, and that is in trouble where a supervisor asks
 * it: /run/nss.hang: it does not answer; /run/nss.deaf: nor does it hear an alarm; /run/nss.crash:
 * it crashes; /run/nss.fail: it says so.
 */

#include <errno.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define VISIBLE __attribute__((visibility("default")))

VISIBLE enum nss_status _nss_live_getpwnam_r(
	const char *name, struct passwd *pw, char *buffer, size_t size, int *error);
VISIBLE enum nss_status _nss_live_getpwuid_r(
	uid_t uid, struct passwd *pw, char *buffer, size_t size, int *error);
VISIBLE enum nss_status _nss_live_initgroups_dyn(const char *user, gid_t group, long int *start,
	long int *size, gid_t **groups, long int limit, int *error);

static enum nss_status answer(int *error)
{
	*error = ENOENT;
	if (strcmp(program_invocation_short_name, "sandlock-supervisor") != 0)
		return NSS_STATUS_NOTFOUND;
	if (access("/run/nss.crash", F_OK) == 0)
		raise(SIGSEGV);
	if (access("/run/nss.deaf", F_OK) == 0)
		signal(SIGALRM, SIG_IGN);
	while (access("/run/nss.hang", F_OK) == 0)
		pause();
	if (access("/run/nss.fail", F_OK) < 0)
		return NSS_STATUS_NOTFOUND;
	*error = EIO;
	return NSS_STATUS_UNAVAIL;
}

VISIBLE enum nss_status _nss_live_getpwnam_r(
	const char *name, struct passwd *pw, char *buffer, size_t size, int *error)
{
	return answer(error);
}

VISIBLE enum nss_status _nss_live_getpwuid_r(
	uid_t uid, struct passwd *pw, char *buffer, size_t size, int *error)
{
	return answer(error);
}

VISIBLE enum nss_status _nss_live_initgroups_dyn(const char *user, gid_t group, long int *start,
	long int *size, gid_t **groups, long int limit, int *error)
{
	return answer(error);
}
