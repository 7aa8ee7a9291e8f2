/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Where a path leads within a root of the file system: symbolic links are followed as they would be
 * from there. `root` is "" or ends without '/'; *ret has no root before it. For judging, not for
 * opening: what is found can change. 0 or -errno.
 */
int path_resolve(const char *root, const char *path, char **ret);
