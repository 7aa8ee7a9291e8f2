/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>

/*
 * Opens what a policy's path names, in a way that the session's user cannot bend: a symlink counts
 * only when root (or whoever runs this) made it in a folder where nobody else could have put it.
 * Otherwise `read = %h/data` would be a grant on whatever the user lets ~/data point to.
 */

/* An O_PATH descriptor, close-on-exec. A symlink not to be trusted is -ELOOP. 0 or -errno. */
int path_pin(const char *path, int *ret_fd);

/* The same; also whether it is a folder, which the lookup knows for nothing, unlike fstat(2). */
int path_pin_kind(const char *path, int *ret_fd, bool *ret_is_folder);
