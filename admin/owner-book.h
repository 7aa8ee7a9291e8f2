/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the journal tells of one boot of one machine: its sessions, and its Landlock domains. */

#include "journal.h"
#include "owner.h"

/* Records of one moment come by two ways, and the journal may have them in another order. */
#define BOOK_SLACK (10 * WHEN_SECOND)

struct domain {
	uint64_t id;
	uint64_t pid, uid; /* of the process that made it, UINT64_MAX: not known */
	char *exe;         /* NULL: not known */
	uint64_t when;     /* something was denied in it for the first time */
};

struct book {
	char boot[JOURNAL_ID_TEXT];
	struct owner **owners; /* in the order of their opening */
	size_t n_owners;
	void *by_session;    /* tsearch(3) of struct owner */
	void *domains;       /* of struct domain, by id */
	uint64_t last;       /* the youngest record that was read */
	uint64_t read_until; /* when the journal was read the last time */
};

/* NULL without memory. */
struct book *book_new(const char *boot);
struct book *book_free(struct book *book);

/* Reads what there is, or what has come since. 0 or -errno. */
int book_read(struct book *book, struct journal *journal);

/* NULL: the kernel has not told of it. */
const struct domain *book_domain(const struct book *book, uint64_t id);
