/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The door to the journal; only the monitor uses it, so that _UID=0 proves where a record is from.
 */

#include "event.h"
#include "supervisor.h"

/* Starts a record with the fields that every event of a session carries. */
void journal_begin(struct event *event, enum event_kind kind, const struct supervisor *supervisor);

/* The same for a record that is no event of the table: information, without a MESSAGE_ID. */
void journal_begin_plain(struct event *event, const struct supervisor *supervisor);

/*
 * Sends the record and frees it, without waiting: one that journald does not take is kept, see
 * journal-socket.h. A journal that is gone or stays full loses records, never the session:
 * journal_lost() counts.
 */
void journal_send(struct event *event);

/* Before the process ends: gives journald half a second to take what was kept. */
void journal_finish(void);

unsigned long journal_lost(void);
