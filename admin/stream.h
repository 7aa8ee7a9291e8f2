/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Events in the order of the journal, supervisors' and the kernel's in one. */

#include "record.h"

struct stream_request {
	struct journal_place place;
	bool denials;        /* nothing else */
	const char *user;    /* NULL: anybody's */
	const char *session; /* NULL: any; the beginning of an id */
	bool this_boot;
	uint64_t since; /* 0: from the beginning */
	uint64_t until; /* UINT64_MAX: no end */
};

#define STREAM_REQUEST_INIT ((struct stream_request){.until = UINT64_MAX})

struct stream;

/* Whether a word can be a session's id, or the beginning of one; else a usage error. */
bool stream_takes_session(struct admin *admin, const char *id);

/*
 * Whether the journal has anything of a session, be it no more than that it was refused; what
 * cannot be read has nothing.
 */
bool stream_has_session(struct admin *admin, const struct journal_place *place, const char *id);

/* The request is borrowed. NULL after a failure, which has been reported. */
struct stream *stream_open(struct admin *admin, const struct stream_request *request);
struct stream *stream_free(struct stream *stream);

/*
 * Before the first wanted record; or so that the next one is the last but `n` - 1. Wanted records
 * are from `since` to `until`. 0 or -errno.
 */
int stream_start(struct stream *stream);
int stream_start_at_last(struct stream *stream, uint64_t n);

/* The next wanted record: 1, 0 at the end, -errno. Free it with record_done(). */
int stream_next(struct stream *stream, struct record *ret);

/*
 * The record of that name within its session (record_name()); and the last one that tells what was
 * denied. Same returns.
 */
int stream_find(struct stream *stream, const char *name, struct record *ret);
int stream_find_last(struct stream *stream, struct record *ret);

/* Waits until there may be more. 0 or -errno. */
int stream_wait(struct stream *stream);

bool stream_is_local(const struct stream *stream);

/* Whether the kernel's audit has said anything to this journal, in this boot where it is local. */
int stream_has_audit(struct stream *stream, bool *ret);
