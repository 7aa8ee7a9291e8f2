/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Sends events with sd_journal_sendv(3). libsystemd is loaded at the first record: linking it
 * would cost 1.3 ms of every login before READY, and nothing is recorded before that.
 */

#include "journal.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "cleanup.h"
#include "str.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"

static unsigned long n_lost;
static unsigned long sequence;

static __typeof__(&sd_journal_sendv) find_sendv(void)
{
	static __typeof__(&sd_journal_sendv) sendv;
	void *library;

	if (sendv)
		return sendv;
	library = dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL);
	if (library)
		sendv = (__typeof__(sendv))dlsym(library, "sd_journal_sendv");
	return sendv;
}

/* Field 22 of /proc/self/stat: with the pid, it names a process for as long as the system runs. */
static unsigned long long start_time(void)
{
	unsigned long long start = 0;
	char text[1024];
	_cleanup_file_ FILE *file = fopen("/proc/self/stat", "re");
	const char *p;

	if (!file || !fgets(text, sizeof(text), file))
		return 0;
	p = strrchr(text, ')'); /* comm may hold anything but ends at the last ')' */
	if (!p)
		return 0;
	if (sscanf(p + 1,
		    "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
		    "%*s %*s %llu",
		    &start) != 1)
		return 0;
	return start;
}

static void add_policies(struct event *event, const struct policy_set *set)
{
	_cleanup_str_ struct str names = STR_INIT;
	_cleanup_free_ char *text = NULL;
	char hash[2 * sizeof(set->hash) + 1];

	for (size_t i = 0; i < set->n_layers; i++) {
		if (i > 0)
			str_add_char(&names, ' ');
		str_puts(&names, set->layers[i]->name);
	}
	text = str_take(&names);
	event_add(event, "POLICIES", "%s", text ? text : "");
	for (size_t i = 0; i < sizeof(set->hash); i++)
		snprintf(hash + 2 * i, 3, "%02x", set->hash[i]);
	event_add(event, "POLICY_HASH", "%s", hash);
	event_add(event, "MODE", "enforce");
}

static void add_session(struct event *event, const struct supervisor *supervisor)
{
	const struct wire_hello *hello = &supervisor->hello;

	event_add(event, "SESSION", "%s", supervisor->id);
	event_add(event, "SEQ", "%lu", ++sequence);
	event_add(event, "USER", "%s", hello->user);
	if (supervisor->identity.user)
		event_add(event, "UID", "%u", (unsigned)supervisor->identity.uid);
	event_add(event, "SERVICE", "%s", hello->service);
	event_add(event, "TTY", "%s", hello->tty);
	event_add(event, "RHOST", "%s", hello->rhost);
	event_add(event, "ABI", "%u", supervisor->abi);
	event_add(event, "SUPERVISOR_PID", "%d", (int)getpid());
	event_add(event, "SUPERVISOR_START", "%llu", start_time());
	if (supervisor->set)
		add_policies(event, supervisor->set);
}

/* sd_journal_sendv(3) calls it a success when there is no journal. */
static bool journal_is_there(void)
{
	return access(JOURNAL_SOCKET, F_OK) == 0;
}

void journal_begin(struct event *event, enum event_kind kind, const struct supervisor *supervisor)
{
	event_begin(event, kind);
	add_session(event, supervisor);
}

void journal_begin_plain(struct event *event, const struct supervisor *supervisor)
{
	event_begin_plain(event);
	add_session(event, supervisor);
}

void journal_send(struct event *event)
{
	__typeof__(&sd_journal_sendv) sendv = find_sendv();
	struct iovec fields[EVENT_FIELDS_MAX];

	if (event->failed)
		event_add(event, "INCOMPLETE", "yes");
	for (size_t i = 0; i < event->n_fields; i++)
		fields[i] = (struct iovec){event->fields[i], strlen(event->fields[i])};
	if (!sendv || !journal_is_there() || sendv(fields, (int)event->n_fields) < 0)
		n_lost++;
	event_done(event);
}

unsigned long journal_lost(void)
{
	return n_lost;
}
