/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of events and the making of records. Sends nothing. */

#include "event.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "cleanup.h"
#include "str.h"

const struct event_type event_types[EVENT_KINDS] = {
	[EVENT_SESSION_OPEN] = {"session-open", "9e46d8d3308d45e0a0b5ac2c5024f9f8", LOG_INFO},
	[EVENT_SESSION_CLOSE] = {"session-close", "f91c731ea69845ae8bb374c46ad612bc", LOG_INFO},
	[EVENT_SESSION_REFUSED] = {"session-refused", "80d3f9acfba94f63ba74e7ea78d5e14b", LOG_ERR},
	[EVENT_DENIED_FILESYSTEM] = {"denied-filesystem", "44fc3fc5b72c47d8b6fe0077bfb94eda",
		LOG_NOTICE},
	[EVENT_DENIED_NETWORK] = {"denied-network", "495201f75ee04d52b48e983cb1a6ad0f", LOG_NOTICE},
	[EVENT_DENIED_SYSCALL] = {"denied-syscall", "f14411c3b3054b9190990bebfceabe54", LOG_NOTICE},
	[EVENT_WOULD_DENY] = {"would-deny", "304b1598574940e49b871ad76ff061dd", LOG_NOTICE},
	[EVENT_SUPPRESSED] = {"suppressed", "d5f8e9a2a0f242508520d95bd50d16e1", LOG_WARNING},
	[EVENT_DEGRADED] = {"degraded", "c885b038ba9f4872808348092029a22a", LOG_WARNING},
	[EVENT_SUPERVISOR_FAILED] = {"supervisor-failed", "9efdd2c5483c459e916d4edb1deaf999",
		LOG_CRIT},
};

const struct event_type *event_type_by_message_id(const char *message_id)
{
	for (size_t i = 0; i < EVENT_KINDS; i++)
		if (strcmp(event_types[i].message_id, message_id) == 0)
			return &event_types[i];
	return NULL;
}

const struct event_type *event_type_by_name(const char *name)
{
	for (size_t i = 0; i < EVENT_KINDS; i++)
		if (strcmp(event_types[i].name, name) == 0)
			return &event_types[i];
	return NULL;
}

static void add_field(struct event *event, const char *prefix, const char *key, const char *value)
{
	_cleanup_str_ struct str field = STR_INIT;
	char *text;

	if (event->n_fields >= EVENT_FIELDS_MAX) {
		event->failed = 1;
		return;
	}
	str_addf(&field, "%s%s=", prefix, key);
	str_add_escaped(&field, value, strlen(value));
	text = str_take(&field);
	if (text)
		event->fields[event->n_fields++] = text;
	else
		event->failed = 1;
}

__attribute__((format(printf, 4, 0))) static void add_formatted(struct event *event,
	const char *prefix, const char *key, const char *format, va_list arguments)
{
	_cleanup_free_ char *value = NULL;

	if (vasprintf(&value, format, arguments) < 0) {
		value = NULL;
		event->failed = 1;
		return;
	}
	if (*value)
		add_field(event, prefix, key, value);
}

static void add_number(struct event *event, const char *key, int value)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", value);
	add_field(event, "", key, number);
}

static void add_common(struct event *event, int priority)
{
	add_number(event, "PRIORITY", priority);
	add_field(event, "", "SYSLOG_IDENTIFIER", EVENT_IDENTIFIER);
	add_number(event, "SYSLOG_FACILITY", LOG_FAC(LOG_AUTHPRIV));
}

void event_begin(struct event *event, enum event_kind kind)
{
	const struct event_type *type = &event_types[kind];

	*event = (struct event){.kind = kind};
	add_field(event, "", "MESSAGE_ID", type->message_id);
	add_common(event, type->priority);
	add_field(event, EVENT_FIELD_PREFIX, "EVENT", type->name);
}

void event_begin_plain(struct event *event)
{
	*event = (struct event){.kind = EVENT_KINDS};
	add_common(event, LOG_INFO);
}

void event_add(struct event *event, const char *key, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add_formatted(event, EVENT_FIELD_PREFIX, key, format, arguments);
	va_end(arguments);
}

void event_message(struct event *event, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add_formatted(event, "", "MESSAGE", format, arguments);
	va_end(arguments);
}

void event_done(struct event *event)
{
	for (size_t i = 0; i < event->n_fields; i++)
		free(event->fields[i]);
	*event = (struct event){0};
}
