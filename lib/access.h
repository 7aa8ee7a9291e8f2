/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Landlock's file rights: the kernel's bits, their names in a policy, the ABI that brought them,
 * and what the keys of [filesystem] grant. One table; nothing here makes a system call.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "landlock-uapi.h"

struct access_right {
	const char *name;  /* in a policy: "read_file" */
	const char *audit; /* in the kernel's audit records: "fs.read_file" */
	uint64_t bit;
	unsigned abi;        /* the first that knows it */
	bool valid_on_files; /* a rule on something that is no directory may name it */
};

/* Every right this version knows, in the kernel's order. */
extern const struct access_right access_rights[];
extern const size_t n_access_rights;

/* What a key of [filesystem] grants beneath its paths. */
#define ACCESS_LIST    LANDLOCK_ACCESS_FS_READ_DIR
#define ACCESS_READ    (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define ACCESS_EXECUTE (ACCESS_READ | LANDLOCK_ACCESS_FS_EXECUTE)
#define ACCESS_WRITE                                                                               \
	(ACCESS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE |               \
		LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |                   \
		LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |                        \
		LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |                      \
		LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER)
#define ACCESS_WRITE_EXECUTE (ACCESS_WRITE | LANDLOCK_ACCESS_FS_EXECUTE)
#define ACCESS_DEVICE        (ACCESS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_IOCTL_DEV)

/* Whether a grant lets anything be changed: such a grant on "/" is refused. */
#define ACCESS_CHANGES                                                                             \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE |                             \
		LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |                   \
		LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |                       \
		LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |                       \
		LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |                     \
		LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER |                           \
		LANDLOCK_ACCESS_FS_IOCTL_DEV)

/* All rights that a kernel of Landlock ABI `abi` knows (and we do). */
uint64_t access_at_abi(unsigned abi);

/* Those that a rule on a file, device, socket ... may name; the kernel says EINVAL to others. */
uint64_t access_on_files(void);

/*
 * Parses comma-separated names: "read_file,make_sock". 0, or ACCESS_E_UNKNOWN with the place of
 * the offending name (which may be empty) within `names`; *ret is untouched then.
 */
#define ACCESS_E_UNKNOWN 1
int access_parse(
	const char *names, size_t length, uint64_t *ret, size_t *ret_offset, size_t *ret_length);

/* The audit spelling of one bit, or NULL for anything that is not exactly one known bit. */
const char *access_audit_name(uint64_t bit);
