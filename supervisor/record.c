/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Journal records of a session. Message texts are for people, fields for programs. */

#include "record.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "access.h"
#include "cleanup.h"
#include "journal.h"
#include "mark.h"
#include "str.h"
#include "syscalls.h"

static const struct {
	const char *action; /* SANDLOCK_ACTION */
	const char *right;  /* SANDLOCK_RIGHT: the kernel's spelling where Landlock has one */
	const char *words;  /* for people, before the object */
} actions[WIRE_ACTION_MAX] = {
	[WIRE_ACTION_CONNECT] = {"connect", "net.connect_tcp", "connect to"},
	[WIRE_ACTION_LISTEN] = {"listen", "net.bind_tcp", "listen to"},
	[WIRE_ACTION_SEND] = {"send", "", "send to"},
	[WIRE_ACTION_OPEN] = {"open", "", "opening"},
	[WIRE_ACTION_SYSCALL] = {"syscall", "", "system call"},
};

static const struct {
	uint32_t number;
	const char *name;   /* SANDLOCK_PROTOCOL */
	const char *scheme; /* as in a policy, where it needs one */
} protocols[] = {
	{IPPROTO_TCP, "tcp", ""},
	{IPPROTO_UDP, "udp", "udp://"},
	{IPPROTO_ICMP, "icmp", "icmp://"}, /* its port is 0 */
	{IPPROTO_ICMPV6, "icmp", "icmp://"},
};

void record_refused(const struct supervisor *supervisor, const char *text)
{
	struct event event;

	journal_begin(&event, EVENT_SESSION_REFUSED, supervisor);
	event_add(&event, "REASON", "%s", text);
	event_message(&event, "Session of %s by %s refused: %s", supervisor->hello.user,
		supervisor->hello.service, text);
	journal_send(&event);
}

static const struct {
	int error;
	const char *text;
} obstacles[] = {
	{-EBUSY, "a sandbox around the login program supervises system calls already, and the "
		 "kernel allows one listener: start the login program outside of it, or give a "
		 "policy without [network], which needs none"},
	{-E2BIG, "the login program runs beneath so many Landlock layers that those of the "
		 "policies exceed the kernel's 16: start it beneath fewer"},
};

const char *record_obstacle(int error)
{
	for (size_t i = 0; i < ARRAY_SIZE(obstacles); i++)
		if (obstacles[i].error == error)
			return obstacles[i].text;
	return strerror(-error);
}

void record_unconfined(const struct supervisor *supervisor, int error)
{
	char text[WIRE_TEXT_MAX];

	snprintf(text, sizeof(text), "process cannot be confined: %s", record_obstacle(error));
	record_refused(supervisor, text);
}

static void record_note(const struct supervisor *supervisor, const struct note *note)
{
	struct event event;

	journal_begin(&event, EVENT_DEGRADED, supervisor);
	event_add(&event, "OBJECT", "%s", note->object ? note->object : "");
	event_add(&event, "RULE", "%s", note->rule ? note->rule : "-");
	event_message(
		&event, "%s: %s", note->object ? note->object : "?", note->text ? note->text : "?");
	journal_send(&event);
}

/* "gitlab.example.org=192.0.2.7,2001:db8::7 ...", in the order of the rules. */
static char *format_names(const struct names *names)
{
	_cleanup_str_ struct str text = STR_INIT;

	for (size_t i = 0; i < names->n; i++) {
		const struct name *name = &names->items[i];

		str_addf(&text, "%s%s=", i > 0 ? " " : "", name->host);
		for (size_t j = 0; j < name->n_addresses; j++) {
			char address[INET6_ADDRSTRLEN] = "?";

			inet_ntop(name->addresses[j].family, name->addresses[j].bytes, address,
				sizeof(address));
			str_addf(&text, "%s%s", j > 0 ? "," : "", address);
		}
	}
	return str_take(&text);
}

static void record_unresolved(const struct supervisor *supervisor, const char *host)
{
	struct event event;

	journal_begin(&event, EVENT_DEGRADED, supervisor);
	event_add(&event, "OBJECT", "%s", host);
	event_add(&event, "RULE", "-");
	event_message(&event, "%s does not resolve: it grants nothing", host);
	journal_send(&event);
}

void record_names(const struct supervisor *supervisor)
{
	const struct names *names = &supervisor->names;
	_cleanup_free_ char *text = format_names(names);
	struct event event;

	journal_begin_plain(&event, supervisor);
	event_add(&event, "NAMES", "%s", text ? text : "");
	event_message(&event, "Names of session %.8s: %s", supervisor->id, text ? text : "?");
	journal_send(&event);
	for (size_t i = 0; i < names->n; i++)
		if (names->items[i].n_addresses == 0)
			record_unresolved(supervisor, names->items[i].host);
}

static void add_origin(struct event *event, const struct supervisor *supervisor, const char *verb)
{
	const struct wire_hello *hello = &supervisor->hello;

	event_message(event, "Session %.8s of %s by %s%s%s %s", supervisor->id, hello->user,
		hello->service, hello->rhost[0] ? " from " : "", hello->rhost, verb);
}

/* "4026532245:1307": the mark, by which `sandlock-admin terminate` knows it without us. */
static void add_mark(struct event *event, const struct supervisor *supervisor)
{
	_cleanup_close_ int fd = supervisor->privileged ? mark_open(0) : -1;
	struct mark mark;

	if (fd < 0 || mark_of_fd(fd, &mark) < 0)
		return;
	if (mark.id > 0)
		event_add(event, "NAMESPACE", "%llu:%llu", (unsigned long long)mark.inode,
			(unsigned long long)mark.id);
	else
		event_add(event, "NAMESPACE", "%llu", (unsigned long long)mark.inode);
}

void record_open(const struct supervisor *supervisor)
{
	struct event event;

	journal_begin(&event, EVENT_SESSION_OPEN, supervisor);
	add_mark(&event, supervisor);
	add_origin(&event, supervisor, "opened");
	journal_send(&event);
	for (size_t i = 0; i < supervisor->n_notes; i++)
		record_note(supervisor, &supervisor->notes[i]);
	if (supervisor->names.n > 0)
		record_names(supervisor);
}

/* counters: NULL where they are lost with who counted. */
static void add_counters(struct event *event, const struct supervisor *supervisor,
	const struct wire_counters *counters)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (counters) {
		event_add(event, "DENIED", "%llu", (unsigned long long)counters->denied);
		event_add(event, "NOTIFICATIONS", "%llu",
			(unsigned long long)counters->notifications);
	}
	if (counters && counters->would > 0)
		event_add(event, "WOULD_DENY", "%llu", (unsigned long long)counters->would);
	event_add(event, "SECONDS", "%lld", (long long)(now.tv_sec - supervisor->started.tv_sec));
}

void record_status(const struct supervisor *supervisor, const struct wire_counters *counters)
{
	struct event event;

	journal_begin_plain(&event, supervisor);
	event_add(&event, "ACTION", EVENT_ACTION_STATUS);
	add_counters(&event, supervisor, counters);
	event_add(&event, "SUPPRESSED", "%llu", (unsigned long long)counters->suppressed);
	event_message(&event, "Session %.8s of %s: %llu calls decided on, %llu denied",
		supervisor->id, supervisor->hello.user, (unsigned long long)counters->notifications,
		(unsigned long long)counters->denied);
	journal_send(&event);
}

void record_close(const struct supervisor *supervisor, const struct wire_counters *counters,
	const char *reason)
{
	char verb[64];
	struct event event;

	journal_begin(&event, EVENT_SESSION_CLOSE, supervisor);
	add_counters(&event, supervisor, counters);
	if (journal_lost() > 0)
		event_add(&event, "LOST", "%lu", journal_lost());
	if (reason)
		event_add(&event, "REASON", "%s", reason);
	snprintf(verb, sizeof(verb), "closed%s%s", reason ? ": " : "", reason ? reason : "");
	add_origin(&event, supervisor, verb);
	journal_send(&event);
}

void record_confined(const struct supervisor *supervisor, const struct confined *confined)
{
	struct event event;

	if (confined->pid <= 0)
		return;
	journal_begin_plain(&event, supervisor);
	event_add(&event, "ACTION", EVENT_ACTION_CONFINE);
	event_add(&event, "PID", "%d", (int)confined->pid);
	event_add(&event, "EXE", "%s", confined->exe);
	event_message(&event, "Process %d of session %.8s is confined", (int)confined->pid,
		supervisor->id);
	journal_send(&event);
}

static const char *right_of(const struct wire_denial *denial)
{
	const char *name = access_audit_name(denial->access);

	if (denial->action == WIRE_ACTION_OPEN)
		return name ? name : "";
	return denial->protocol == IPPROTO_TCP ? actions[denial->action].right : "";
}

/* Opening a file takes one of several calls: it is not told which. */
static char *syscall_of(const struct wire_denial *denial)
{
	if (denial->action == WIRE_ACTION_SYSCALL)
		return strdup(denial->object);
	if (denial->action == WIRE_ACTION_OPEN || denial->call >= SYSCALLS_MAX)
		return NULL;
	return syscall_name(SYSCALLS_NATIVE, denial->call);
}

/* Empty where it has none, as for a path. */
static const char *scheme_of(const struct wire_denial *denial, const char **ret_name)
{
	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++) {
		if (protocols[i].number != denial->protocol)
			continue;
		*ret_name = protocols[i].name;
		return protocols[i].scheme;
	}
	*ret_name = "";
	return "";
}

/* `verb`: "Denied", "Would deny" */
static void record_denial(const struct supervisor *supervisor, const struct wire_denial *denial,
	enum event_kind kind, const char *verb)
{
	_cleanup_free_ char *call = syscall_of(denial);
	const char *protocol, *scheme = scheme_of(denial, &protocol);
	struct event event;

	journal_begin(&event, kind, supervisor);
	event_add(&event, "ACTION", "%s", actions[denial->action].action);
	event_add(&event, "OBJECT", "%s", denial->object);
	event_add(&event, "PROTOCOL", "%s", protocol);
	event_add(&event, "RIGHT", "%s", right_of(denial));
	event_add(&event, "RULE", "%s", policy_set_rule_id(supervisor->set, denial->rule));
	event_add(&event, "ERRNO", "%d", denial->error);
	event_add(&event, "PID", "%d", denial->pid);
	event_add(&event, "EXE", "%s", denial->exe);
	event_add(&event, "COMM", "%s", denial->comm);
	event_add(&event, "SYSCALL", "%s", call ? call : "");
	event_message(&event, "%s %s %s%s for %s (pid %d%s%s)", verb, actions[denial->action].words,
		scheme, denial->object, supervisor->hello.user, denial->pid,
		denial->comm[0] ? ", " : "", denial->comm);
	journal_send(&event);
}

void record_denied(const struct supervisor *supervisor, const struct wire_denial *denial)
{
	record_denial(supervisor, denial, EVENT_DENIED_NETWORK, "Denied");
}

void record_would_deny(const struct supervisor *supervisor, const struct wire_denial *denial)
{
	record_denial(supervisor, denial, EVENT_WOULD_DENY, "Would deny");
}

void record_unwatched(const struct supervisor *supervisor, const char *where)
{
	struct event event;

	journal_begin(&event, EVENT_DEGRADED, supervisor);
	event_add(&event, "OBJECT", "%s", where);
	event_add(&event, "RULE", "-");
	event_message(&event, "Files are not watched in complain mode: %s", where);
	journal_send(&event);
}

void record_suppressed(const struct supervisor *supervisor, uint64_t count)
{
	struct event event;

	journal_begin(&event, EVENT_SUPPRESSED, supervisor);
	event_add(&event, "SUPPRESSED", "%llu", (unsigned long long)count);
	event_message(&event, "%llu denials of %s were not recorded one by one",
		(unsigned long long)count, supervisor->hello.user);
	journal_send(&event);
}

void record_failed(const struct supervisor *supervisor, const char *what, int error)
{
	struct event event;

	journal_begin(&event, EVENT_SUPERVISOR_FAILED, supervisor);
	event_add(&event, "ERRNO", "%d", -error);
	event_message(&event, "Session %.8s of %s: %s: %s", supervisor->id, supervisor->hello.user,
		what, strerror(-error));
	journal_send(&event);
}
