/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The state of one check, and what takes a key of the table into the policy being made. Between
 * policy-check.c (which walks files and keys) and the handlers that policy-keys.c names.
 */

#include "names.h"
#include "policy-check.h"
#include "policy-keys.h"
#include "str.h"

/* A list whose words `any` and `none` stand alone, over all its labels and files. */
struct alone_list {
	const struct policy_draft *draft; /* of the first word */
	const struct draft_span *first;
	const struct draft_span *alone; /* `any` or `none`, NULL while there is none */
	bool reported;
};

/* What the rules of one key have in common; owned by the policy. */
struct rule_texts {
	const struct policy_draft *draft; /* whose file it is */
	const char *file;
	const struct draft_key *key; /* whose id it is */
	const char *id;
};

struct policy_check {
	const struct policy_check_options *options;
	struct diag_list *diags;
	const struct policy_draft *draft; /* the file being applied */
	const char *include;              /* its name where it came by include, or NULL */
	struct policy *policy;
	struct settings *settings; /* of sandlock.conf; policy is NULL then */
	struct alone_list connect, bind;
	struct rule_texts texts;
	struct str scratch;           /* of one word at a time */
	const char *hosts[NAMES_MAX]; /* the different names of connect, borrowed */
	size_t n_hosts;               /* may be more: then it was reported */
	int error;                    /* the first negative errno */
};

/* Every handler: words to fields. A wrong word is a diagnostic. */
key_apply_fn apply_names; /* names that somebody else looks at */
key_apply_fn apply_services;
key_apply_fn apply_mode;
key_apply_fn apply_description;
key_apply_fn apply_paths;
key_apply_fn apply_rights;
key_apply_fn apply_connect;
key_apply_fn apply_deny;
key_apply_fn apply_bind;
key_apply_fn apply_unix;
key_apply_fn apply_resolve;
key_apply_fn apply_signal;
key_apply_fn apply_abstract_unix;
key_apply_fn apply_sysv;
key_apply_fn apply_profile;
key_apply_fn apply_allow;
key_apply_fn apply_deny_calls;
key_apply_fn apply_error;
key_apply_fn apply_denials;
key_apply_fn apply_rate_limit;
key_apply_fn apply_accept;
key_apply_fn apply_no_policy;
key_apply_fn apply_exempt_groups;
key_apply_fn apply_min_uid;
key_apply_fn apply_on_old_kernel;
key_apply_fn apply_lookup_timeout;

/* For the handlers (policy-values.c). */

/* Refuses a span of the file being applied. */
void check_refuse(struct policy_check *check, const struct draft_span *at, const char *id,
	const char *suggestion, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Notes that memory ran out. Returns NULL for the caller to pass on. */
void *check_out_of_memory(struct policy_check *check);

/* A copy that the policy owns; NULL without memory. */
const char *check_keep(struct policy_check *check, const char *text);

/* A copy of a word with its escapes taken out, NUL-terminated; NULL without memory. */
char *check_unescape(struct policy_check *check, const struct draft_span *word);

/*
 * `items` with room for one more behind the n it has, zeroed, items of `size` bytes; it may have
 * moved. NULL without memory: `items` is as before.
 */
void *check_grow(struct policy_check *check, void *items, size_t n, size_t size);

/* The rule that `word` of `key` makes: id, file and place. False without memory. */
bool check_rule(struct policy_check *check, const struct policy_key *key,
	const struct draft_key *draft, const struct draft_span *word, struct rule *ret);

/* The part of a word that an error is about. A word with escapes has no such part. */
struct draft_span check_part(const struct draft_span *word, size_t offset, size_t length);

/*
 * The path at `offset` of a word into rule->path and may_be_missing; `changes`: "/" is refused.
 * False (and a diagnostic) when it is none.
 */
bool check_path(struct policy_check *check, const struct draft_span *word, size_t offset,
	bool changes, struct path_rule *rule);

/* One word, as its type wants it. False (and a diagnostic) when it is not. */
bool check_choice(struct policy_check *check, const struct policy_key *key,
	const struct draft_span *word, size_t *ret_index);
bool check_bool(struct policy_check *check, const struct draft_span *word, bool *ret);
bool check_name(struct policy_check *check, const struct draft_span *word);
bool check_number(struct policy_check *check, const struct policy_key *key,
	const struct draft_span *word, uint64_t *ret);
/* Seconds. */
bool check_duration(struct policy_check *check, const struct policy_key *key,
	const struct draft_span *word, uint64_t *ret);
/* Events per *ret_period seconds. */
bool check_rate(struct policy_check *check, const struct policy_key *key,
	const struct draft_span *word, uint64_t *ret, unsigned *ret_period);
