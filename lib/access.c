/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of file rights and the few questions asked of it. Pure. */

#include "access.h"

#include <string.h>

#include "cleanup.h"

#define RIGHT(name, NAME, since, on_files)                                                         \
	{                                                                                          \
#name, "fs." #name, LANDLOCK_ACCESS_FS_##NAME, since, on_files                     \
	}

const struct access_right access_rights[] = {
	RIGHT(execute, EXECUTE, 1, true),
	RIGHT(write_file, WRITE_FILE, 1, true),
	RIGHT(read_file, READ_FILE, 1, true),
	RIGHT(read_dir, READ_DIR, 1, false),
	RIGHT(remove_dir, REMOVE_DIR, 1, false),
	RIGHT(remove_file, REMOVE_FILE, 1, false),
	RIGHT(make_char, MAKE_CHAR, 1, false),
	RIGHT(make_dir, MAKE_DIR, 1, false),
	RIGHT(make_reg, MAKE_REG, 1, false),
	RIGHT(make_sock, MAKE_SOCK, 1, false),
	RIGHT(make_fifo, MAKE_FIFO, 1, false),
	RIGHT(make_block, MAKE_BLOCK, 1, false),
	RIGHT(make_sym, MAKE_SYM, 1, false),
	RIGHT(refer, REFER, 2, false),
	RIGHT(truncate, TRUNCATE, 3, true),
	RIGHT(ioctl_dev, IOCTL_DEV, 5, true),
	RIGHT(resolve_unix, RESOLVE_UNIX, 9, true),
};
const size_t n_access_rights = ARRAY_SIZE(access_rights);

uint64_t access_at_abi(unsigned abi)
{
	uint64_t known = 0;

	for (size_t i = 0; i < n_access_rights; i++)
		if (access_rights[i].abi <= abi)
			known |= access_rights[i].bit;
	return known;
}

uint64_t access_on_files(void)
{
	uint64_t valid = 0;

	for (size_t i = 0; i < n_access_rights; i++)
		if (access_rights[i].valid_on_files)
			valid |= access_rights[i].bit;
	return valid;
}

static uint64_t right_by_name(const char *name, size_t length)
{
	for (size_t i = 0; i < n_access_rights; i++)
		if (strlen(access_rights[i].name) == length &&
			memcmp(access_rights[i].name, name, length) == 0)
			return access_rights[i].bit;
	return 0;
}

int access_parse(
	const char *names, size_t length, uint64_t *ret, size_t *ret_offset, size_t *ret_length)
{
	const char *end = names + length;
	uint64_t access = 0;

	for (const char *name = names;;) {
		const char *comma = memchr(name, ',', (size_t)(end - name));
		size_t n = (size_t)((comma ? comma : end) - name);
		uint64_t bit = right_by_name(name, n);

		if (!bit) {
			*ret_offset = (size_t)(name - names);
			*ret_length = n;
			return ACCESS_E_UNKNOWN;
		}
		access |= bit;
		if (!comma)
			break;
		name = comma + 1;
	}
	*ret = access;
	return 0;
}

const char *access_audit_name(uint64_t bit)
{
	for (size_t i = 0; i < n_access_rights; i++)
		if (access_rights[i].bit == bit)
			return access_rights[i].audit;
	return NULL;
}
