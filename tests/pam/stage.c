/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Mounts and writes the stage. */

#include "stage.h"

#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "cleanup.h"
#include "fd.h"

static const char *const folders[] = {
	STAGE_POLICY,
	STAGE_POLICY "/users",
	STAGE_POLICY "/groups",
	STAGE_POLICY "/mandatory.d",
	STAGE_SERVICES,
	STAGE_INSIDE,
	STAGE_OUTSIDE,
};

static int mount_stage(void)
{
	return mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") < 0 ? -errno : 0;
}

int stage_enter(void)
{
	umask(022);
	if (geteuid() != 0) {
		fprintf(stderr, "skipped: needs root, as login programs have it\n");
		return 77;
	}
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
		mount_stage() < 0) {
		fprintf(stderr, "skipped: needs mount namespaces: %s\n", strerror(errno));
		return 77;
	}
	return 0;
}

int stage_setup(void **state)
{
	if (umount2("/run", MNT_DETACH) < 0 || mount_stage() < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		if (mkdir(folders[i], 0755) < 0)
			return -1;
	stage_write(STAGE_INSIDE "/file", "inside\n");
	stage_write(STAGE_OUTSIDE "/file", "outside\n");
	return 0;
}

void stage_write(const char *path, const char *text)
{
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, strlen(text)), 0);
}

void stage_policy(const char *name, const char *text)
{
	char path[256];

	assert_in_range(
		snprintf(path, sizeof(path), "%s/%s", STAGE_POLICY, name), 1, sizeof(path) - 1);
	stage_write(path, text);
}
