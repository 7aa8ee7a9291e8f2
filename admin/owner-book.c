/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads sessions and domains out of the journal. Reading the same record twice is fine. */

#include "owner-book.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "audit-text.h"
#include "cleanup.h"
#include "when.h"

static int compare_sessions(const void *a, const void *b)
{
	return strcmp(((const struct owner *)a)->session, ((const struct owner *)b)->session);
}

static int compare_domains(const void *a, const void *b)
{
	uint64_t x = ((const struct domain *)a)->id, y = ((const struct domain *)b)->id;

	return x < y ? -1 : x > y;
}

static void owner_free(struct owner *owner)
{
	free(owner->session);
	free(owner->user);
	free(owner->service);
	free(owner->policies);
	free(owner->policy_hash);
	free(owner->mode);
	free(owner->exe);
	free(owner->pids);
	free(owner);
}

static void domain_free(void *node)
{
	free(((struct domain *)node)->exe);
	free(node);
}

static void keep_node(void *node)
{
	/* Sessions are freed through the array. */
}

struct book *book_free(struct book *book)
{
	if (!book)
		return NULL;
	tdestroy(book->by_session, keep_node);
	tdestroy(book->domains, domain_free);
	for (size_t i = 0; i < book->n_owners; i++)
		owner_free(book->owners[i]);
	free(book->owners);
	free(book);
	return NULL;
}

struct book *book_new(const char *boot)
{
	struct book *book = calloc(1, sizeof(*book));

	if (book)
		strncat(book->boot, boot, sizeof(book->boot) - 1);
	return book;
}

static int take_pid(struct owner *owner, struct journal *journal)
{
	uint64_t pid = journal_number(journal, "SANDLOCK_PID", 0);
	uint64_t *grown;

	for (size_t i = 0; i < owner->n_pids; i++)
		if (owner->pids[i] == pid)
			return 0;
	if (pid == 0)
		return 0;
	grown = reallocarray(owner->pids, owner->n_pids + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	owner->pids = grown;
	owner->pids[owner->n_pids++] = pid;
	if (!owner->exe)
		owner->exe = journal_field(journal, "SANDLOCK_EXE");
	return 0;
}

static int keep_owner(struct book *book, struct owner *owner)
{
	struct owner **grown = reallocarray(book->owners, book->n_owners + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	book->owners = grown;
	if (!tsearch(owner, &book->by_session, compare_sessions))
		return -ENOMEM;
	book->owners[book->n_owners++] = owner;
	return 0;
}

/* `id` is taken over. */
static int take_open(struct book *book, struct journal *journal, char *id)
{
	struct owner *owner = calloc(1, sizeof(*owner));
	int r;

	if (!owner) {
		free(id);
		return -ENOMEM;
	}
	*owner = (struct owner){
		.session = id,
		.user = journal_field(journal, "SANDLOCK_USER"),
		.service = journal_field(journal, "SANDLOCK_SERVICE"),
		.policies = journal_field(journal, "SANDLOCK_POLICIES"),
		.policy_hash = journal_field(journal, "SANDLOCK_POLICY_HASH"),
		.mode = journal_field(journal, "SANDLOCK_MODE"),
		.uid = journal_number(journal, "SANDLOCK_UID", UINT64_MAX),
		.audit_session = journal_number(journal, "_AUDIT_SESSION", OWNER_NO_AUDIT_SESSION),
		.closed = UINT64_MAX,
	};
	r = journal_time(journal, &owner->opened);
	if (r >= 0)
		r = take_pid(owner, journal);
	if (r >= 0)
		r = keep_owner(book, owner);
	if (r < 0)
		owner_free(owner);
	return r;
}

static int take_ours(struct book *book, struct journal *journal)
{
	_cleanup_free_ char *id = journal_field(journal, "SANDLOCK_SESSION");
	_cleanup_free_ char *message_id = journal_field(journal, "MESSAGE_ID");
	const struct event_type *type = message_id ? event_type_by_message_id(message_id) : NULL;
	const struct owner key = {.session = id};
	struct owner **found = id ? tfind(&key, &book->by_session, compare_sessions) : NULL;

	if (!id)
		return 0;
	if (!found && type == &event_types[EVENT_SESSION_OPEN])
		return take_open(book, journal, take_ptr(id));
	if (!found)
		return 0;
	if (type == &event_types[EVENT_SESSION_CLOSE])
		return journal_time(journal, &(*found)->closed);
	return type ? 0 : take_pid(*found, journal);
}

static int take_domain(struct book *book, struct journal *journal)
{
	_cleanup_free_ char *message = journal_field(journal, "MESSAGE");
	_cleanup_free_ char *status = message ? audit_word(message, "status") : NULL;
	struct domain *domain;
	struct domain **kept;
	uint64_t id;

	if (!status || strcmp(status, "allocated") != 0 ||
		audit_number(message, "domain", 16, &id) < 0)
		return 0;
	domain = calloc(1, sizeof(*domain));
	if (!domain)
		return -ENOMEM;
	*domain = (struct domain){.id = id, .pid = UINT64_MAX, .uid = UINT64_MAX};
	kept = tsearch(domain, &book->domains, compare_domains);
	if (!kept || *kept != domain) {
		free(domain);
		return kept ? 0 : -ENOMEM;
	}
	audit_number(message, "pid", 10, &domain->pid);
	audit_number(message, "uid", 10, &domain->uid);
	domain->exe = audit_text(message, "exe");
	return journal_time(journal, &domain->when);
}

static int take_record(struct book *book, struct journal *journal)
{
	bool is_audit = journal_number(journal, "_AUDIT_TYPE", 0) == AUDIT_TYPE_LANDLOCK_DOMAIN;
	uint64_t when;
	int r = journal_time(journal, &when);

	if (r < 0)
		return r;
	if (when > book->last)
		book->last = when;
	return is_audit ? take_domain(book, journal) : take_ours(book, journal);
}

int book_read(struct book *book, struct journal *journal)
{
	const struct journal_match match = {
		.kinds = 1U << EVENT_SESSION_OPEN | 1U << EVENT_SESSION_CLOSE,
		.action = EVENT_ACTION_CONFINE,
		.boot = book->boot,
		.audit = {AUDIT_TYPE_LANDLOCK_DOMAIN},
	};
	uint64_t now = when_now();
	int r = journal_match(journal, &match);

	if (r >= 0 && book->last > BOOK_SLACK)
		r = journal_seek_time(journal, book->last - BOOK_SLACK);
	else if (r >= 0)
		r = journal_seek_start(journal);
	while (r >= 0 && (r = journal_next(journal)) > 0)
		r = take_record(book, journal);
	if (r >= 0)
		book->read_until = now;
	return r < 0 ? r : 0;
}

const struct domain *book_domain(const struct book *book, uint64_t id)
{
	const struct domain key = {.id = id};
	struct domain *const *found = tfind(&key, &book->domains, compare_domains);

	return found ? *found : NULL;
}
