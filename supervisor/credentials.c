/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Dropping privileges. See capabilities(7), "Effect of user ID changes on capabilities". */

#include "credentials.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int set_capabilities(uint32_t keep)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{.permitted = keep, .effective = keep}};

	return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

static int drop_bounding_set(void)
{
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			return -errno;
	return 0;
}

int credentials_drop(const struct identity *identity, uint32_t keep)
{
	int r = drop_bounding_set();

	if (r < 0)
		return r;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return -errno;
	if (setgroups(identity->n_groups, identity->groups) < 0 ||
		setresgid(identity->gid, identity->gid, identity->gid) < 0 ||
		setresuid(identity->uid, identity->uid, identity->uid) < 0)
		return -errno;
	if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0)
		return -errno;
	return set_capabilities(keep);
}

static int set_effective(uint32_t mask)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, data) < 0)
		return -errno;
	data[0].effective = mask;
	data[1].effective = 0;
	return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

/* As long as one of the ids is 0 the permitted capabilities stay, and come back with the uid. */
int credentials_charge(uid_t uid)
{
	int r;

	if (uid == 0)
		return 0;
	if (setresuid((uid_t)-1, uid, (uid_t)-1) < 0)
		return -errno;
	r = set_effective(CAP_TO_MASK(CAP_SYS_ADMIN));
	return r < 0 && credentials_charge_end() < 0 ? -ENOTRECOVERABLE : r;
}

/* A change of ids makes a process as dumpable as fs.suid_dumpable says. */
int credentials_charge_end(void)
{
	if (setresuid((uid_t)-1, 0, (uid_t)-1) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return -errno;
	return 0;
}

int credentials_close_doors(void)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return 0;
}

int credentials_tie(pid_t monitor)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return -errno;
	return getppid() == monitor ? 0 : -ESRCH;
}

static int close_between(int first, int next)
{
	if (next <= first)
		return 0;
	return syscall(SYS_close_range, first, next - 1, 0) < 0 ? -errno : 0;
}

static int compare_numbers(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int credentials_close_all_but(int *keep, size_t n)
{
	int first = STDERR_FILENO + 1;

	qsort(keep, n, sizeof(*keep), compare_numbers);
	for (size_t i = 0; i < n; i++) {
		int r = close_between(first, keep[i]);

		if (r < 0)
			return r;
		if (keep[i] >= first)
			first = keep[i] + 1;
	}
	return syscall(SYS_close_range, first, ~0U, 0) < 0 ? -errno : 0;
}

int credentials_close_others(int keep)
{
	return credentials_close_all_but(&keep, 1);
}
