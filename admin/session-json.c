/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The journal's fields in lower case without their prefix, and what was found out. */

#include "session-json.h"

#include <ctype.h>
#include <string.h>

#include "str.h"
#include "when.h"

/* Fields whose values JSON shows as numbers. */
static bool is_number(enum session_field field)
{
	return field == SESSION_UID || field == SESSION_ABI || field == SESSION_SUPERVISOR_PID ||
	       field == SESSION_SUPERVISOR_START;
}

static void put_field(struct json *json, enum session_field field, const char *value)
{
	char key[32] = {0};
	const char *name = session_field_name(field);
	uint64_t number;

	for (size_t i = 0; name[i] && i < sizeof(key) - 1; i++)
		key[i] = (char)tolower((unsigned char)name[i]);
	if (is_number(field) && value &&
		str_parse_number(value, strlen(value), UINT64_MAX, &number) == 0)
		json_number(json, key, number);
	else
		json_string(json, key, value);
}

void session_put_json(struct json *json, const struct session *session)
{
	char time[WHEN_TEXT_MAX];

	json_begin_object(json, NULL);
	for (int i = 0; i < SESSION_FIELDS; i++)
		put_field(json, (enum session_field)i, session->fields[i]);
	json_string(json, "host", session->host);
	json_string(json, "opened", when_format_utc(session->opened, time));
	json_number(json, "seconds", session->seconds);
	if (session->processes_known)
		json_number(json, "processes", session->processes);
	else
		json_null(json, "processes");
	json_number(json, "denied", session->denied + session->denied_audit);
	json_string(json, "state", session_state_name(session->state));
	json_end_object(json);
}
