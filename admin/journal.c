/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Reads the journal with sd-journal(3). libsystemd is loaded only when a command needs it: linked,
 * it would cost every `sandlock-admin check` more than the check itself.
 */

#include "journal.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-journal.h>

#include "cleanup.h"
#include "fd.h"
#include "journal-access.h"
#include "str.h"

#define LIBRARY "libsystemd.so.0"

/* The functions in use. One row each below; a missing one is a library too old. */
struct api {
	__typeof__(&sd_journal_open) open;
	__typeof__(&sd_journal_open_directory) open_directory;
	__typeof__(&sd_journal_close) close;
	__typeof__(&sd_journal_add_match) add_match;
	__typeof__(&sd_journal_add_disjunction) add_disjunction;
	__typeof__(&sd_journal_flush_matches) flush_matches;
	__typeof__(&sd_journal_seek_head) seek_head;
	__typeof__(&sd_journal_seek_tail) seek_tail;
	__typeof__(&sd_journal_seek_realtime_usec) seek_realtime_usec;
	__typeof__(&sd_journal_next) next;
	__typeof__(&sd_journal_previous) previous;
	__typeof__(&sd_journal_wait) wait;
	__typeof__(&sd_journal_get_realtime_usec) get_realtime_usec;
	__typeof__(&sd_journal_get_data) get_data;
	__typeof__(&sd_journal_restart_data) restart_data;
	__typeof__(&sd_journal_enumerate_available_data) enumerate_data;
};

#define ROW(member, symbol)                                                                        \
	{                                                                                          \
		symbol, offsetof(struct api, member)                                               \
	}
static const struct {
	const char *symbol;
	size_t offset;
} symbols[] = {
	ROW(open, "sd_journal_open"), ROW(open_directory, "sd_journal_open_directory"),
	ROW(close, "sd_journal_close"), ROW(add_match, "sd_journal_add_match"),
	ROW(add_disjunction, "sd_journal_add_disjunction"),
	ROW(flush_matches, "sd_journal_flush_matches"), ROW(seek_head, "sd_journal_seek_head"),
	ROW(seek_tail, "sd_journal_seek_tail"),
	ROW(seek_realtime_usec, "sd_journal_seek_realtime_usec"), ROW(next, "sd_journal_next"),
	ROW(previous, "sd_journal_previous"), ROW(wait, "sd_journal_wait"),
	ROW(get_realtime_usec, "sd_journal_get_realtime_usec"),
	ROW(get_data, "sd_journal_get_data"), ROW(restart_data, "sd_journal_restart_data"),
	ROW(enumerate_data, "sd_journal_enumerate_available_data"), /* systemd 246 */
};

struct journal {
	struct api api;
	sd_journal *handle;
};

static bool load_library(struct admin *admin, struct api *api)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (!library) {
		admin_fail(admin, EXIT_LACKS, "the journal cannot be read: %s", dlerror());
		return false;
	}
	for (size_t i = 0; i < ARRAY_SIZE(symbols); i++) {
		void *symbol = dlsym(library, symbols[i].symbol);

		if (!symbol) {
			admin_fail(admin, EXIT_LACKS, "the journal cannot be read: %s", dlerror());
			return false;
		}
		memcpy((char *)api + symbols[i].offset, &symbol, sizeof(symbol));
	}
	return true;
}

bool journal_is_local(const struct journal_place *place)
{
	return !place->directory && !place->merge;
}

void journal_note_root(struct admin *admin, const struct journal_place *place)
{
	if (*admin->root && !place->directory)
		admin_note(admin, "--root is about users and policies; the journal is that of this "
				  "system, and --directory reads another");
}

static int open_handle(struct journal *journal, const struct journal_place *place)
{
	int flags = place->merge ? 0 : SD_JOURNAL_LOCAL_ONLY;

	if (place->directory)
		return journal->api.open_directory(&journal->handle, place->directory, 0);
	return journal->api.open(&journal->handle, flags);
}

struct journal *journal_open(struct admin *admin, const struct journal_place *place)
{
	struct journal *journal;
	int r;

	if (!journal_access(admin, place->directory))
		return NULL;
	journal = calloc(1, sizeof(*journal));
	if (!journal) {
		admin_out_of_memory(admin);
		return NULL;
	}
	if (!load_library(admin, &journal->api))
		return journal_free(journal);
	r = open_handle(journal, place);
	if (r < 0) {
		admin_fail(admin, EXIT_LACKS, "the journal cannot be opened: %s", strerror(-r));
		return journal_free(journal);
	}
	return journal;
}

struct journal *journal_free(struct journal *journal)
{
	if (!journal)
		return NULL;
	/* The library stays loaded: others may have come to depend on it, dlclose(3). */
	if (journal->handle)
		journal->api.close(journal->handle);
	free(journal);
	return NULL;
}

/* Matches of one field unite, of several intersect; and terms unite, sd_journal_add_match(3). */

static int add_match(struct journal *journal, const char *field, const char *value)
{
	_cleanup_free_ char *match = NULL;

	if (asprintf(&match, "%s=%s", field, value) < 0) {
		match = NULL;
		return -ENOMEM;
	}
	return journal->api.add_match(journal->handle, match, 0);
}

static int add_optional(struct journal *journal, const char *field, const char *value)
{
	return value ? add_match(journal, field, value) : 0;
}

static int add_number(struct journal *journal, const char *field, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	return add_match(journal, field, text);
}

static int add_origin(struct journal *journal, const struct journal_match *match)
{
	int r = add_match(journal, "_UID", "0");

	if (r >= 0)
		r = add_match(journal, "SYSLOG_IDENTIFIER", EVENT_IDENTIFIER);
	if (r >= 0)
		r = add_optional(journal, "_BOOT_ID", match->boot);
	if (r >= 0)
		r = add_optional(journal, "SANDLOCK_USER", match->user);
	if (r >= 0)
		r = add_optional(journal, "SANDLOCK_SESSION", match->id);
	return r;
}

/* Without a message id it is somebody's syslog line under our name, not an event. */
static int add_events(struct journal *journal, const struct journal_match *match)
{
	int r = add_origin(journal, match);

	for (int kind = 0; kind < EVENT_KINDS && r >= 0; kind++)
		if (match->kinds == 0 || (match->kinds & 1U << kind))
			r = add_match(journal, "MESSAGE_ID", event_types[kind].message_id);
	return r;
}

static int add_plain(struct journal *journal, const struct journal_match *match)
{
	int r = journal->api.add_disjunction(journal->handle);

	if (r >= 0)
		r = add_origin(journal, match);
	if (r >= 0)
		r = add_match(journal, "SANDLOCK_ACTION", match->action);
	return r;
}

static int add_audit(struct journal *journal, const struct journal_match *match)
{
	int r = journal->api.add_disjunction(journal->handle);

	if (r >= 0)
		r = add_match(journal, "_TRANSPORT", "audit");
	for (size_t i = 0; i < ARRAY_SIZE(match->audit) && match->audit[i] && r >= 0; i++)
		r = add_number(journal, "_AUDIT_TYPE", match->audit[i]);
	if (r >= 0)
		r = add_optional(journal, "_BOOT_ID", match->boot);
	if (r >= 0 && match->audit_id)
		r = add_number(journal, "_AUDIT_ID", match->audit_id);
	return r;
}

int journal_match(struct journal *journal, const struct journal_match *match)
{
	int r = 0;

	journal->api.flush_matches(journal->handle);
	if (!match->only_audit)
		r = add_events(journal, match);
	if (r >= 0 && match->action)
		r = add_plain(journal, match);
	if (r >= 0 && (match->only_audit || match->audit[0]))
		r = add_audit(journal, match);
	return r < 0 ? r : 0;
}

int journal_seek_start(struct journal *journal)
{
	return journal->api.seek_head(journal->handle);
}

int journal_seek_end(struct journal *journal)
{
	return journal->api.seek_tail(journal->handle);
}

int journal_seek_time(struct journal *journal, uint64_t when)
{
	return journal->api.seek_realtime_usec(journal->handle, when);
}

int journal_next(struct journal *journal)
{
	return journal->api.next(journal->handle);
}

int journal_previous(struct journal *journal)
{
	return journal->api.previous(journal->handle);
}

int journal_wait(struct journal *journal, uint64_t timeout)
{
	int r = journal->api.wait(journal->handle, timeout);

	return r < 0 ? r : 0;
}

int journal_time(struct journal *journal, uint64_t *ret)
{
	return journal->api.get_realtime_usec(journal->handle, ret);
}

char *journal_field(struct journal *journal, const char *name)
{
	size_t length = strlen(name) + 1, size;
	const void *data;

	if (journal->api.get_data(journal->handle, name, &data, &size) < 0 || size < length)
		return NULL;
	return strndup((const char *)data + length, size - length);
}

uint64_t journal_number(struct journal *journal, const char *name, uint64_t otherwise)
{
	_cleanup_free_ char *text = journal_field(journal, name);
	uint64_t number;

	if (!text || str_parse_number(text, strlen(text), UINT64_MAX, &number) < 0)
		return otherwise;
	return number;
}

int journal_each_field(
	struct journal *journal, const char *prefix, journal_field_fn *each, void *userdata)
{
	const void *data;
	size_t size;
	int r;

	journal->api.restart_data(journal->handle);
	while ((r = journal->api.enumerate_data(journal->handle, &data, &size)) > 0) {
		_cleanup_free_ char *field = strndup(data, size);
		char *equals = field ? strchr(field, '=') : NULL;

		if (!field)
			return -ENOMEM;
		if (!equals || strncmp(field, prefix, strlen(prefix)) != 0)
			continue;
		*equals = '\0';
		each(userdata, field, equals + 1);
	}
	return r;
}

/* 128 bits in hex, with or without dashes. */
static int read_id(const char *path, char ret[JOURNAL_ID_TEXT])
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	_cleanup_free_ char *text = NULL;
	size_t size, n = 0;
	int r;

	if (fd < 0)
		return -errno;
	r = fd_read_all(fd, 64, &text, &size);
	if (r < 0)
		return r;
	for (size_t i = 0; i < size && n < JOURNAL_ID_TEXT - 1; i++)
		if (text[i] != '-' && text[i] != '\n')
			ret[n++] = text[i];
	ret[n] = '\0';
	return n == JOURNAL_ID_TEXT - 1 ? 0 : -EINVAL;
}

int journal_this_boot(char ret[JOURNAL_ID_TEXT])
{
	return read_id("/proc/sys/kernel/random/boot_id", ret);
}

int journal_this_machine(char ret[JOURNAL_ID_TEXT])
{
	return read_id("/etc/machine-id", ret);
}
