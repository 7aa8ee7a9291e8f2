/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <syslog.h>

#include "cleanup.h"
#include "event.h"

/* Other programs, filters and catalogs know events by these: they are for ever. */
static const struct {
	enum event_kind kind;
	const char *name, *id;
	int priority;
} published[] = {
	{EVENT_SESSION_OPEN, "session-open", "9e46d8d3308d45e0a0b5ac2c5024f9f8", LOG_INFO},
	{EVENT_SESSION_CLOSE, "session-close", "f91c731ea69845ae8bb374c46ad612bc", LOG_INFO},
	{EVENT_SESSION_REFUSED, "session-refused", "80d3f9acfba94f63ba74e7ea78d5e14b", LOG_ERR},
	{EVENT_DENIED_FILESYSTEM, "denied-filesystem", "44fc3fc5b72c47d8b6fe0077bfb94eda",
		LOG_NOTICE},
	{EVENT_DENIED_NETWORK, "denied-network", "495201f75ee04d52b48e983cb1a6ad0f", LOG_NOTICE},
	{EVENT_DENIED_SYSCALL, "denied-syscall", "f14411c3b3054b9190990bebfceabe54", LOG_NOTICE},
	{EVENT_WOULD_DENY, "would-deny", "304b1598574940e49b871ad76ff061dd", LOG_NOTICE},
	{EVENT_SUPPRESSED, "suppressed", "d5f8e9a2a0f242508520d95bd50d16e1", LOG_WARNING},
	{EVENT_DEGRADED, "degraded", "c885b038ba9f4872808348092029a22a", LOG_WARNING},
	{EVENT_SUPERVISOR_FAILED, "supervisor-failed", "9efdd2c5483c459e916d4edb1deaf999",
		LOG_CRIT},
};

static void test_published(void **state)
{
	assert_int_equal(ARRAY_SIZE(published), EVENT_KINDS);
	for (size_t i = 0; i < ARRAY_SIZE(published); i++) {
		const struct event_type *type = &event_types[published[i].kind];

		assert_string_equal(type->name, published[i].name);
		assert_string_equal(type->message_id, published[i].id);
		assert_int_equal(type->priority, published[i].priority);
		assert_ptr_equal(event_type_by_name(published[i].name), type);
		assert_ptr_equal(event_type_by_message_id(published[i].id), type);
	}
}

static void test_unknown(void **state)
{
	assert_null(event_type_by_name("session"));
	assert_null(event_type_by_name(""));
	assert_null(event_type_by_message_id("9e46d8d3308d45e0a0b5ac2c5024f9f"));
	assert_null(event_type_by_message_id("9E46D8D3308D45E0A0B5AC2C5024F9F8"));
}

static void test_begin(void **state)
{
	static const char *const fields[] = {
		"MESSAGE_ID=495201f75ee04d52b48e983cb1a6ad0f",
		"PRIORITY=5",
		"SYSLOG_IDENTIFIER=sandlock",
		"SYSLOG_FACILITY=10",
		"SANDLOCK_EVENT=denied-network",
	};
	struct event event;

	event_begin(&event, EVENT_DENIED_NETWORK);
	assert_int_equal(event.n_fields, ARRAY_SIZE(fields));
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		assert_string_equal(event.fields[i], fields[i]);
	assert_false(event.failed);
	event_done(&event);
	assert_int_equal(event.n_fields, 0);
}

/* A field cannot end its record, start another one, or steer the terminal it is read on. */
static void test_escapes(void **state)
{
	static const struct {
		const char *value, *field;
	} rows[] = {
		{"plain", "SANDLOCK_OBJECT=plain"},
		{"two words = one", "SANDLOCK_OBJECT=two words = one"},
		{"a\nSANDLOCK_USER=root", "SANDLOCK_OBJECT=a\\x0aSANDLOCK_USER=root"},
		{"a\r\tb\x7f", "SANDLOCK_OBJECT=a\\x0d\\x09b\\x7f"},
		{"\033]0;title\007", "SANDLOCK_OBJECT=\\x1b]0;title\\x07"},
		{"back\\slash", "SANDLOCK_OBJECT=back\\x5cslash"},
		{"gr\xc3\xbc\xc3\x9f", "SANDLOCK_OBJECT=gr\xc3\xbc\xc3\x9f"},
		{"\xc2\x9b", "SANDLOCK_OBJECT=\\xc2\\x9b"},          /* C1: CSI */
		{"\xe2\x80\xae", "SANDLOCK_OBJECT=\\xe2\\x80\\xae"}, /* right to left */
		{"\xff\xfe", "SANDLOCK_OBJECT=\\xff\\xfe"},          /* no UTF-8 */
		{"\xc3", "SANDLOCK_OBJECT=\\xc3"},                   /* cut short */
		{"\xc0\xaf", "SANDLOCK_OBJECT=\\xc0\\xaf"},          /* overlong */
		{"\xed\xa0\x80", "SANDLOCK_OBJECT=\\xed\\xa0\\x80"}, /* surrogate */
		{"\xf0\x9f\x98\x80", "SANDLOCK_OBJECT=\xf0\x9f\x98\x80"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct event event = {0};

		event_add(&event, "OBJECT", "%s", rows[i].value);
		assert_int_equal(event.n_fields, 1);
		assert_string_equal(event.fields[0], rows[i].field);
		event_done(&event);
	}
}

static void test_formats(void **state)
{
	struct event event = {0};

	event_add(&event, "PID", "%d", -5);
	event_add(&event, "TTY", "%s", "");
	event_message(&event, "%s of %s\n", "Session", "a\nb");
	assert_int_equal(event.n_fields, 2); /* the empty one is left out */
	assert_string_equal(event.fields[0], "SANDLOCK_PID=-5");
	assert_string_equal(event.fields[1], "MESSAGE=Session of a\\x0ab\\x0a");
	assert_false(event.failed);
	event_done(&event);
}

static void test_full(void **state)
{
	struct event event = {0};

	for (int i = 0; i < EVENT_FIELDS_MAX; i++)
		event_add(&event, "PID", "%d", i);
	assert_int_equal(event.n_fields, EVENT_FIELDS_MAX);
	assert_false(event.failed);
	event_add(&event, "PID", "one too many");
	assert_int_equal(event.n_fields, EVENT_FIELDS_MAX);
	assert_true(event.failed);
	assert_string_equal(event.fields[EVENT_FIELDS_MAX - 1], "SANDLOCK_PID=39");
	event_done(&event);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_begin),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
