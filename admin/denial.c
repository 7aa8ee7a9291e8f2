/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads the fields of an event. Pure but for them. */

#include "denial.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "access.h"
#include "str.h"

/* Bytes that the journal's text has as \xHH. */
static char *unescape(const char *text)
{
	char *raw = strdup(text);
	char *out = raw;

	for (const char *p = text; raw && *p;) {
		unsigned value;

		if (p[0] == '\\' && p[1] == 'x' && isxdigit((unsigned char)p[2]) &&
			sscanf(p + 2, "%2x", &value) == 1 && isxdigit((unsigned char)p[3])) {
			*out++ = (char)value;
			p += 4;
		} else {
			*out++ = *p++;
		}
	}
	if (raw)
		*out = '\0';
	return raw;
}

/* "fs.write_file,fs.truncate" */
static uint64_t read_rights(const char *text)
{
	uint64_t rights = 0;

	for (const char *p = text; p && *p; p += strspn(p, ",")) {
		size_t n = strcspn(p, ",");

		for (size_t i = 0; i < n_access_rights; i++)
			if (str_equal(p, n, access_rights[i].audit))
				rights |= access_rights[i].bit;
		p += n;
	}
	return rights;
}

static bool has(const char *text, const char *word)
{
	return text && strstr(text, word);
}

/* A port alone is what a listener wants. */
static char *port_of(const char *object)
{
	const char *colon = strrchr(object, ':');

	return strdup(colon ? colon + 1 : object);
}

/* The record has no protocol but for TCP, where it has the right. */
static char *endpoint_of(const char *object, const char *right)
{
	const char *colon = strrchr(object, ':');

	if (right)
		return strdup(object);
	if (colon && strcmp(colon, ":0") == 0)
		return str_format("icmp://%.*s", (int)(colon - object), object);
	return str_format("udp://%s", object);
}

static enum denial_what network_kind(const char *object, const char *action, const char *right)
{
	if (object[0] == '/')
		return DENIAL_SOCKET;
	if (object[0] == '@' || has(right, "scope.abstract"))
		return DENIAL_ABSTRACT;
	if (has(right, "net.bind_tcp") || (action && strcmp(action, "listen") == 0))
		return DENIAL_PORT;
	return DENIAL_ADDRESS;
}

static void take_network(struct denial *denial, char *object, const char *action, const char *right)
{
	denial->what = network_kind(object, action, right);
	if (denial->what == DENIAL_PORT)
		denial->object = port_of(object);
	else if (denial->what == DENIAL_ADDRESS)
		denial->object = endpoint_of(object, right);
	else
		denial->object = strdup(object);
}

static void take_call(struct denial *denial, const struct record *record, const char *right)
{
	denial->what = has(right, "scope.signal") ? DENIAL_SIGNAL
		       : right                    ? DENIAL_OTHER
						  : DENIAL_CALL;
	denial->object = record_field(record, "SYSCALL");
}

/* One that would be denied says by its fields what it is. */
static enum event_kind kind_of(
	const struct record *record, const char *object, const char *action, const char *right)
{
	if (record->kind != EVENT_WOULD_DENY)
		return record->kind;
	if (has(right, "fs."))
		return EVENT_DENIED_FILESYSTEM;
	/* Its object is the call's name. */
	if (action && strcmp(action, "syscall") == 0)
		return EVENT_DENIED_SYSCALL;
	return object ? EVENT_DENIED_NETWORK : EVENT_DENIED_SYSCALL;
}

int denial_of(const struct record *record, struct denial *ret)
{
	_cleanup_free_ char *escaped = record_field(record, "OBJECT");
	_cleanup_free_ char *object = escaped ? unescape(escaped) : NULL;
	_cleanup_free_ char *action = record_field(record, "ACTION");
	_cleanup_free_ char *right = record_field(record, "RIGHT");
	struct denial denial = {.what = DENIAL_OTHER};

	switch (kind_of(record, object, action, right)) {
	case EVENT_DENIED_FILESYSTEM:
		denial.rights = read_rights(right);
		if (denial.rights && object)
			denial.what = DENIAL_PATH;
		denial.object = take_ptr(object);
		break;
	case EVENT_DENIED_NETWORK:
		if (object)
			take_network(&denial, object, action, right);
		break;
	case EVENT_DENIED_SYSCALL:
		take_call(&denial, record, right);
		break;
	default:
		return DENIAL_E_NONE;
	}
	if (!denial.object)
		denial.what = DENIAL_OTHER;
	*ret = denial;
	return 0;
}

void denial_done(struct denial *denial)
{
	free(denial->object);
	*denial = (struct denial){0};
}
