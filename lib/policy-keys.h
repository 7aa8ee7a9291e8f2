/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The language as one table: a row per key. The check, `sandlock-admin keys`, the man page and the
 * completions all read it; a new key is a new row.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct draft_key;
struct policy_check;
struct policy_key;

enum key_type {
	KEY_BOOL,     /* yes|no */
	KEY_NUMBER,   /* min..max */
	KEY_SIZE,     /* number with K, M, G, T or none */
	KEY_DURATION, /* number with s, min, h, d */
	KEY_RATE,     /* number/s or number/min */
	KEY_OCTAL,
	KEY_TEXT,   /* the rest of the line */
	KEY_CHOICE, /* one of choices */
	KEY_NAME,   /* [a-z0-9][a-z0-9-]* */
	KEY_GROUP,  /* a group's name */
	KEY_PATH,
	KEY_RIGHTS, /* raw kernel rights ":" path */
	KEY_ENDPOINT,
	KEY_PORTS,
	KEY_SYSCALL, /* call names and @sets */
	KEY_ERRNO,
	KEY_CPUS, /* core numbers and ranges */
	KEY_ENV,  /* NAME=value */
	KEY_GPUS, /* none, all or numbers */
};

enum key_label {
	KEY_LABEL_NONE,
	KEY_LABEL_ALLOWED,
	KEY_LABEL_REQUIRED,
};

/* Takes one key, known and supported, into the policy being made (policy-apply.h). */
typedef void key_apply_fn(
	struct policy_check *check, const struct policy_key *key, const struct draft_key *draft);

struct policy_key {
	const char *section;
	const char *name;
	enum key_type type;
	enum key_label label;
	bool list;            /* several words; several lists unite */
	uint64_t min, max;    /* of numbers, in the smallest unit; 0, 0: any */
	const char *choices;  /* "a|b|c"; for lists: words that stand alone, "any|none" */
	const char *fallback; /* what holds where it is not written, in words; NULL: nothing */
	const char *since;    /* the version that brought it; NULL: not supported by this one */
	const char *help;     /* one line, no full stop */
	const char *man;      /* sentences for the man page */
	uint64_t access;      /* [filesystem]: what it grants */
	key_apply_fn *apply;  /* NULL where not supported */
};

/* All keys, sections together, in the order in which they are documented. */
extern const struct policy_key policy_keys[];
extern const size_t n_policy_keys;

struct policy_section {
	const char *name;
	const char *help;
	bool conf; /* belongs in sandlock.conf */
};

extern const struct policy_section policy_sections[];
extern const size_t n_policy_sections;

/* NULL where there is none. The names need not be NUL-terminated. */
const struct policy_section *policy_section_find(const char *name, size_t length);
const struct policy_key *policy_key_find(
	const struct policy_section *section, const char *name, size_t length);

/* The known name that was probably meant, or NULL. conf: of sandlock.conf's sections. */
const char *policy_section_nearest(const char *name, size_t length, bool conf);
const char *policy_key_nearest(
	const struct policy_section *section, const char *name, size_t length);

/* The type in words, as `keys` and the man page print it: "paths", "yes|no", "number, 1 to 9". */
#define POLICY_KEY_TYPE_MAX 128
const char *policy_key_type(const struct policy_key *key, char buffer[POLICY_KEY_TYPE_MAX]);

static inline bool policy_key_supported(const struct policy_key *key)
{
	return key->since != NULL;
}
