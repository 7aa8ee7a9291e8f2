/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Abstract UNIX sockets within the session. Landlock's scope lets a session reach its own; the
 * worker acts outside the domain and has to find out by itself whose socket a name is.
 */

#include <stdbool.h>
#include <stddef.h>

struct job;

/*
 * Whether every socket bound to this abstract name (`length` bytes, without the leading NUL) is
 * held by a process of the session. No when it cannot be told, and for names of other than plain
 * characters, which /proc/net/unix does not print unambiguously.
 */
bool abstract_is_ours(const struct job *job, const char *name, size_t length);
