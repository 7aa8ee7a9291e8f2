/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Puts one event together from the audit records that tell of it. */

#include "kernel-record.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>

#include "audit-text.h"
#include "str.h"
#include "syscalls.h"
#include "when.h"

/* What a right is about, by its spelling in audit records, security/landlock/audit.c. */
static const struct blocker {
	const char *prefix;
	enum event_kind kind;
	const char *action, *words;
} blockers[] = {
	{"fs.execute", EVENT_DENIED_FILESYSTEM, "execute", "execute"},
	{"fs.write_file", EVENT_DENIED_FILESYSTEM, "write", "write"},
	{"fs.read_file", EVENT_DENIED_FILESYSTEM, "read", "read"},
	{"fs.read_dir", EVENT_DENIED_FILESYSTEM, "list", "list"},
	{"fs.remove_", EVENT_DENIED_FILESYSTEM, "remove", "remove from"},
	{"fs.make_", EVENT_DENIED_FILESYSTEM, "create", "create in"},
	{"fs.refer", EVENT_DENIED_FILESYSTEM, "rename", "link or rename across"},
	{"fs.truncate", EVENT_DENIED_FILESYSTEM, "truncate", "truncate"},
	{"fs.ioctl_dev", EVENT_DENIED_FILESYSTEM, "ioctl", "control the device"},
	{"fs.resolve_unix", EVENT_DENIED_NETWORK, "connect", "connect to"},
	{"fs.change_topology", EVENT_DENIED_SYSCALL, "mount", "mount at"},
	{"fs.", EVENT_DENIED_FILESYSTEM, "open", "open"},
	{"net.bind_tcp", EVENT_DENIED_NETWORK, "bind", "bind to"},
	{"net.connect_tcp", EVENT_DENIED_NETWORK, "connect", "connect to"},
	{"net.", EVENT_DENIED_NETWORK, "connect", "use the network at"},
	{"scope.abstract_unix_socket", EVENT_DENIED_NETWORK, "connect", "connect to"},
	{"scope.signal", EVENT_DENIED_SYSCALL, "signal", "send a signal to"},
	{"ptrace", EVENT_DENIED_SYSCALL, "ptrace", "trace"},
	{"", EVENT_DENIED_SYSCALL, "?", "use"},
};

/* The record of the call, which shares the event's serial with the denial. Not always there. */
struct call {
	struct owner_actor actor;
	bool has_name, has_error;
	char *comm, *exe, *name;
	uint64_t error;
};

static void call_done(struct call *call)
{
	free(call->comm);
	free(call->exe);
	free(call->name);
}

static char *call_name(const char *message)
{
	uint64_t number, arch;

	if (audit_number(message, "syscall", 10, &number) < 0 || number > UINT32_MAX ||
		audit_number(message, "arch", 16, &arch) < 0 || arch > UINT32_MAX)
		return NULL;
	return syscall_name((uint32_t)arch, (unsigned)number);
}

static void read_actor(const char *message, struct owner_actor *ret)
{
	struct owner_actor actor = {.known = true};

	if (audit_number(message, "uid", 10, &actor.uid) == 0 &&
		audit_number(message, "ses", 10, &actor.audit_session) == 0 &&
		audit_number(message, "pid", 10, &actor.pid) == 0)
		*ret = actor;
}

static void read_call(const char *message, struct call *call)
{
	_cleanup_free_ char *exit_value = audit_word(message, "exit");
	uint64_t error;

	read_actor(message, &call->actor);
	call->comm = audit_text(message, "comm");
	call->exe = audit_text(message, "exe");
	call->name = call_name(message);
	if (exit_value && exit_value[0] == '-' &&
		str_parse_number(exit_value + 1, strlen(exit_value + 1), 4095, &error) == 0)
		call->error = error;
}

static int find_call(struct journal *calls, const char *boot, uint64_t serial, struct call *call)
{
	const struct journal_match match = {.boot = boot,
		.audit = {AUDIT_TYPE_SYSCALL},
		.audit_id = serial,
		.only_audit = true};
	int r = journal_match(calls, &match);

	if (r >= 0)
		r = journal_seek_start(calls);
	if (r >= 0)
		r = journal_next(calls);
	if (r > 0) {
		_cleanup_free_ char *message = journal_field(calls, "MESSAGE");

		if (message)
			read_call(message, call);
	}
	return r;
}

/* It is written when the call returns: for a moment it may not be there yet. */
#define CALL_FRESH    WHEN_SECOND
#define CALL_PATIENCE (WHEN_SECOND / 10)

static int await_call(
	struct journal *calls, const char *boot, uint64_t serial, uint64_t when, struct call *call)
{
	int r = find_call(calls, boot, serial, call);

	if (r != 0 || when + CALL_FRESH < when_now())
		return r;
	r = journal_wait(calls, CALL_PATIENCE);
	return r < 0 ? r : find_call(calls, boot, serial, call);
}

static const struct blocker *find_blocker(const char *right)
{
	const struct blocker *blocker = blockers;

	while (strncmp(right, blocker->prefix, strlen(blocker->prefix)) != 0)
		blocker++;
	return blocker;
}

/* "127.0.0.1:8088", a path, or a pid. */
static char *find_object(const char *message)
{
	static const char *const paths[] = {"path", "name", "opid"};
	_cleanup_free_ char *address = audit_word(message, "daddr");
	_cleanup_free_ char *port = audit_word(message, "dest");
	bool is_inet6;

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		char *path = audit_text(message, paths[i]);

		if (path)
			return path;
	}
	if (!port) {
		free(address);
		address = audit_word(message, "saddr");
		port = audit_word(message, "src");
	}
	if (!port)
		return NULL;
	is_inet6 = address && strchr(address, ':');
	return str_format("%s%s%s:%s", is_inet6 ? "[" : "", address ? address : "*",
		is_inet6 ? "]" : "", port);
}

static void add_owner(struct record *record, const struct owner *owner, bool several)
{
	record_add(record, "EVENT", event_types[record->kind].name);
	if (!several) {
		record_add(record, "SESSION", owner->session);
		record_add(record, "SERVICE", owner->service);
		record_add(record, "POLICIES", owner->policies);
		record_add(record, "POLICY_HASH", owner->policy_hash);
		record_add(record, "MODE", owner->mode);
	}
	record_add(record, "USER", owner->user);
	if (owner->uid != UINT64_MAX)
		record_add_number(record, "UID", owner->uid);
}

static void add_call(struct record *record, const struct call *call)
{
	if (call->actor.known)
		record_add_number(record, "PID", call->actor.pid);
	record_add(record, "EXE", call->exe);
	record_add(record, "COMM", call->comm);
	record_add(record, "SYSCALL", call->name);
	if (call->error)
		record_add_number(record, "ERRNO", call->error);
}

/* " for alice (pid 7, cat)" */
static char *whom(const struct owner *owner, const struct call *call)
{
	const char *user = owner->user ? owner->user : "?";

	if (!call->actor.known)
		return str_format(" for %s", user);
	return str_format(" for %s (pid %" PRIu64 ", %s)", user, call->actor.pid,
		call->comm ? call->comm : "?");
}

static void say(struct record *record, const char *verb, const char *words, const char *object,
	const struct owner *owner, const struct call *call)
{
	_cleanup_free_ char *by = whom(owner, call);
	_cleanup_free_ char *raw = str_format(
		"%s %s%s%s%s", verb, words, object ? " " : "", object ? object : "", by ? by : "");
	struct str text = STR_INIT;

	if (raw)
		str_add_escaped(&text, raw, strlen(raw));
	record->message = str_take(&text);
}

static void fill_denial(struct record *record, const char *message, const char *right,
	const struct owner *owner, const struct call *call)
{
	const struct blocker *blocker = find_blocker(right);
	_cleanup_free_ char *object = find_object(message);
	_cleanup_free_ char *domain = audit_word(message, "domain");

	record->kind = blocker->kind;
	add_owner(record, owner, false);
	record_add(record, "ACTION", blocker->action);
	record_add(record, "OBJECT", object);
	record_add(record, "RIGHT", right);
	record_add(record, "RULE", "-");
	add_call(record, call);
	record_add(record, "DOMAIN", domain);
	say(record, "Denied", blocker->words, object, owner, call);
}

static int make_denial(const struct kernel_records *records, const char *message, const char *boot,
	uint64_t serial, struct record *record)
{
	_cleanup_free_ char *right = audit_word(message, "blockers");
	_cleanup_(call_done) struct call call = {0};
	const struct owner *owner = NULL;
	uint64_t domain;
	int r;

	if (!right || audit_number(message, "domain", 16, &domain) < 0)
		return RECORD_E_NONE;
	r = await_call(records->calls, boot, serial, record->when, &call);
	if (r >= 0)
		r = owners_of_domain(
			records->owners, boot, domain, &call.actor, record->when, &owner);
	if (r < 0)
		return r;
	if (!owner)
		return RECORD_E_NONE;
	fill_denial(record, message, right, owner, &call);
	return 0;
}

static int make_seccomp(const struct kernel_records *records, const char *message, const char *boot,
	struct record *record)
{
	_cleanup_(call_done) struct call call = {0};
	const struct owner *owner = NULL;
	bool several = false;
	uint64_t code = 0;
	int r;

	read_call(message, &call);
	if (!call.actor.known)
		return RECORD_E_NONE;
	r = owners_of_process(records->owners, boot, &call.actor, record->when, &owner, &several);
	if (r < 0)
		return r;
	if (!owner)
		return RECORD_E_NONE;
	audit_number(message, "code", 16, &code);
	record->kind = EVENT_DENIED_SYSCALL;
	add_owner(record, owner, several);
	record_add(record, "ACTION", code == SECCOMP_RET_LOG ? RECORD_ACTION_LOG : "kill");
	record_add(record, "OBJECT", call.name);
	add_call(record, &call);
	say(record, code == SECCOMP_RET_LOG ? "Logged" : "Denied", "system call",
		call.name ? call.name : "?", owner, &call);
	return 0;
}

int kernel_record_make(
	const struct kernel_records *records, struct journal *journal, struct record *ret)
{
	_cleanup_free_ char *message = journal_field(journal, "MESSAGE");
	_cleanup_free_ char *boot = journal_field(journal, "_BOOT_ID");
	uint64_t type = journal_number(journal, "_AUDIT_TYPE", 0);
	uint64_t serial = journal_number(journal, "_AUDIT_ID", 0);
	struct record record = {.journal = journal, .made = true};
	int r = journal_time(journal, &record.when);

	if (r < 0)
		return r;
	if (!message || !boot || serial == 0)
		return RECORD_E_NONE;
	if (type == AUDIT_TYPE_LANDLOCK_ACCESS)
		r = make_denial(records, message, boot, serial, &record);
	else if (type == AUDIT_TYPE_SECCOMP)
		r = make_seccomp(records, message, boot, &record);
	else
		r = RECORD_E_NONE;
	if (r != 0) {
		record_done(&record);
		return r;
	}
	record_add_number(&record, "AUDIT_ID", serial);
	*ret = record;
	return 0;
}
