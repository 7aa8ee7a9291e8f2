/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Writes SARIF. Places are files as URIs, lines, and columns in characters. */

#include "sarif.h"

#include <string.h>

#include "config.h"
#include "lints.h"
#include "str.h"

#define SARIF_SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static void put_message(struct json *json, const char *key, const char *text)
{
	json_begin_object(json, key);
	json_string(json, "text", text);
	json_end_object(json);
}

static void put_rules(struct json *json)
{
	json_begin_array(json, "rules");
	for (size_t i = 0; i < n_lints; i++) {
		json_begin_object(json, NULL);
		json_string(json, "id", lints[i].id);
		put_message(json, "shortDescription", lints[i].help);
		json_end_object(json);
	}
	json_end_array(json);
}

void sarif_begin(struct admin *admin, struct json *json)
{
	json_init(json, stdout);
	json_begin_object(json, NULL);
	json_string(json, "$schema", SARIF_SCHEMA);
	json_string(json, "version", "2.1.0");
	json_begin_array(json, "runs");
	json_begin_object(json, NULL);
	json_begin_object(json, "tool");
	json_begin_object(json, "driver");
	json_string(json, "name", "sandlock-admin");
	json_string(json, "version", SANDLOCK_VERSION);
	put_rules(json);
	json_end_object(json);
	json_end_object(json);
	json_string(json, "columnKind", "unicodeCodePoints");
	json_begin_array(json, "results");
	admin->json_begun = true;
}

static bool is_unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("-._~/", c));
}

/* A path as a URI reference (RFC 3986). */
static char *uri_of(const char *path)
{
	struct str uri = STR_INIT;

	if (*path == '/')
		str_puts(&uri, "file://");
	for (const char *p = path; *p; p++) {
		if (is_unreserved((unsigned char)*p))
			str_add_char(&uri, *p);
		else
			str_addf(&uri, "%%%02X", (unsigned char)*p);
	}
	return str_take(&uri);
}

/* Characters in the first `length` bytes of a line; one that is broken counts byte by byte. */
static unsigned count_characters(const char *line, size_t length)
{
	size_t size = strlen(line), at = 0;
	unsigned n = 0;
	uint32_t character;

	while (at < length && at < size) {
		size_t step = str_utf8(line + at, size - at, &character);

		at += step ? step : 1;
		n++;
	}
	/* The end of the line has a place, too. */
	return n + (unsigned)(length > at ? length - at : 0);
}

static void put_region(struct json *json, const struct diag *diag)
{
	unsigned start, end;

	if (diag->line == 0)
		return;
	json_begin_object(json, "region");
	json_number(json, "startLine", diag->line);
	if (diag->column > 0 && diag->source_line) {
		start = count_characters(diag->source_line, diag->column - 1);
		end = count_characters(diag->source_line, diag->column - 1 + diag->length);
		json_number(json, "startColumn", start + 1);
		json_number(json, "endColumn", end + 1);
	}
	json_end_object(json);
}

static void put_location(struct admin *admin, struct json *json, const struct diag *diag)
{
	_cleanup_free_ char *uri = uri_of(diag->file);

	if (!uri) {
		admin_out_of_memory(admin);
		return;
	}
	json_begin_array(json, "locations");
	json_begin_object(json, NULL);
	json_begin_object(json, "physicalLocation");
	json_begin_object(json, "artifactLocation");
	json_string(json, "uri", uri);
	json_end_object(json);
	put_region(json, diag);
	json_end_object(json);
	json_end_object(json);
	json_end_array(json);
}

static void put_suppression(struct json *json, const struct diag *diag)
{
	if (!diag->accepted)
		return;
	json_begin_array(json, "suppressions");
	json_begin_object(json, NULL);
	json_string(json, "kind", "inSource");
	json_string(json, "justification", diag->accepted);
	json_end_object(json);
	json_end_array(json);
}

static char *message_of(const struct diag *diag)
{
	struct str text = STR_INIT;

	str_puts(&text, diag->text ? diag->text : "");
	if (diag->suggestion)
		str_addf(&text, "; did you mean \"%s\"?", diag->suggestion);
	if (diag->included_from)
		str_addf(&text, " (included from %s)", diag->included_from);
	return str_take(&text);
}

void sarif_put(struct admin *admin, struct json *json, const struct diag *diag)
{
	_cleanup_free_ char *message = message_of(diag);

	if (!message) {
		admin_out_of_memory(admin);
		return;
	}
	json_begin_object(json, NULL);
	json_string(json, "ruleId", diag->id);
	json_string(json, "level", diag->severity == DIAG_ERROR ? "error" : "warning");
	put_message(json, "message", message);
	put_location(admin, json, diag);
	put_suppression(json, diag);
	json_end_object(json);
}

void sarif_end(struct admin *admin, struct json *json)
{
	json_end_array(json);
	json_begin_array(json, "invocations");
	json_begin_object(json, NULL);
	json_bool(json, "executionSuccessful", admin->errors.n == 0);
	json_begin_array(json, "toolExecutionNotifications");
	for (size_t i = 0; i < admin->errors.n; i++) {
		json_begin_object(json, NULL);
		json_string(json, "level", "error");
		put_message(json, "message", admin->errors.items[i]);
		json_end_object(json);
	}
	json_end_array(json);
	json_end_object(json);
	json_end_array(json);
	json_end_object(json);
	json_end_array(json);
	json_end_object(json);
}
