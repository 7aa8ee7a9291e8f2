/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* File rights: the table against the kernel's numbering, the masks of the keys, the parser. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "access.h"
#include "cleanup.h"

static void test_table_follows_the_kernel(void **state)
{
	assert_int_equal(n_access_rights, 17);
	for (size_t i = 0; i < n_access_rights; i++) {
		assert_int_equal(access_rights[i].bit, 1ULL << i);
		assert_string_equal(access_rights[i].audit + strlen("fs."), access_rights[i].name);
	}
}

static void test_rights_at_abi(void **state)
{
	static const struct {
		unsigned abi;
		uint64_t known;
	} rows[] = {
		{0, 0},
		{1, 0x1fff},
		{2, 0x3fff},
		{3, 0x7fff},
		{4, 0x7fff},
		{5, 0xffff},
		{8, 0xffff},
		{9, 0x1ffff},
		{11, 0x1ffff},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(access_at_abi(rows[i].abi), rows[i].known);
}

static void test_masks_of_the_keys(void **state)
{
	static const struct {
		uint64_t mask;
		const char *names;
	} rows[] = {
		{ACCESS_LIST, "read_dir"},
		{ACCESS_READ, "read_file,read_dir"},
		{ACCESS_EXECUTE, "read_file,read_dir,execute"},
		{ACCESS_WRITE, "read_file,read_dir,write_file,truncate,remove_dir,remove_file,"
			       "make_dir,make_reg,make_sock,make_fifo,make_sym,refer"},
		{ACCESS_WRITE_EXECUTE,
			"read_file,read_dir,write_file,truncate,remove_dir,remove_file,"
			"make_dir,make_reg,make_sock,make_fifo,make_sym,refer,execute"},
		{ACCESS_DEVICE, "read_file,read_dir,write_file,ioctl_dev"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t access = 0;
		size_t offset, length;

		assert_int_equal(access_parse(rows[i].names, strlen(rows[i].names), &access,
					 &offset, &length),
			0);
		assert_int_equal(access, rows[i].mask);
	}
	assert_int_equal(ACCESS_CHANGES | ACCESS_EXECUTE, access_at_abi(5));
	assert_int_equal(ACCESS_CHANGES & ACCESS_EXECUTE, 0);
}

static void test_rights_on_files(void **state)
{
	assert_int_equal(access_on_files(),
		LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
			LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_TRUNCATE |
			LANDLOCK_ACCESS_FS_IOCTL_DEV | LANDLOCK_ACCESS_FS_RESOLVE_UNIX);
}

static void test_parse_refuses(void **state)
{
	static const struct {
		const char *names;
		size_t offset, length;
	} rows[] = {
		{"", 0, 0},
		{"read", 0, 4},
		{"READ_FILE", 0, 9},
		{"read_file,", 10, 0},
		{",read_file", 0, 0},
		{"read_file,,refer", 10, 0},
		{"read_file, refer", 10, 6},
		{"read_file,make_sok,refer", 10, 8},
		{"fs.read_file", 0, 12},
		{"read_fil", 0, 8},
		{"read_files", 0, 10},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t access = 77;
		size_t offset = 99, length = 99;

		assert_int_equal(access_parse(rows[i].names, strlen(rows[i].names), &access,
					 &offset, &length),
			ACCESS_E_UNKNOWN);
		assert_int_equal(access, 77);
		assert_int_equal(offset, rows[i].offset);
		assert_int_equal(length, rows[i].length);
	}
}

static void test_parse_stops_at_length(void **state)
{
	uint64_t access = 0;
	size_t offset, length;

	assert_int_equal(access_parse("refer:/srv", strlen("refer"), &access, &offset, &length), 0);
	assert_int_equal(access, LANDLOCK_ACCESS_FS_REFER);
}

static void test_audit_names(void **state)
{
	assert_string_equal(access_audit_name(LANDLOCK_ACCESS_FS_WRITE_FILE), "fs.write_file");
	assert_string_equal(access_audit_name(LANDLOCK_ACCESS_FS_IOCTL_DEV), "fs.ioctl_dev");
	assert_null(access_audit_name(0));
	assert_null(access_audit_name(ACCESS_READ));
	assert_null(access_audit_name(1ULL << 63));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_follows_the_kernel),
		cmocka_unit_test(test_rights_at_abi),
		cmocka_unit_test(test_masks_of_the_keys),
		cmocka_unit_test(test_rights_on_files),
		cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test(test_parse_stops_at_length),
		cmocka_unit_test(test_audit_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
