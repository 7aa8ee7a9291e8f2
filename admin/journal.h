/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The door to the journal, for reading. What comes out of it are records of our supervisors and
 * nothing else: _UID=0 (which no sender can forge, systemd.journal-fields(7)), our identifier and
 * one of our message ids.
 */

#include <stdbool.h>
#include <stdint.h>

#include "command.h"
#include "event.h"

struct journal;

/*
 * Opens this system's journal, or with `directory` (may be NULL) the files in a folder. NULL after
 * a failure, which has been reported with its remedy.
 */
struct journal *journal_open(struct admin *admin, const char *directory);
struct journal *journal_free(struct journal *journal);

/* Narrow what is read, before the first record. Several kinds unite. 0 or -errno. */
int journal_match_kind(struct journal *journal, enum event_kind kind);
int journal_match_user(struct journal *journal, const char *user);
int journal_match_this_boot(struct journal *journal);

/* Before the first record, behind the last, or before the first at or after `when`. */
int journal_seek_start(struct journal *journal);
int journal_seek_end(struct journal *journal);
int journal_seek_time(struct journal *journal, uint64_t when);

/* Moves to a record: 1, 0 when there is none, -errno. */
int journal_next(struct journal *journal);
int journal_previous(struct journal *journal);

/* Waits until something was added. 0 or -errno. */
int journal_wait(struct journal *journal);

/* Of the current record: when it came (microseconds), and a field as a copy, NULL without it. */
int journal_time(struct journal *journal, uint64_t *ret);
char *journal_field(struct journal *journal, const char *name);

/* Calls `each` for all fields of the current record that begin with `prefix`. 0 or -errno. */
typedef void journal_field_fn(void *userdata, const char *name, const char *value);
int journal_each_field(
	struct journal *journal, const char *prefix, journal_field_fn *each, void *userdata);

/* The boot and machine that this process runs on, as _BOOT_ID and _MACHINE_ID name them. */
#define JOURNAL_ID_TEXT 33
int journal_this_boot(char ret[JOURNAL_ID_TEXT]);
int journal_this_machine(char ret[JOURNAL_ID_TEXT]);
