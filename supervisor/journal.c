/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Fills in what every record of a session has, and makes text of it. */

#include "journal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "journal-socket.h"
#include "ruleset.h"
#include "str.h"

/* How long a process that ends waits for a journal that is full. */
#define FINISH_MS 500

static unsigned long n_lost; /* before they got to the socket */
static unsigned long sequence;

/* Field 22 of /proc/PID/stat: with the pid, it names a process for as long as the system runs. */
static unsigned long long read_start_time(pid_t pid)
{
	unsigned long long start = 0;
	_cleanup_file_ FILE *file = NULL;
	char path[64], text[1024];
	const char *p;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
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

/* Read once: all records of a process are about the same one, itself or its child. */
static unsigned long long start_time(pid_t pid)
{
	static unsigned long long start;
	static pid_t known;

	if (pid != known || start == 0)
		start = read_start_time(pid);
	known = pid;
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
	event_add(event, "MODE", "%s", policy_set_mode(set));
}

/* Who is refused by a policy is refused before the kernel's version matters. */
static unsigned abi_of(const struct supervisor *supervisor)
{
	int abi = supervisor->abi > 0 ? (int)supervisor->abi : ruleset_abi();

	return abi > 0 ? (unsigned)abi : 0;
}

/* The keeper does not know how far the monitor counted, and what it found out. */
static void add_session(struct event *event, const struct supervisor *supervisor)
{
	const struct wire_hello *hello = &supervisor->hello;
	pid_t monitor = supervisor->monitor > 0 ? supervisor->monitor : getpid();

	event_add(event, "SESSION", "%s", supervisor->id);
	if (supervisor->monitor == 0)
		event_add(event, "SEQ", "%lu", ++sequence);
	event_add(event, "USER", "%s", hello->user);
	if (supervisor->identity.user)
		event_add(event, "UID", "%u", (unsigned)supervisor->identity.uid);
	event_add(event, "SERVICE", "%s", hello->service);
	event_add(event, "TTY", "%s", hello->tty);
	event_add(event, "RHOST", "%s", hello->rhost);
	if (supervisor->monitor == 0)
		event_add(event, "ABI", "%u", abi_of(supervisor));
	event_add(event, "SUPERVISOR_PID", "%d", (int)monitor);
	event_add(event, "SUPERVISOR_START", "%llu", start_time(monitor));
	if (supervisor->set)
		add_policies(event, supervisor->set);
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

/* Values are escaped: none has a newline, which would need the binary form of a field. */
static char *text_of(const struct event *event)
{
	_cleanup_str_ struct str text = STR_INIT;

	for (size_t i = 0; i < event->n_fields; i++) {
		str_puts(&text, event->fields[i]);
		str_add_char(&text, '\n');
	}
	return str_take(&text);
}

void journal_send(struct event *event)
{
	char *text;

	if (event->failed)
		event_add(event, "INCOMPLETE", "yes");
	text = text_of(event);
	if (text)
		journal_socket_send(text);
	else
		n_lost++;
	event_done(event);
}

void journal_finish(void)
{
	journal_socket_finish(FINISH_MS);
}

unsigned long journal_lost(void)
{
	return n_lost + journal_socket_lost();
}
