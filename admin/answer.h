/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Would it be allowed? One object, one answer, and the rule that says so. */

#include "command.h"
#include "filter-print.h"
#include "subject.h"
#include "verdict.h"

struct answer {
	bool allowed;
	int error; /* positive errno that the session would get, 0: none or not known */
	const struct rule *rule;    /* NULL: no rule says so */
	const struct rule *nearest; /* denied for want of a rule: the one that comes nearest */
	unsigned enforcer;          /* ENFORCER_* (rule-list.h), or 0 */
	char why[160];
};

struct question {
	struct admin *admin;
	const struct subject *subject; /* with a set */
	unsigned abi;
	struct filters filters;
	bool has_grants; /* where UNIX sockets may be reached has been resolved */
};

/*
 * Each fills *ret; false after a usage error or a failure, which was reported. An object that means
 * several (a host name has several addresses) is allowed when all of them are.
 */
typedef bool answer_fn(struct question *question, const char *object, struct answer *ret);
answer_fn answer_syscall;
answer_fn answer_connect;
answer_fn answer_bind;
answer_fn answer_unix;
answer_fn answer_read;
answer_fn answer_write;
answer_fn answer_execute;

/* For a call by its number. Pure. */
void answer_call(const struct question *question, unsigned number, struct answer *ret);

void answer_because(struct answer *answer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A profile may deny one of the calls (NULL-terminated), whatever [network] says: true, and *ret.
 */
bool answer_denied_call(
	const struct question *question, const char *const *calls, struct answer *ret);

/* What the supervisor would answer. */
void answer_verdict(const struct question *question, struct verdict verdict, struct answer *ret);

/* Adds to a denial which layer has no rule, and the one that comes nearest. */
void answer_missing(const struct policy *layer, const struct rule *nearest, struct answer *ret);

/* prefix: before the object, or NULL; answer_put() adds members to an object. */
void answer_print(
	struct admin *admin, const char *prefix, const char *object, const struct answer *answer);
void answer_put(struct json *json, const char *object, const struct answer *answer);

/* The rule of a number, or NULL for 0. */
const struct rule *answer_rule(const struct question *question, unsigned number);
