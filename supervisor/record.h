/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the monitor has to say, as journal records: one function per event. */

#include "confined.h"
#include "supervisor.h"

/* There is no session, or this part of it; `text` says why and what to do. */
void record_refused(const struct supervisor *supervisor, const char *text);

/* What kept a process from being confined (a negative errno), and what to do about it. */
const char *record_obstacle(int error);

/* The same as a refusal: the process has ended. */
void record_unconfined(const struct supervisor *supervisor, int error);

/* session-open, and a `degraded` for everything the handshake noted. */
void record_open(const struct supervisor *supervisor);

/*
 * A process has confined itself: a plain record, by which `sandlock-admin` knows the session's
 * Landlock domains in the kernel's audit.
 */
void record_confined(const struct supervisor *supervisor, const struct confined *confined);

/* What the set's host names stand for now; a name without addresses is a `degraded` event. */
void record_names(const struct supervisor *supervisor);

/* What has been counted so far: a plain record, because root asked. */
void record_status(const struct supervisor *supervisor, const struct wire_counters *counters);

/* reason: why it ended, where that is not its own doing; or NULL. */
void record_close(const struct supervisor *supervisor, const struct wire_counters *counters,
	const char *reason);

/* denial: as the worker sent it, checked for size and ends of strings only. */
void record_denied(const struct supervisor *supervisor, const struct wire_denial *denial);

/* The same of what a policy in complain mode would have denied. */
void record_would_deny(const struct supervisor *supervisor, const struct wire_denial *denial);

/* Where, or why, nobody sees which files are opened. */
void record_unwatched(const struct supervisor *supervisor, const char *where);

/* `count` more denials were counted but not recorded. */
void record_suppressed(const struct supervisor *supervisor, uint64_t count);

/* error: negative errno. */
void record_failed(const struct supervisor *supervisor, const char *what, int error);
