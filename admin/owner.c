/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Finds sessions in the books that it keeps, one per boot. */

#include "owner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "owner-book.h"
#include "when.h"

/* What has just been denied may be in the journal before the record that explains it. */
#define FRESH    (2 * WHEN_SECOND)
#define PATIENCE (WHEN_SECOND / 5)

struct owners {
	struct journal *journal;
	struct book **books;
	size_t n_books;
};

struct owners *owners_new(struct admin *admin, const struct journal_place *place)
{
	struct owners *owners = calloc(1, sizeof(*owners));

	if (!owners) {
		admin_out_of_memory(admin);
		return NULL;
	}
	owners->journal = journal_open(admin, place);
	return owners->journal ? owners : owners_free(owners);
}

struct owners *owners_free(struct owners *owners)
{
	if (!owners)
		return NULL;
	for (size_t i = 0; i < owners->n_books; i++)
		book_free(owners->books[i]);
	free(owners->books);
	journal_free(owners->journal);
	free(owners);
	return NULL;
}

static int find_book(struct owners *owners, const char *boot, struct book **ret)
{
	struct book **grown;
	struct book *book;

	for (size_t i = owners->n_books; i-- > 0;) {
		if (strcmp(owners->books[i]->boot, boot) != 0)
			continue;
		*ret = owners->books[i];
		return 0;
	}
	grown = reallocarray(owners->books, owners->n_books + 1, sizeof(struct book *));
	if (!grown)
		return -ENOMEM;
	owners->books = grown;
	book = book_new(boot);
	if (!book)
		return -ENOMEM;
	owners->books[owners->n_books++] = book;
	*ret = book;
	return book_read(book, owners->journal);
}

/* Asking */

static bool was_open(const struct owner *owner, uint64_t when)
{
	return owner->opened <= when + BOOK_SLACK &&
	       (owner->closed == UINT64_MAX || when <= owner->closed + BOOK_SLACK);
}

static bool has_pid(const struct owner *owner, uint64_t pid)
{
	for (size_t i = 0; i < owner->n_pids; i++)
		if (owner->pids[i] == pid)
			return true;
	return false;
}

static bool same_audit_session(const struct owner *owner, const struct owner_actor *actor)
{
	return owner->audit_session == actor->audit_session;
}

/* In a session everything has the user's uid, or root's until the login program has given it up. */
static bool may_act(const struct owner *owner, const struct owner_actor *actor)
{
	bool told = actor->audit_session != OWNER_NO_AUDIT_SESSION &&
		    owner->audit_session != OWNER_NO_AUDIT_SESSION;

	if (!actor->known)
		return true;
	if (actor->uid != 0 && actor->uid != owner->uid)
		return false;
	return !told || same_audit_session(owner, actor);
}

/*
 * By the process that made it. Where the kernel counts processes otherwise than the supervisor (in
 * a container), by the audit session. In either case it was the login program that made it: what
 * the user's own programs confine themselves to is no denial of ours.
 */
static const struct owner *domain_owner(const struct book *book, const struct domain *domain,
	const struct owner_actor *actor, uint64_t when)
{
	const struct owner *by_audit = NULL;
	size_t n_by_audit = 0;

	for (size_t i = book->n_owners; domain->exe && i-- > 0;) {
		const struct owner *owner = book->owners[i];

		if (!owner->exe || strcmp(owner->exe, domain->exe) != 0 || !may_act(owner, actor))
			continue;
		if (!was_open(owner, domain->when) || !was_open(owner, when))
			continue;
		if (has_pid(owner, domain->pid))
			return owner;
		if (!actor->known || actor->audit_session == OWNER_NO_AUDIT_SESSION ||
			!same_audit_session(owner, actor))
			continue;
		by_audit = owner;
		n_by_audit++;
	}
	return n_by_audit == 1 ? by_audit : NULL;
}

static const struct owner *ask_domain(const struct book *book, uint64_t id,
	const struct owner_actor *actor, uint64_t when, bool *ret_worth_waiting)
{
	const struct domain *domain = book_domain(book, id);

	/* Who is not root cannot have us wait for sessions that never come. */
	*ret_worth_waiting = !domain || domain->uid == 0;
	return domain ? domain_owner(book, domain, actor, when) : NULL;
}

/* Whether what there was to read about that time has been read. */
static bool is_settled(const struct book *book, uint64_t when)
{
	return book->read_until > when + FRESH;
}

int owners_of_domain(struct owners *owners, const char *boot, uint64_t domain,
	const struct owner_actor *actor, uint64_t when, const struct owner **ret)
{
	struct book *book;
	bool wait;
	int r = find_book(owners, boot, &book);

	if (r < 0)
		return r;
	*ret = ask_domain(book, domain, actor, when, &wait);
	if (*ret || is_settled(book, when))
		return 0;
	r = book_read(book, owners->journal);
	if (r < 0)
		return r;
	*ret = ask_domain(book, domain, actor, when, &wait);
	if (*ret || !wait || when + FRESH < when_now())
		return 0;
	r = journal_wait(owners->journal, PATIENCE);
	if (r >= 0)
		r = book_read(book, owners->journal);
	if (r >= 0)
		*ret = ask_domain(book, domain, actor, when, &wait);
	return r;
}

static const struct owner *ask_process(
	const struct book *book, const struct owner_actor *actor, uint64_t when, bool *ret_several)
{
	const struct owner *any = NULL;
	size_t n = 0;

	for (size_t i = book->n_owners; i-- > 0;) {
		const struct owner *owner = book->owners[i];

		if (owner->uid != actor->uid || !same_audit_session(owner, actor) ||
			!was_open(owner, when))
			continue;
		if (has_pid(owner, actor->pid)) {
			*ret_several = false;
			return owner;
		}
		any = owner;
		n++;
	}
	*ret_several = n > 1;
	return any;
}

int owners_of_process(struct owners *owners, const char *boot, const struct owner_actor *actor,
	uint64_t when, const struct owner **ret, bool *ret_several)
{
	struct book *book;
	int r = find_book(owners, boot, &book);

	if (r < 0)
		return r;
	*ret = ask_process(book, actor, when, ret_several);
	if (*ret || is_settled(book, when))
		return 0;
	r = book_read(book, owners->journal);
	if (r >= 0)
		*ret = ask_process(book, actor, when, ret_several);
	return r;
}
