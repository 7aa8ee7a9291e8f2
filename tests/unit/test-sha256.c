/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "sha256.h"

static void check(const uint8_t hash[SHA256_SIZE], const char *expected)
{
	char text[2 * SHA256_SIZE + 1];

	for (size_t i = 0; i < SHA256_SIZE; i++)
		snprintf(text + 2 * i, 3, "%02x", hash[i]);
	assert_string_equal(text, expected);
}

/* The examples that NIST publishes beside FIPS 180-4. */
static void test_vectors(void **state)
{
	static const struct {
		const char *text, *hash;
	} rows[] = {
		{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
		{"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
		 "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
			"cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t hash[SHA256_SIZE];
		struct sha256 sha256;

		sha256_init(&sha256);
		sha256_add(&sha256, rows[i].text, strlen(rows[i].text));
		sha256_finish(&sha256, hash);
		check(hash, rows[i].hash);
	}
}

/* A million times "a", in pieces of every length up to 200. */
static void test_million(void **state)
{
	uint8_t hash[SHA256_SIZE];
	struct sha256 sha256;
	char piece[200];
	size_t left = 1000000, n = 0;

	(void)state;
	memset(piece, 'a', sizeof(piece));
	sha256_init(&sha256);
	while (left > 0) {
		n = n % sizeof(piece) + 1;
		n = n < left ? n : left;
		sha256_add(&sha256, piece, n);
		left -= n;
	}
	sha256_finish(&sha256, hash);
	check(hash, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_million),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
