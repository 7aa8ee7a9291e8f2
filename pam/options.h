/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The words behind pam_sandlock.so in a PAM service file. */

#include <stdbool.h>

enum options_mode {
	OPTIONS_MODE_SERVICE, /* the table of services decides */
	OPTIONS_MODE_FORK,
	OPTIONS_MODE_SELF,
};

struct options {
	enum options_mode mode;
	bool debug;
	const char *policy_dir; /* borrowed from argv; NULL: the built-in one */
};

/* 0, or -EINVAL with *ret_bad the word that is not understood. */
int options_parse(int argc, const char **argv, struct options *ret, const char **ret_bad);
