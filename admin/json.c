/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Writes JSON (RFC 8259) to a stream. Owns nothing. */

#include "json.h"

#include <assert.h>
#include <inttypes.h>

#include "str.h"

void json_init(struct json *json, FILE *file)
{
	*json = (struct json){.file = file};
}

/* The first character of `bytes`; returns its length in bytes. */
static size_t put_character(FILE *file, const char *bytes, size_t size)
{
	uint32_t character;
	size_t length = str_utf8(bytes, size, &character);

	if (length == 0) {
		fprintf(file, "\\\\x%02x", (unsigned char)*bytes);
		return 1;
	}
	if (str_is_control(character)) {
		/* All of them are in the basic plane: no surrogate pairs. */
		fprintf(file, "\\u%04" PRIx32, character);
		return length;
	}
	if (character == '"' || character == '\\')
		fputc('\\', file);
	fwrite(bytes, 1, length, file);
	return length;
}

static void put_string(FILE *file, const char *value)
{
	size_t length = strlen(value);

	fputc('"', file);
	for (size_t at = 0; at < length;)
		at += put_character(file, value + at, length - at);
	fputc('"', file);
}

/* What stands before any value: the comma and the key. */
static void put_start(struct json *json, const char *key)
{
	if (json->depth > 0) {
		if (json->has_members[json->depth - 1])
			fputs(", ", json->file);
		json->has_members[json->depth - 1] = true;
	}
	if (key) {
		put_string(json->file, key);
		fputs(": ", json->file);
	}
}

static void open_scope(struct json *json, const char *key, char bracket)
{
	assert(json->depth < JSON_DEPTH_MAX);
	put_start(json, key);
	fputc(bracket, json->file);
	json->has_members[json->depth++] = false;
}

static void close_scope(struct json *json, char bracket)
{
	assert(json->depth > 0);
	json->depth--;
	fputc(bracket, json->file);
	if (json->depth == 0)
		fputc('\n', json->file);
}

void json_begin_object(struct json *json, const char *key)
{
	open_scope(json, key, '{');
}

void json_end_object(struct json *json)
{
	close_scope(json, '}');
}

void json_begin_array(struct json *json, const char *key)
{
	open_scope(json, key, '[');
}

void json_end_array(struct json *json)
{
	close_scope(json, ']');
}

void json_string(struct json *json, const char *key, const char *value)
{
	if (!value) {
		json_null(json, key);
		return;
	}
	put_start(json, key);
	put_string(json->file, value);
}

void json_number(struct json *json, const char *key, uint64_t value)
{
	put_start(json, key);
	fprintf(json->file, "%" PRIu64, value);
}

void json_bool(struct json *json, const char *key, bool value)
{
	put_start(json, key);
	fputs(value ? "true" : "false", json->file);
}

void json_null(struct json *json, const char *key)
{
	put_start(json, key);
	fputs("null", json->file);
}
