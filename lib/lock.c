/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The text of a lock, and finding the one of a user. Nothing here writes a file. */

#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "fd.h"
#include "policy-file.h"
#include "str.h"

#define TITLE "sandlock lock 1\n"
#define NEVER "never"

uint64_t lock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec;
}

bool lock_reason_ok(const char *reason)
{
	size_t left = strlen(reason);

	if (left >= LOCK_REASON_MAX)
		return false;
	while (left > 0) {
		uint32_t character;
		size_t n = str_utf8(reason, left, &character);

		if (n == 0 || str_is_control(character))
			return false;
		reason += n;
		left -= n;
	}
	return true;
}

int lock_boot(char ret[LOCK_BOOT_TEXT])
{
	_cleanup_close_ int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r;

	if (fd < 0)
		return -errno;
	r = fd_read_all(fd, LOCK_BOOT_TEXT, &text, &size);
	if (r < 0)
		return r;
	if (size != LOCK_BOOT_TEXT || text[size - 1] != '\n')
		return -EINVAL;
	memcpy(ret, text, LOCK_BOOT_TEXT - 1);
	ret[LOCK_BOOT_TEXT - 1] = '\0';
	return 0;
}

char *lock_format(const struct lock *lock, const char *boot)
{
	_cleanup_str_ struct str text = STR_INIT;

	str_addf(&text, TITLE "boot %s\n", boot);
	if (lock->forever)
		str_puts(&text, "until " NEVER "\n");
	else
		str_addf(&text, "until %llu\n", (unsigned long long)lock->ends);
	str_addf(&text, "reason %s\n", lock->reason);
	return str_take(&text);
}

/* Cuts "KEY VALUE\n" off the front; NULL where something else is. */
static char *take_line(char **text, const char *key)
{
	size_t length = strlen(key);
	char *value = *text + length + 1;
	char *end = strchr(*text, '\n');

	if (!end || strncmp(*text, key, length) != 0 || (*text)[length] != ' ')
		return NULL;
	*end = '\0';
	*text = end + 1;
	return value;
}

static int parse_lines(char *rest, const char *boot, struct lock *ret)
{
	char *of = take_line(&rest, "boot");
	char *until = of ? take_line(&rest, "until") : NULL;
	char *reason = until ? take_line(&rest, "reason") : NULL;

	if (!reason || *rest || !lock_reason_ok(reason))
		return -EINVAL;
	ret->forever = strcmp(until, NEVER) == 0;
	memcpy(ret->reason, reason, strlen(reason) + 1);
	if (ret->forever)
		return 0;
	if (strcmp(of, boot) != 0)
		return -EINVAL;
	return str_parse_number(until, strlen(until), INT64_MAX, &ret->ends) < 0 ? -EINVAL : 0;
}

int lock_parse(const char *text, size_t size, const char *boot, struct lock *ret)
{
	_cleanup_free_ char *copy = NULL;
	struct lock lock = {0};
	int r;

	if (size < strlen(TITLE) || size > LOCK_FILE_MAX || memchr(text, '\0', size) ||
		memcmp(text, TITLE, strlen(TITLE)) != 0)
		return -EINVAL;
	copy = strndup(text + strlen(TITLE), size - strlen(TITLE));
	if (!copy)
		return -ENOMEM;
	r = parse_lines(copy, boot, &lock);
	if (r < 0)
		return r;
	*ret = lock;
	return 0;
}

static int judge(const struct policy_file *file, struct diag_list *diags, struct lock *ret)
{
	const struct diag_place place = {.file = file->path};
	char boot[LOCK_BOOT_TEXT];
	int r = lock_boot(boot);

	if (r == 0)
		r = lock_parse(file->bytes, file->size, boot, ret);
	if (r < 0) {
		diag_error(diags, &place, "bad-lock", NULL, "is no lock of this system's");
		return LOCK_E_INVALID;
	}
	return ret->forever || ret->ends > lock_now() ? 0 : LOCK_E_NONE;
}

int lock_find(const struct policy_dirs *dirs, const char *folder, const char *user,
	struct diag_list *diags, struct lock *ret)
{
	_cleanup_(policy_folder_done) struct policy_folder open = POLICY_FOLDER_NONE;
	_cleanup_(policy_file_done) struct policy_file file = {0};
	const struct diag_place place = {.file = folder};
	int r;

	if (!policy_file_is_name(user)) {
		diag_error(diags, &place, "bad-lock", NULL, "no file can have the user's name");
		return LOCK_E_INVALID;
	}
	r = policy_folder_open(dirs, folder, NULL, diags, &open);
	if (r == 0)
		r = policy_folder_read(dirs, &open, user, NULL, diags, &file);
	if (r == 0)
		return judge(&file, diags, ret);
	if (r == -ENOENT)
		return LOCK_E_NONE;
	return r == POLICY_E_INVALID ? LOCK_E_INVALID : r;
}
