/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The worker's own seccomp filter: an allow list, everything else kills the worker. */

/* Loads it on the calling thread (and every later one). 0 or -errno. */
int worker_filter_load(void);
