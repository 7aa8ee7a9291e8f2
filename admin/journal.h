/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The door to the journal, for reading. What comes out of it are records of our supervisors, and of
 * the kernel's audit where that is asked for, and nothing else: ours have _UID=0, our identifier
 * and one of our message ids, the kernel's _TRANSPORT=audit and a type that no process can send.
 * No sender can forge these, systemd.journal-fields(7).
 */

#include <stdbool.h>
#include <stdint.h>

#include "command.h"
#include "event.h"

struct journal;

/* Whose journal: this system's own, or with `directory` the files in a folder. */
struct journal_place {
	const char *directory;
	bool merge; /* also what other machines' journals this system has */
};

/* Whether what it holds is of this machine alone, so that /proc knows about it. */
bool journal_is_local(const struct journal_place *place);

/* Says that --root is not about the journal, where nothing says which one is meant. */
void journal_note_root(struct admin *admin, const struct journal_place *place);

/* NULL after a failure, which has been reported with its remedy. */
struct journal *journal_open(struct admin *admin, const struct journal_place *place);
struct journal *journal_free(struct journal *journal);

/*
 * What is read; everything not said is not narrowed. Strings are borrowed. Plain records
 * are no events; `action` adds those that are about something.
 */
struct journal_match {
	uint32_t kinds;     /* 1 << enum event_kind, 0: all */
	const char *action; /* also plain records of this action, EVENT_ACTION_* */
	const char *user;   /* of ours */
	const char *id;     /* of ours: the session's whole id */
	const char *boot;   /* of all */
	unsigned audit[4];  /* types of the kernel's records, 0 ends them; none: not read */
	uint64_t audit_id;  /* of the kernel's: the event's serial, 0: any */
	bool only_audit;    /* none of ours; of all types if none is said */
};

/* Before the first seek, and any number of times. 0 or -errno. */
int journal_match(struct journal *journal, const struct journal_match *match);

/* Before the first record, behind the last, or before the first at or after `when`. */
int journal_seek_start(struct journal *journal);
int journal_seek_end(struct journal *journal);
int journal_seek_time(struct journal *journal, uint64_t when);

/* Moves to a record: 1, 0 when there is none, -errno. */
int journal_next(struct journal *journal);
int journal_previous(struct journal *journal);

/* Waits until something was added, or so many microseconds. 0 or -errno. */
#define JOURNAL_FOREVER UINT64_MAX
int journal_wait(struct journal *journal, uint64_t timeout);

/* Of the current record: when it came (microseconds), and a field as a copy, NULL without it. */
int journal_time(struct journal *journal, uint64_t *ret);
char *journal_field(struct journal *journal, const char *name);
uint64_t journal_number(struct journal *journal, const char *name, uint64_t otherwise);

/* Calls `each` for all fields of the current record that begin with `prefix`. 0 or -errno. */
typedef void journal_field_fn(void *userdata, const char *name, const char *value);
int journal_each_field(
	struct journal *journal, const char *prefix, journal_field_fn *each, void *userdata);

/* The boot and machine that this process runs on, as _BOOT_ID and _MACHINE_ID name them. */
#define JOURNAL_ID_TEXT 33
int journal_this_boot(char ret[JOURNAL_ID_TEXT]);
int journal_this_machine(char ret[JOURNAL_ID_TEXT]);
