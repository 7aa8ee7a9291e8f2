/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Many denials brought down to few: the same ones counted, paths of one folder put together. */

#include <stdbool.h>

#include "denial.h"
#include "policy.h"

struct tally_item {
	struct denial denial;
	uint64_t count, last;
	char **sessions; /* that had it, each once */
	size_t n_sessions;
	bool merged; /* stands for several objects beneath a folder */
	bool barred; /* no line would help: neither merged nor left out for a folder above */
};

struct tally {
	struct tally_item *items;
	size_t n_items;
	uint64_t left_out; /* beyond what is kept */
	void *index;
};

#define TALLY_INIT  ((struct tally){0})
#define TALLY_ITEMS 2000

/* session may be NULL. 0 or -ENOMEM. */
int tally_add(struct tally *tally, const struct denial *denial, const char *session, uint64_t when);

/* Forgets all but what `keep` says yes to. Nothing is added from here on. */
typedef bool tally_keep_fn(const void *userdata, const struct tally_item *item);
void tally_filter(struct tally *tally, tally_keep_fn *keep, const void *userdata);

/* Marks those that `bars` says yes to. */
void tally_bar(struct tally *tally, tally_keep_fn *bars, const void *userdata);

/*
 * Brings paths of one folder together to that folder, where there are several of them and nothing
 * speaks against it, and leaves out what a folder above has already. 0 or -ENOMEM.
 */
int tally_merge(struct tally *tally, const struct identity *identity);

void tally_done(struct tally *tally);
