/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Counts, sorts, and puts paths together. Pure. */

#include "tally.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "policy-word.h"
#include "remedy.h"

/* So many in one folder mean the folder. */
#define SIBLINGS 4

/* A folder of so many components at least: /srv/data, not /srv. */
#define DEPTH 2

struct node {
	struct denial denial; /* borrowed */
	size_t item;
};

static int compare(const struct denial *a, const struct denial *b)
{
	if (a->what != b->what)
		return a->what < b->what ? -1 : 1;
	return strcmp(a->object ? a->object : "", b->object ? b->object : "");
}

static int compare_nodes(const void *a, const void *b)
{
	return compare(&((const struct node *)a)->denial, &((const struct node *)b)->denial);
}

static size_t folder_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) : 0;
}

/* By folder first, so that what is in one stands together. */
static int compare_items(const void *a, const void *b)
{
	const struct denial *x = &((const struct tally_item *)a)->denial;
	const struct denial *y = &((const struct tally_item *)b)->denial;
	size_t n, m;
	int r;

	if (x->what != DENIAL_PATH || y->what != DENIAL_PATH)
		return compare(x, y);
	n = folder_length(x->object);
	m = folder_length(y->object);
	r = strncmp(x->object, y->object, n < m ? n : m);
	if (r == 0 && n != m)
		r = n < m ? -1 : 1;
	return r != 0 ? r : strcmp(x->object, y->object);
}

static void item_done(struct tally_item *item)
{
	for (size_t i = 0; i < item->n_sessions; i++)
		free(item->sessions[i]);
	free(item->sessions);
	denial_done(&item->denial);
}

static int add_session(struct tally_item *item, const char *session)
{
	char **grown;
	char *copy;

	for (size_t i = 0; i < item->n_sessions; i++)
		if (strcmp(item->sessions[i], session) == 0)
			return 0;
	grown = reallocarray(item->sessions, item->n_sessions + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	item->sessions = grown;
	copy = strdup(session);
	if (!copy)
		return -ENOMEM;
	item->sessions[item->n_sessions++] = copy;
	return 0;
}

static int add_item(struct tally *tally, const struct denial *denial)
{
	struct tally_item *grown = reallocarray(tally->items, tally->n_items + 1, sizeof(*grown));
	char *object = denial->object ? strdup(denial->object) : NULL;
	struct node *node = malloc(sizeof(*node));

	if (grown)
		tally->items = grown;
	if (!grown || !node || (denial->object && !object)) {
		free(object);
		free(node);
		return -ENOMEM;
	}
	tally->items[tally->n_items] = (struct tally_item){
		.denial = {.what = denial->what, .object = object}};
	*node = (struct node){{.what = denial->what, .object = object}, tally->n_items++};
	if (tsearch(node, &tally->index, compare_nodes))
		return 0;
	free(node);
	return -ENOMEM;
}

int tally_add(struct tally *tally, const struct denial *denial, const char *session, uint64_t when)
{
	const struct node key = {.denial = *denial};
	struct node **found = tfind(&key, &tally->index, compare_nodes);
	struct tally_item *item;
	int r;

	if (!found && tally->n_items == TALLY_ITEMS) {
		tally->left_out++;
		return 0;
	}
	if (!found) {
		r = add_item(tally, denial);
		if (r < 0)
			return r;
	}
	item = &tally->items[found ? (*found)->item : tally->n_items - 1];
	item->denial.rights |= denial->rights;
	item->count++;
	item->last = when > item->last ? when : item->last;
	return session ? add_session(item, session) : 0;
}

static void drop(struct tally *tally, size_t index)
{
	item_done(&tally->items[index]);
	tally->items[index] = tally->items[--tally->n_items];
}

/* The index is for adding only: nothing is added from here on. */
static void forget_index(struct tally *tally)
{
	tdestroy(tally->index, free);
	tally->index = NULL;
}

void tally_filter(struct tally *tally, tally_keep_fn *keep, const void *userdata)
{
	forget_index(tally);
	for (size_t i = tally->n_items; i-- > 0;)
		if (!keep(userdata, &tally->items[i]))
			drop(tally, i);
}

void tally_bar(struct tally *tally, tally_keep_fn *bars, const void *userdata)
{
	for (size_t i = 0; i < tally->n_items; i++)
		tally->items[i].barred = bars(userdata, &tally->items[i]);
}

static size_t depth(const char *path, size_t length)
{
	size_t n = 0;

	for (size_t i = 0; i < length; i++)
		n += path[i] == '/';
	return n;
}

static bool is_open_path(const struct tally_item *item)
{
	return item->denial.what == DENIAL_PATH && !item->barred;
}

static bool in_folder(const struct tally_item *item, const char *folder, size_t length)
{
	return is_open_path(item) && folder_length(item->denial.object) == length &&
	       strncmp(item->denial.object, folder, length) == 0;
}

static int take_sessions(struct tally_item *to, const struct tally_item *from)
{
	int r = 0;

	for (size_t i = 0; i < from->n_sessions && r == 0; i++)
		r = add_session(to, from->sessions[i]);
	to->count += from->count;
	to->last = from->last > to->last ? from->last : to->last;
	to->denial.rights |= from->denial.rights;
	return r;
}

/* Whether the items from `first` on are enough of one folder, and it may be granted. */
static size_t count_siblings(
	const struct tally *tally, size_t first, const struct identity *identity)
{
	const struct denial *denial = &tally->items[first].denial;
	size_t length = is_open_path(&tally->items[first]) ? folder_length(denial->object) : 0;
	struct denial folder = {.what = DENIAL_PATH};
	const char *objection;
	size_t n = 0;

	if (length == 0 || depth(denial->object, length) < DEPTH)
		return 0;
	while (first + n < tally->n_items &&
		in_folder(&tally->items[first + n], denial->object, length))
		folder.rights |= tally->items[first + n++].denial.rights;
	if (n < SIBLINGS)
		return 0;
	folder.object = strndup(denial->object, length);
	objection = folder.object ? remedy_objection(&folder, identity) : "";
	denial_done(&folder);
	return objection ? 0 : n;
}

/* The first one becomes the folder, the others go. */
static int merge_siblings(struct tally *tally, size_t first, size_t n)
{
	struct tally_item *item = &tally->items[first];
	int r = 0;

	item->denial.object[folder_length(item->denial.object)] = '\0';
	item->merged = true;
	for (size_t i = 1; i < n && r == 0; i++)
		r = take_sessions(item, &tally->items[first + i]);
	for (size_t i = n; i-- > 1;)
		drop(tally, first + i);
	return r;
}

static void sort_items(struct tally *tally)
{
	if (tally->n_items > 0)
		qsort(tally->items, tally->n_items, sizeof(*tally->items), compare_items);
}

/* A merged folder may be one of several in turn: rounds go on until nothing has changed. */
static int merge_round(struct tally *tally, const struct identity *identity, bool *ret_changed)
{
	*ret_changed = false;
	sort_items(tally);
	for (size_t i = 0; i < tally->n_items; i++) {
		size_t n = count_siblings(tally, i, identity);

		if (n == 0)
			continue;
		*ret_changed = true;
		return merge_siblings(tally, i, n);
	}
	return 0;
}

/* What the line for a folder above it grants along. */
static int absorb(struct tally *tally)
{
	for (size_t i = 0; i < tally->n_items; i++) {
		const struct tally_item *folder = &tally->items[i];

		for (size_t j = tally->n_items; is_open_path(folder) && j-- > 0;) {
			const struct denial *denial = &tally->items[j].denial;
			int r;

			if (i == j || !is_open_path(&tally->items[j]) ||
				(denial->rights & ~remedy_access(&folder->denial)) ||
				!policy_word_beneath(denial->object, folder->denial.object))
				continue;
			r = take_sessions(&tally->items[i], &tally->items[j]);
			if (r < 0)
				return r;
			drop(tally, j);
			/* The last one has moved to j; it may have been this one. */
			return 1;
		}
	}
	return 0;
}

int tally_merge(struct tally *tally, const struct identity *identity)
{
	bool changed = true;
	int r = 0;

	forget_index(tally);
	while (r == 0 && changed)
		r = merge_round(tally, identity, &changed);
	if (r < 0)
		return r;
	while ((r = absorb(tally)) > 0)
		;
	sort_items(tally);
	return r;
}

void tally_done(struct tally *tally)
{
	forget_index(tally);
	for (size_t i = 0; i < tally->n_items; i++)
		item_done(&tally->items[i]);
	free(tally->items);
	*tally = TALLY_INIT;
}
