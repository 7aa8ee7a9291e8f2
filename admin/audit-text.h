/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The text of a kernel audit record: "key=value" between blanks. What others may choose (paths,
 * names of programs) is quoted, or in hex where it holds a blank, a quote, a control character or
 * anything beyond ASCII: audit_log_untrustedstring() in kernel/audit.c. So no value begins a key.
 */

#include <stdint.h>

/* Types of records, linux/audit.h. */
#define AUDIT_TYPE_SYSCALL         1300 /* of each event of a process that audit knows */
#define AUDIT_TYPE_SECCOMP         1326
#define AUDIT_TYPE_LANDLOCK_ACCESS 1423
#define AUDIT_TYPE_LANDLOCK_DOMAIN 1424

/* A value that others chose, unquoted and decoded; NULL without it, or without memory. */
char *audit_text(const char *record, const char *key);

/* A value that the kernel wrote as it is: "8088" is a number, and not two letters. Same return. */
char *audit_word(const char *record, const char *key);

/* base: 10, 16 ("0x" may lead). 0, or -ENOENT without such a key, -EINVAL if it is no number. */
int audit_number(const char *record, const char *key, int base, uint64_t *ret);
