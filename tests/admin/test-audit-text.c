/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The text of audit records: as the kernel writes it, and as somebody would like it to be read. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit-text.h"
#include "cleanup.h"

static void expect(const char *record, const char *key, const char *value)
{
	_cleanup_free_ char *text = audit_text(record, key);

	if (value)
		assert_string_equal(text, value);
	else
		assert_null(text);
}

static void test_text(void **state)
{
	static const char denial[] = "AUDIT1423 domain=110a780b5 blockers=fs.make_reg,fs.refer "
				     "path=\"/opt\" dev=\"tmpfs\" ino=1";

	expect(denial, "path", "/opt");
	expect(denial, "blockers", "fs.make_reg,fs.refer");
	expect(denial, "ino", "1");
	expect(denial, "AUDIT1423", NULL);
	expect(denial, "ath", NULL);
	expect(denial, "inode", NULL);
	expect("", "path", NULL);
	expect("path=", "path", "");
	expect("path=\"\"", "path", "");
	expect("x=1  path=\"/a\"", "path", "/a");
}

/* Names with blanks, quotes, controls and high bytes come in hex: they cannot pass for a key. */
static void test_hex(void **state)
{
	expect("path=2F7372762F61206220757365723D72", "path", "/srv/a b user=r");
	expect("path=2F7372762F61206220757365723D72", "user", NULL);
	expect("comm=631B5B33316D", "comm", "c\033[31m");
	expect("comm=abc", "comm", "abc");
	expect("tty=(none)", "tty", "(none)");
	expect("path=2F7", "path", "2F7");
	expect("path=\"2F61\"", "path", "2F61");
	expect("path=\"", "path", "\"");
}

/* What the kernel wrote as it is, it wrote without quotes, and never in hex. */
static void test_word(void **state)
{
	static const char record[] = "AUDIT1423 domain=110a780b blockers=net.bind_tcp src=8088";
	_cleanup_free_ char *domain = audit_word(record, "domain");
	_cleanup_free_ char *port = audit_word(record, "src");

	assert_string_equal(domain, "110a780b");
	assert_string_equal(port, "8088");
	assert_null(audit_word(record, "dest"));
}

static void expect_number(const char *record, int base, int r, uint64_t value)
{
	uint64_t number = 42;

	assert_int_equal(audit_number(record, "n", base, &number), r);
	assert_int_equal(number, r == 0 ? value : 42);
}

static void test_number(void **state)
{
	expect_number("n=17", 10, 0, 17);
	expect_number("n=110a780b5", 16, 0, 0x110a780b5);
	expect_number("n=0x7ffc0000", 16, 0, 0x7ffc0000);
	expect_number("n=18446744073709551615", 10, 0, UINT64_MAX);
	expect_number("n=18446744073709551616", 10, -EINVAL, 0);
	expect_number("n=-13", 10, -EINVAL, 0);
	expect_number("n=+13", 10, -EINVAL, 0);
	expect_number("n=1x", 10, -EINVAL, 0);
	expect_number("n=", 10, -EINVAL, 0);
	expect_number("n=\"1\"", 10, -EINVAL, 0);
	expect_number("m=1", 10, -ENOENT, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_hex),
		cmocka_unit_test(test_word),
		cmocka_unit_test(test_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
