/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Policies made by hand. */

#include "layer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static size_t make_rules(
	const char *const words[LAYER_WORDS], struct syscall_rule rules[LAYER_WORDS])
{
	size_t n = 0;

	for (; n < LAYER_WORDS && words[n]; n++) {
		rules[n] = (struct syscall_rule){.word = (char *)words[n]};
		if (syscalls_add_word(
			    &rules[n].calls, SYSCALLS_NATIVE, words[n], strlen(words[n])) != 0)
			abort();
	}
	return n;
}

void layer_make(const struct layer_text *text, struct layer *ret)
{
	ret->policy = (struct policy){.syscalls = {.profile = text->profile,
					      .error = text->error ? text->error : EPERM,
					      .allow_rules = ret->allow,
					      .deny_rules = ret->deny}};
	ret->policy.syscalls.n_allow_rules = make_rules(text->allow, ret->allow);
	ret->policy.syscalls.n_deny_rules = make_rules(text->deny, ret->deny);
}
