/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A writer of JSON, one value after the other, one line per top-level object. Strings may hold any
 * bytes: what is no UTF-8 appears as the text \xHH, and nothing a terminal would obey is ever
 * written raw.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define JSON_DEPTH_MAX 12

struct json {
	FILE *file;
	unsigned depth;
	bool has_members[JSON_DEPTH_MAX];
};

void json_init(struct json *json, FILE *file);

/* key: NULL within arrays and at the top. */
void json_begin_object(struct json *json, const char *key);
void json_end_object(struct json *json); /* the outermost one ends the line */
void json_begin_array(struct json *json, const char *key);
void json_end_array(struct json *json);

void json_string(struct json *json, const char *key, const char *value); /* NULL: null */
void json_number(struct json *json, const char *key, uint64_t value);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);
