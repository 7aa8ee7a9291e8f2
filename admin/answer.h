/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Would it be allowed? One object, one answer, and the rule that says so. */

#include "command.h"
#include "filter-print.h"
#include "subject.h"

struct answer {
	bool allowed;
	int error; /* positive errno that the session would get, 0: none or not known */
	const struct rule *rule; /* NULL: no rule says so */
	unsigned enforcer;       /* ENFORCER_* (rule-list.h), or 0 */
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

/* The rule of a number, or NULL for 0. */
const struct rule *answer_rule(const struct question *question, unsigned number);
