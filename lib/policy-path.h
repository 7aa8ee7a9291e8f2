/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Paths as a policy writes them: specifiers, escapes, and what is refused. Only computes. */

#include "policy.h"

struct str;

/* Why a word is no path: a diagnostic's id and text, and the offending part of the word. */
struct path_error {
	const char *id;   /* static */
	const char *text; /* static */
	size_t offset, length;
};

/*
 * Expands the specifiers of `identity`, then takes the escapes out (of what was written, not of
 * what a specifier stands for). Without identity the specifiers are checked and left standing.
 * `changes`: the path is for something that writes, or is a root: "/" is refused. A leading '-'
 * sets *ret_may_be_missing. *ret is emptied first. 0, -ENOMEM, or PATH_E_SYNTAX with *ret_error
 * filled.
 */
#define PATH_E_SYNTAX 1
int policy_path_expand(const char *word, size_t length, const struct identity *identity,
	bool changes, struct str *ret, bool *ret_may_be_missing, struct path_error *ret_error);

/* The same into a text of its own, allocated. */
int policy_path_parse(const char *word, size_t length, const struct identity *identity,
	bool changes, char **ret, bool *ret_may_be_missing, struct path_error *ret_error);
