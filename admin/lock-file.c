/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files in the folder of locks: written beside, then moved into place. */

#include "lock-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "config.h"
#include "fd.h"
#include "policy-file.h"
#include "str.h"

#define FOLDER SANDLOCK_RUNDIR LOCK_FOLDER

static const struct policy_dirs dirs = {.root = ""};

static bool report(struct admin *admin, int r, const struct diag_list *diags)
{
	const struct diag *first = diag_first_error(diags);

	if (r == 0)
		return true;
	if (r > 0 && first)
		admin_fail(admin, EXIT_NO, "%s: %s", first->file, first->text);
	else
		admin_fail(admin, admin_status_of(r), "%s: %s", FOLDER, strerror(-r));
	return false;
}

/* tmpfiles.d makes them when the system starts. */
static int make_folders(void)
{
	static const char *const folders[] = {SANDLOCK_RUNDIR, FOLDER};

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		if (mkdir(folders[i], 0755) == 0) {
			if (chmod(folders[i], 0755) < 0) /* whatever the umask */
				return -errno;
		} else if (errno != EEXIST) {
			return -errno;
		}
	}
	return 0;
}

/* 0, a positive answer with a fault in diags, or -errno. */
static int open_folder(struct diag_list *diags, struct policy_folder *ret)
{
	return policy_folder_open(&dirs, FOLDER, NULL, diags, ret);
}

static int write_beside(int folder, const char *beside, const char *text)
{
	_cleanup_close_ int fd = -1;

	/* Of somebody who was interrupted. */
	if (unlinkat(folder, beside, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(folder, beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return fd < 0 ? -errno : fd_write_all(fd, text, strlen(text));
}

/* No user's name begins with a dot. */
static int put(int folder, const char *user, const char *text)
{
	_cleanup_free_ char *beside = str_format(".%s.new", user);
	int r = beside ? write_beside(folder, beside, text) : -ENOMEM;

	if (r < 0)
		return r;
	return renameat(folder, beside, folder, user) < 0 ? -errno : 0;
}

static int write_text(const char *user, const char *text, struct diag_list *diags)
{
	_cleanup_(policy_folder_done) struct policy_folder folder = POLICY_FOLDER_NONE;
	int r = make_folders();

	if (r == 0)
		r = open_folder(diags, &folder);
	return r == 0 ? put(folder.fd, user, text) : r;
}

bool lock_file_write(struct admin *admin, const char *user, const struct lock *lock)
{
	_cleanup_(diag_list_done) struct diag_list diags = DIAG_LIST_INIT;
	_cleanup_free_ char *text = NULL;
	char boot[LOCK_BOOT_TEXT];
	int r = lock_boot(boot);

	if (r == 0) {
		text = lock_format(lock, boot);
		r = text ? write_text(user, text, &diags) : -ENOMEM;
	}
	return report(admin, r, &diags);
}

static int remove_from(const char *user, struct diag_list *diags)
{
	_cleanup_(policy_folder_done) struct policy_folder folder = POLICY_FOLDER_NONE;
	int r = open_folder(diags, &folder);

	if (r == 0 && unlinkat(folder.fd, user, 0) < 0)
		r = -errno;
	return r == -ENOENT ? 0 : r;
}

bool lock_file_remove(struct admin *admin, const char *user, bool *ret_held)
{
	_cleanup_(diag_list_done) struct diag_list unheard = DIAG_LIST_INIT;
	_cleanup_(diag_list_done) struct diag_list diags = DIAG_LIST_INIT;
	struct lock lock;
	int held = lock_find(&dirs, FOLDER, user, &unheard, &lock);

	*ret_held = held != LOCK_E_NONE;
	return report(admin, remove_from(user, &diags), &diags);
}
