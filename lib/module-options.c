/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Module options. */

#include "module-options.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "cleanup.h"

static int set_mode_fork(struct module_options *options, const char *value)
{
	options->mode = MODULE_MODE_FORK;
	return 0;
}

static int set_mode_self(struct module_options *options, const char *value)
{
	options->mode = MODULE_MODE_SELF;
	return 0;
}

static int set_debug(struct module_options *options, const char *value)
{
	options->debug = true;
	return 0;
}

static int set_policy_dir(struct module_options *options, const char *value)
{
	if (value[0] != '/')
		return -EINVAL;
	options->policy_dir = value;
	return 0;
}

static const struct {
	const char *word;
	bool takes_value; /* the word is a prefix, what follows is the value */
	int (*set)(struct module_options *options, const char *value);
} table[] = {
	{"mode=fork", false, set_mode_fork},
	{"mode=self", false, set_mode_self},
	{"debug", false, set_debug},
	{"policy-dir=", true, set_policy_dir},
};

static int set_option(struct module_options *options, const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		size_t length = strlen(table[i].word);

		if (strncmp(word, table[i].word, length) != 0)
			continue;
		if (!table[i].takes_value && word[length] != '\0')
			continue;
		return table[i].set(options, word + length);
	}
	return -EINVAL;
}

int module_options_parse(
	int argc, const char **argv, struct module_options *ret, const char **ret_bad)
{
	struct module_options options = {0};

	for (int i = 0; i < argc; i++) {
		if (set_option(&options, argv[i]) < 0) {
			*ret_bad = argv[i];
			return -EINVAL;
		}
	}
	*ret = options;
	return 0;
}
