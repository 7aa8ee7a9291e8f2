/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The way to journald: datagrams of "KEY=value" lines to its socket, the native protocol
 * (systemd, "JOURNAL_NATIVE_PROTOCOL"). Never waits: what journald does not take at once is kept,
 * up to a limit, until it does. Not sd_journal_sendv(3), which blocks when journald has stopped,
 * and whose library is 1.3 ms and some 200 KiB of every session.
 */

/* Records that may wait; a record is a few hundred bytes. */
#define JOURNAL_SOCKET_QUEUE_MAX 512

/* Sends a record, or keeps it. Takes `text` over. What can be neither is lost, and counted. */
void journal_socket_send(char *text);

/* To be polled for POLLOUT, then flushed; -1 when nothing waits. */
int journal_socket_fd(void);

/* Sends what waits, as much as journald takes. */
void journal_socket_flush(void);

/* The same at the end of the process: waits for journald, at most so long. */
void journal_socket_finish(int timeout_ms);

unsigned long journal_socket_lost(void);
