/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which symlinks a policy's path may go through. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "path-pin.h"

#define SOMEBODY 54321

static char scratch[] = "/tmp/sandlock-test-XXXXXX";

static void make_dir(const char *name, uid_t owner, mode_t mode)
{
	assert_int_equal(mkdir(name, 0700), 0);
	assert_int_equal(chown(name, owner, owner), 0);
	assert_int_equal(chmod(name, mode), 0);
}

static void make_link(const char *target, const char *name, uid_t owner)
{
	assert_int_equal(symlink(target, name), 0);
	assert_int_equal(lchown(name, owner, owner), 0);
}

static int setup(void **state)
{
	static const struct {
		const char *name;
		uid_t owner;
		mode_t mode;
	} dirs[] = {
		{"target", 0, 0755},
		{"target/below", 0, 0755},
		{"mine", 0, 0755},
		{"theirs", SOMEBODY, 0755},
		{"shared", 0, 0777},
		{"sticky", 0, 01777},
	};
	char absolute[128];

	assert_non_null(mkdtemp(scratch));
	assert_int_equal(chdir(scratch), 0);
	assert_int_equal(symlink("/", "top"), 0);
	if (geteuid() != 0)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		make_dir(dirs[i].name, dirs[i].owner, dirs[i].mode);
	snprintf(absolute, sizeof(absolute), "%s/target", scratch);
	make_link("../target", "mine/link", 0);
	make_link(absolute, "mine/absolute", 0);
	make_link("link", "mine/chain", 0);
	make_link("loop", "mine/loop", 0);
	make_link("../theirs/link", "mine/through", 0);
	make_link("nowhere", "mine/dangling", 0);
	make_link("../target", "mine/foreign", SOMEBODY);
	make_link("../target", "theirs/link", SOMEBODY);
	make_link("../target", "theirs/roots", 0);
	make_link("../target", "shared/roots", 0);
	make_link("../target", "sticky/roots", 0);
	make_link("../target", "sticky/theirs", SOMEBODY);
	assert_int_equal(mknod("target/fifo", S_IFIFO | 0600, 0), 0);
	return 0;
}

static int teardown(void **state)
{
	static const char *const names[] = {"mine/link", "mine/absolute", "mine/chain", "mine/loop",
		"mine/through", "mine/dangling", "mine/foreign", "theirs/link", "theirs/roots",
		"shared/roots", "sticky/roots", "sticky/theirs", "target/fifo", "target/below",
		"target", "mine", "theirs", "shared", "sticky", "top"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		remove(names[i]);
	return rmdir(scratch);
}

static void test_links(void **state)
{
	static const struct {
		const char *path;
		int error;
		const char *is; /* the same file as */
	} rows[] = {
		{"target", 0, "target"},
		{"target/", 0, "target"},
		{"target//below", 0, "target/below"},
		{"target/fifo", 0, "target/fifo"},
		{"mine/link", 0, "target"},
		{"mine/link/below", 0, "target/below"},
		{"mine/absolute/below", 0, "target/below"},
		{"mine/chain", 0, "target"},
		{"sticky/roots", 0, "target"},
		{"mine/loop", -ELOOP, NULL},
		{"mine/through", -ELOOP, NULL},
		{"mine/foreign", -ELOOP, NULL},
		{"theirs/link", -ELOOP, NULL},
		{"theirs/link/below", -ELOOP, NULL},
		{"theirs/roots", -ELOOP, NULL},
		{"shared/roots", -ELOOP, NULL},
		{"sticky/theirs", -ELOOP, NULL},
		{"mine/dangling", -ENOENT, NULL},
		{"mine/link/absent", -ENOENT, NULL},
		{"absent", -ENOENT, NULL},
		{"target/fifo/below", -ENOTDIR, NULL},
		{"mine/link/fifo/below", -ENOTDIR, NULL},
	};

	if (geteuid() != 0) {
		print_message("needs root, to make what others own\n");
		skip();
	}
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_close_ int fd = -1;
		struct stat got, expected;
		char path[256];
		int r;

		snprintf(path, sizeof(path), "%s/%s", scratch, rows[i].path);
		r = path_pin(path, &fd);
		if (r != rows[i].error)
			fail_msg("%s: %s", rows[i].path, strerror(-r));
		if (r < 0) {
			assert_int_equal(fd, -1);
			continue;
		}
		assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
		assert_true(fcntl(fd, F_GETFL) & O_PATH);
		assert_int_equal(fstat(fd, &got), 0);
		assert_int_equal(stat(rows[i].is, &expected), 0);
		assert_true(got.st_ino == expected.st_ino && got.st_dev == expected.st_dev);
	}
}

static void test_odd_paths(void **state)
{
	char longest[5000], name[400];
	int fd = -1;

	memset(longest, 'x', sizeof(longest));
	longest[0] = '/';
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(path_pin(longest, &fd), -ENAMETOOLONG);
	/* A long name behind a link, so that it is the walk that meets it. */
	snprintf(name, sizeof(name), "%s/top/tmp/%0300d", scratch, 0);
	assert_int_equal(path_pin(name, &fd), -ENAMETOOLONG);
	assert_int_equal(path_pin("relative", &fd), -EINVAL);
	assert_int_equal(path_pin("", &fd), -EINVAL);
	assert_int_equal(fd, -1);
	assert_int_equal(path_pin("/", &fd), 0);
	close(fd);
}

/* A magic link is no link to the walk: the text of it is looked up, and leads nowhere. */
static void test_magic_link(void **state)
{
	int pipes[2], fd = -1;
	char path[64];

	assert_int_equal(pipe(pipes), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", pipes[0]);
	assert_int_equal(path_pin(path, &fd), -ENOENT);
	close(pipes[0]);
	close(pipes[1]);
}

/* The lookup says of everything what fstat(2) says, with links in its way and without. */
static void test_kinds(void **state)
{
	static const struct {
		const char *folder, *path;
	} rows[] = {
		{"", "/"},
		{"", "/etc"},
		{"", "/etc/passwd"},
		{"", "/dev/null"},
		{"", "/bin"},
		{"", "/bin/sh"},
		{scratch, ""},
		{scratch, "/top"},
		{scratch, "/top/etc"},
		{scratch, "/top/etc/passwd"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_close_ int fd = -1;
		bool is_folder = false;
		char path[128];
		struct stat st;

		snprintf(path, sizeof(path), "%s%s", rows[i].folder, rows[i].path);
		assert_int_equal(path_pin_kind(path, &fd, &is_folder), 0);
		assert_int_equal(fstat(fd, &st), 0);
		assert_int_equal(is_folder, S_ISDIR(st.st_mode));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_odd_paths),
		cmocka_unit_test(test_magic_link),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
