/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One event, as a line or as JSON. */

#include "record-print.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "session.h"
#include "str.h"
#include "text.h"
#include "when.h"

/* Fields whose values JSON shows as numbers. */
static bool is_number(const char *name)
{
	static const char *const names[] = {"SEQ", "UID", "ABI", "ERRNO", "PID", "SUPERVISOR_PID",
		"SUPERVISOR_START", "DENIED", "NOTIFICATIONS", "SECONDS", "SUPPRESSED", "LOST",
		"AUDIT_ID"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void put_field(void *userdata, const char *name, const char *value)
{
	char key[64] = {0};
	uint64_t number;

	for (size_t i = 0; name[i] && i < sizeof(key) - 1; i++)
		key[i] = (char)tolower((unsigned char)name[i]);
	if (is_number(name) && str_parse_number(value, strlen(value), UINT64_MAX, &number) == 0)
		json_number(userdata, key, number);
	else
		json_string(userdata, key, value);
}

static int put_members(struct json *json, const struct record *record)
{
	_cleanup_free_ char *host = journal_field(record->journal, "_HOSTNAME");
	_cleanup_free_ char *message = record_message(record);
	char time[WHEN_TEXT_MAX];

	json_string(json, "time", when_format_utc(record->when, time));
	json_string(json, "host", host);
	json_string(json, "message", message);
	return record_each_field(record, put_field, json);
}

int record_print_json(struct admin *admin, const struct record *record)
{
	struct json json;
	int r;

	admin_json_begin(admin, &json);
	r = put_members(&json, record);
	admin_json_end(admin, &json);
	return r;
}

int record_put_json(struct json *json, const struct record *record)
{
	int r;

	json_begin_object(json, NULL);
	r = put_members(json, record);
	json_end_object(json);
	return r;
}

static enum color color_of(const struct record *record)
{
	int priority = event_types[record->kind].priority;

	if (priority > LOG_NOTICE)
		return COLOR_NONE;
	return priority <= LOG_ERR ? COLOR_ERROR : COLOR_STRONG;
}

int record_print_line(const struct admin *admin, const struct record *record, bool with_host)
{
	_cleanup_free_ char *id = record_field(record, "SESSION");
	_cleanup_free_ char *message = record_message(record);
	enum color color = color_of(record);
	char time[WHEN_TEXT_MAX], number[RECORD_NUMBER_TEXT];

	text_printf("%s ", when_format(record->when, time));
	if (with_host) {
		_cleanup_free_ char *host = journal_field(record->journal, "_HOSTNAME");

		text_printf("%s ", host ? host : "-");
	}
	text_printf("%.*s:%s ", SESSION_SHORT_TEXT - 1, id ? id : "-", record_name(record, number));
	fputs(color == COLOR_NONE ? "" : admin_color(admin, color), stdout);
	text_printf("%s", message ? message : "-");
	fputs(color == COLOR_NONE ? "" : admin_color(admin, COLOR_NONE), stdout);
	putchar('\n');
	return 0;
}
