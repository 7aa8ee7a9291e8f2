/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a shell needs, in a root of our own; and what `check` makes of it under a policy. */

#include "policy-root.h"

#include <fcntl.h>
#include <link.h>
#include <sys/sendfile.h>

#include "access.h"
#include "elf-file.h"
#include "fd.h"
#include "login-shell.h"
#include "path-resolve.h"
#include "policy-judge.h"

#define START (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE)

/* `file` beneath the root. */
static void put_at(const char *file, const char *text)
{
	_cleanup_free_ char *path = str_format("../..%s", file);

	put(path, text);
}

static void put_link(const char *from, const char *to)
{
	_cleanup_free_ char *path = str_format("%s%s", root, from);

	assert_int_equal(symlink(to, path), 0);
}

/* This program, which has a loader and a C library. */
static void put_program(const char *file)
{
	_cleanup_free_ char *path = str_format("%s%s", root, file), *bytes = NULL;
	_cleanup_close_ int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	_cleanup_close_ int out = -1;
	size_t size;

	put_at(file, "");
	out = open(path, O_WRONLY | O_CLOEXEC);
	assert_int_equal(fd_read_all(fd, SIZE_MAX / 2, &bytes, &size), 0);
	assert_int_equal(fd_write_all(out, bytes, size), 0);
}

static void expect_needs(const char *program, int error, const char *expected)
{
	_cleanup_str_ struct str found = STR_INIT;
	struct shell_needs needs = {0};

	assert_int_equal(shell_needs_find(root, program, &needs), error);
	for (size_t i = 0; i < needs.n_needs; i++)
		str_addf(&found, "%s%s\n", needs.needs[i].access == START ? "x " : "r ",
			needs.needs[i].path);
	assert_string_equal(found.text ? found.text : "", expected);
	shell_needs_done(&needs);
}

static void test_scripts(void **state)
{
	(void)state;
	put_at("/usr/bin/real", "no program at all");
	put_link("/bin", "usr/bin");
	put_link("/usr/bin/sh", "/bin/real");
	put_at("/opt/shell", "#! /bin/sh -x\n");
	put_at("/opt/again", "#!/opt/again\n");
	put_at("/opt/lost", "#!/nowhere\n");
	expect_needs("/bin/sh", 0, "x /usr/bin/real\n");
	expect_needs("/opt/shell", 0, "x /opt/shell\nx /usr/bin/real\n");
	expect_needs("/opt/again", 0, "x /opt/again\n");
	expect_needs("/opt/lost", 0, "x /opt/lost\n");
	expect_needs("/bin/bash", -ENOENT, "");
}

static void test_resolve(void **state)
{
	char *path;

	(void)state;
	put_at("/a/b/file", "");
	put_link("/a/up", "../a/./b");
	put_link("/a/out", "../../../../a");
	put_link("/a/round", "/a/round");
	assert_int_equal(path_resolve(root, "/a/up/../out//b/file/", &path), 0);
	assert_string_equal(path, "/a/b/file");
	free(path);
	assert_int_equal(path_resolve(root, "/..", &path), 0);
	assert_string_equal(path, "/");
	free(path);
	assert_int_equal(path_resolve(root, "/a/round/x", &path), -ELOOP);
	assert_int_equal(path_resolve(root, "/a/none", &path), -ENOENT);
	assert_int_equal(path_resolve(root, "/a/b/file/x", &path), -ENOTDIR);
}

/* The loader and the libraries of this program, as the dynamic linker itself tells. */
static int has_library(struct dl_phdr_info *info, size_t size, void *userdata)
{
	const struct shell_needs *needs = userdata;
	const char *preloaded = getenv("LD_PRELOAD");
	char *path;

	(void)size;
	/* What was preloaded the program does not name: valgrind's own, for one. */
	if (preloaded && strstr(preloaded, info->dlpi_name))
		return 0;
	if (info->dlpi_name[0] != '/' || path_resolve("", info->dlpi_name, &path) < 0)
		return 0;
	for (size_t i = 0; i < needs->n_needs; i++)
		if (strcmp(needs->needs[i].path, path) == 0) {
			free(path);
			return 0;
		}
	print_error("%s is not found\n", path);
	free(path);
	return 1;
}

static void test_program(void **state)
{
	struct shell_needs needs = {0};

	(void)state;
	assert_int_equal(shell_needs_find("", "/proc/self/exe", &needs), 0);
	assert_true(needs.n_needs >= 3);
	assert_int_equal(dl_iterate_phdr(has_library, &needs), 0);
	shell_needs_done(&needs);
}

/* Half a program is read as far as it goes, and never beyond its end. */
static void test_broken_programs(void **state)
{
	_cleanup_free_ char *path = str_format("%s/program", root);
	struct elf_file elf;

	(void)state;
	put_program("/program");
	assert_int_equal(elf_file_read(path, &elf), 0);
	assert_non_null(elf.interpreter);
	assert_true(elf.n_needed >= 1);
	elf_file_done(&elf);
	for (off_t size = 4000; size >= 0; size -= 37) {
		assert_int_equal(truncate(path, size), 0);
		if (elf_file_read(path, &elf) == 0)
			elf_file_done(&elf);
	}
	assert_int_equal(elf_file_read(path, &elf), ELF_E_OTHER);
}

static void expect_ids(const char *policy, const char *expected)
{
	_cleanup_(diag_list_done) struct diag_list diags = DIAG_LIST_INIT;
	_cleanup_free_ char *path = path_of("users/alice.ini");
	_cleanup_str_ struct str found = STR_INIT;

	put("users/alice.ini", policy);
	assert_int_equal(policy_check_file(&dirs, path, &diags), 0);
	for (size_t i = 0; i < diags.n_items; i++)
		str_addf(&found, "%s%s", i ? " " : "", diags.items[i].id);
	assert_string_equal(found.text ? found.text : "", expected);
}

/* By the user's own shell and home, with links on both sides of the comparison. */
static void test_policy(void **state)
{
	(void)state;
	dirs.any_owner = true;
	put("../passwd", "alice:x:1000:100::/home/alice:/opt/shell\n");
	put_at("/usr/bin/real", "");
	put_link("/bin", "usr/bin");
	put_at("/opt/shell", "#!/bin/real\n");
	put_at("/home/alice/.profile", "");
	expect_ids("[filesystem]\nexecute = /bin\n", "shell-cannot-start");
	expect_ids("[filesystem]\nexecute = %s\n", "shell-cannot-start");
	expect_ids("[filesystem]\nexecute = %s\nread = /usr\n", "shell-cannot-start");
	expect_ids(
		"[filesystem]\nexecute = %s /bin\n", "shell-without-terminal shell-without-home");
	expect_ids("[filesystem]\nexecute = /opt /usr\nread = /home\ndevice = -/dev\n", "");
	expect_ids("[filesystem]\nexecute = /opt /usr\nlist = %h\ndevice = -/dev/tty -/dev/pts\n",
		"shell-without-home");
	expect_ids("[ipc]\nsignal = session\n", "");
	/* A home without .ssh, and then with it. */
	expect_ids("[filesystem]\nexecute = /opt /usr\nwrite-execute = %h\ndevice = -/dev\n"
		   "[lint]\naccept.missing-path = -\n",
		"persistence");
	put_at("/home/alice/.ssh/id", "");
	expect_ids("[filesystem]\nexecute = /opt /usr\nwrite-execute = %h\ndevice = -/dev\n",
		"persistence home-write-execute");
	put("../passwd", "alice:x:1000:100::/home/alice:/usr/sbin/nologin\n");
	expect_ids(
		"[filesystem]\nread = /srv/x\n[lint]\naccept.missing-path = -\n", "missing-path");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_scripts, setup),
		cmocka_unit_test_setup(test_resolve, setup),
		cmocka_unit_test(test_program),
		cmocka_unit_test_setup(test_broken_programs, setup),
		cmocka_unit_test_setup(test_policy, setup),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
