/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The two kinds of records behind one face. */

#include "record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "str.h"

int record_take(struct journal *journal, struct record *ret)
{
	_cleanup_free_ char *id = journal_field(journal, "MESSAGE_ID");
	const struct event_type *type = id ? event_type_by_message_id(id) : NULL;
	struct record record = {.journal = journal};
	int r = journal_time(journal, &record.when);

	if (r < 0)
		return r;
	if (!type)
		return RECORD_E_NONE;
	record.kind = (enum event_kind)(type - event_types);
	*ret = record;
	return 0;
}

void record_done(struct record *record)
{
	for (size_t i = 0; i < record->n_fields; i++)
		free(record->fields[i].value);
	free(record->message);
	*record = (struct record){0};
}

void record_add(struct record *record, const char *name, const char *value)
{
	struct str text = STR_INIT;
	char *escaped;

	if (!value || !*value || record->n_fields == RECORD_FIELDS_MAX)
		return;
	str_add_escaped(&text, value, strlen(value));
	escaped = str_take(&text);
	if (escaped)
		record->fields[record->n_fields++] = (struct record_field){name, escaped};
}

void record_add_number(struct record *record, const char *name, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	record_add(record, name, text);
}

static const char *made_field(const struct record *record, const char *name)
{
	for (size_t i = 0; i < record->n_fields; i++)
		if (strcmp(record->fields[i].name, name) == 0)
			return record->fields[i].value;
	return NULL;
}

char *record_field(const struct record *record, const char *name)
{
	char full[64];
	const char *value;

	if (record->made) {
		value = made_field(record, name);
		return value ? strdup(value) : NULL;
	}
	snprintf(full, sizeof(full), EVENT_FIELD_PREFIX "%s", name);
	return journal_field(record->journal, full);
}

char *record_message(const struct record *record)
{
	if (record->made)
		return record->message ? strdup(record->message) : NULL;
	return journal_field(record->journal, "MESSAGE");
}

uint64_t record_number(const struct record *record, const char *name, uint64_t otherwise)
{
	_cleanup_free_ char *text = record_field(record, name);
	uint64_t number;

	if (!text || str_parse_number(text, strlen(text), UINT64_MAX, &number) < 0)
		return otherwise;
	return number;
}

struct relay {
	journal_field_fn *each;
	void *userdata;
};

static void relay_field(void *userdata, const char *name, const char *value)
{
	const struct relay *relay = userdata;

	relay->each(relay->userdata, name + strlen(EVENT_FIELD_PREFIX), value);
}

int record_each_field(const struct record *record, journal_field_fn *each, void *userdata)
{
	struct relay relay = {each, userdata};

	if (!record->made)
		return journal_each_field(record->journal, EVENT_FIELD_PREFIX, relay_field, &relay);
	for (size_t i = 0; i < record->n_fields; i++)
		each(userdata, record->fields[i].name, record->fields[i].value);
	return 0;
}

const char *record_name(const struct record *record, char buffer[RECORD_NUMBER_TEXT])
{
	uint64_t number = record_number(record, record->made ? "AUDIT_ID" : "SEQ", 0);

	if (number == 0)
		return "-";
	snprintf(buffer, RECORD_NUMBER_TEXT, "%s%" PRIu64, record->made ? "a" : "", number);
	return buffer;
}
