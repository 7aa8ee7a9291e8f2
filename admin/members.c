/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Looks at each process once; for display only. */

#include "members.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "mark.h"
#include "process.h"
#include "str.h"

struct search {
	const struct session *session;
	pid_t supervisor; /* 0: gone */
	pid_t keeper;
	struct mark mark;
	uid_t uid;
	struct members *members;
	int error;
};

static void read_name(pid_t pid, char *name, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, name, size - 1);
	name[n > 0 ? n : 0] = '\0';
	name[strcspn(name, "\n")] = '\0';
	if (fd >= 0)
		close(fd);
}

static bool belongs(const struct search *search, pid_t pid)
{
	if (!search->supervisor)
		return process_is_of(pid, search->session->fields[SESSION_ID], search->uid);
	/* Its parent, which keeps it, and its children are its own; nothing of the session is one.
	 */
	return pid != search->supervisor && pid != search->keeper &&
	       mark_is_on(&search->mark, pid) && process_parent(pid) != search->supervisor;
}

static bool take(pid_t pid, void *userdata)
{
	struct search *search = userdata;
	struct members *members = search->members;
	struct member *grown;

	if (!belongs(search, pid))
		return false;
	grown = reallocarray(members->items, members->n_items + 1, sizeof(*grown));
	if (!grown) {
		search->error = -ENOMEM;
		return true;
	}
	members->items = grown;
	grown[members->n_items] = (struct member){.pid = pid, .parent = process_parent(pid)};
	read_name(pid, grown[members->n_items].name, sizeof(grown->name));
	members->n_items++;
	return false;
}

static int compare(const void *a, const void *b)
{
	return ((const struct member *)a)->pid - ((const struct member *)b)->pid;
}

static bool has_parent(const struct members *members, const struct member *member)
{
	for (size_t i = 0; i < members->n_items; i++)
		if (members->items[i].pid == member->parent)
			return true;
	return false;
}

/* Moves those with this parent behind it, and theirs behind them. parent 0: those without one. */
static size_t place(
	const struct members *from, pid_t parent, unsigned depth, struct member *to, size_t n)
{
	for (size_t i = 0; i < from->n_items && n < from->n_items; i++) {
		const struct member *member = &from->items[i];
		bool here = parent ? member->parent == parent : !has_parent(from, member);

		if (!here)
			continue;
		to[n] = *member;
		to[n++].depth = depth;
		n = place(from, member->pid, depth + 1, to, n);
	}
	return n;
}

static int sort(struct members *members)
{
	struct member *sorted = calloc(members->n_items + 1, sizeof(*sorted));

	if (!sorted)
		return -ENOMEM;
	if (members->n_items > 0)
		qsort(members->items, members->n_items, sizeof(*members->items), compare);
	members->n_items = place(members, 0, 0, sorted, 0);
	free(members->items);
	members->items = sorted;
	return 0;
}

static uint64_t number(const struct session *session, enum session_field field, uint64_t max)
{
	const char *text = session->fields[field];
	uint64_t value;

	if (!text || str_parse_number(text, strlen(text), max, &value) < 0)
		return 0;
	return value;
}

int members_find(const struct session *session, struct members *ret)
{
	struct members members = {0};
	struct search search = {.session = session, .members = &members};
	int r;

	*ret = members;
	if (geteuid() != 0 || session->state == SESSION_CLOSED || session->state == SESSION_OPEN)
		return 0;
	search.uid = (uid_t)number(session, SESSION_UID, UINT32_MAX);
	if (session->state == SESSION_ACTIVE)
		search.supervisor = (pid_t)number(session, SESSION_SUPERVISOR_PID, INT_MAX);
	search.keeper = search.supervisor ? process_parent(search.supervisor) : 0;
	/* Without a namespace of its own the session cannot be told from the system. */
	if (search.supervisor &&
		(mark_of(search.supervisor, &search.mark) < 0 || mark_is_on(&search.mark, 1)))
		return 0;
	members.known = true;
	process_each(take, &search);
	r = search.error;
	if (r == 0)
		r = sort(&members);
	if (r < 0)
		members_done(&members);
	else
		*ret = members;
	return r;
}

void members_done(struct members *members)
{
	free(members->items);
	*members = (struct members){0};
}
