/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The words behind pam_sandlock.so in a PAM service file. */

#include <stdbool.h>

enum module_mode {
	MODULE_MODE_SERVICE, /* the table of services decides */
	MODULE_MODE_FORK,
	MODULE_MODE_SELF,
};

struct module_options {
	enum module_mode mode;
	bool debug;
	const char *policy_dir; /* borrowed from argv; NULL: the built-in one */
};

/* 0, or -EINVAL with *ret_bad the word that is not understood. */
int module_options_parse(
	int argc, const char **argv, struct module_options *ret, const char **ret_bad);
