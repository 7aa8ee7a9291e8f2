/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * One event as the commands see it: a record that a supervisor has written, or what the kernel's
 * audit says of a session, under the same field names. Values are escaped, as the journal has them.
 */

#include <stddef.h>
#include <stdint.h>

#include "journal.h"

#define RECORD_FIELDS_MAX 32

/* The action of a denied-syscall that was no denial: the policy has it logged only. */
#define RECORD_ACTION_LOG "log"

struct record_field {
	const char *name; /* static, without the prefix: "SESSION" */
	char *value;
};

struct record {
	enum event_kind kind;
	uint64_t when;
	struct journal *journal; /* standing on the record it is made of; borrowed */
	bool made;               /* of a kernel record: its fields are here */
	char *message;
	struct record_field fields[RECORD_FIELDS_MAX];
	size_t n_fields;
};

/* One that a supervisor has written. RECORD_E_NONE where it is no event, or -errno. */
#define RECORD_E_NONE 1
int record_take(struct journal *journal, struct record *ret);
void record_done(struct record *record);

/* For one that is being made: a field, escaped; an empty value is left out. */
void record_add(struct record *record, const char *name, const char *value);
void record_add_number(struct record *record, const char *name, uint64_t value);

/* Copies, NULL without it. Field names are without the prefix. */
char *record_field(const struct record *record, const char *name);
char *record_message(const struct record *record);
uint64_t record_number(const struct record *record, const char *name, uint64_t otherwise);

/* All fields, their names without the prefix. 0 or -errno. */
int record_each_field(const struct record *record, journal_field_fn *each, void *userdata);

/*
 * What names it within its session: its number there, or "a" and the number that the kernel's
 * audit gave the event; "-" without either.
 */
#define RECORD_NUMBER_TEXT 24
const char *record_name(const struct record *record, char buffer[RECORD_NUMBER_TEXT]);
