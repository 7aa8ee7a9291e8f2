/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Sets of system calls as people and programs read them: by their names, sorted. */

#include "json.h"
#include "syscalls.h"

/* Prints them in lines of `width` columns behind `indent` blanks. 0 or -ENOMEM. */
int calls_print(const struct syscalls *calls, size_t indent, size_t width);

/* Adds them as an array of strings. 0 or -ENOMEM. */
int calls_put_json(struct json *json, const char *key, const struct syscalls *calls);
