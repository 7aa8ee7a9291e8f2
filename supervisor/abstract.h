/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Abstract UNIX sockets within the session. Landlock's scope lets a session reach its own; the
 * worker acts outside the domain and has to find out by itself whose socket a name is.
 */

#include <stddef.h>

/*
 * The socket that `sock` reaches by this abstract name (`length` bytes, without the leading NUL),
 * if a process of the session holds it: the one of its type and network namespace that is bound to
 * the name, and listens where that takes a listener. The kernel gives a name once per type and
 * namespace, and takes it back with the last descriptor: as long as the returned one is open, the
 * name leads nowhere else. A descriptor, or -1 also where it cannot be told.
 */
int abstract_hold(int sock, const char *name, size_t length);
