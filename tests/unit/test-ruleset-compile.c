/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What compiled rulesets do to a child under this kernel, at every ABI it has. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "access.h"
#include "cleanup.h"
#include "confined.h"
#include "ruleset.h"

static char scratch[] = "/tmp/sandlock-test-XXXXXX";

/* A path below the scratch folder; the same string for the same name, for good. */
static char *in_scratch(const char *name)
{
	static struct {
		char name[32], path[64];
	} known[16];
	size_t i = 0;

	while (known[i].path[0] && strcmp(known[i].name, name) != 0)
		assert_true(++i < ARRAY_SIZE(known));
	snprintf(known[i].name, sizeof(known[i].name), "%s", name);
	snprintf(known[i].path, sizeof(known[i].path), "%s/%s", scratch, name);
	return known[i].path;
}

static void make_file(const char *name, mode_t mode)
{
	_cleanup_close_ int fd = open(in_scratch(name), O_WRONLY | O_CREAT | O_CLOEXEC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "#!/bin/sh\n", 10), 10);
}

static int setup(void **state)
{
	assert_non_null(mkdtemp(scratch));
	for (const char *const *dir = (const char *const[]){"ro", "rw", "rw/a", "rw/b", "no", NULL};
		*dir; dir++)
		assert_int_equal(mkdir(in_scratch(*dir), 0755), 0);
	make_file("ro/file", 0644);
	make_file("rw/a/file", 0644);
	make_file("no/file", 0644);
	return 0;
}

static int teardown(void **state)
{
	static const char *const leftovers[] = {"ro/file", "rw/a/file", "rw/b/file", "rw/new",
		"no/file", "no/new", "ro", "rw/a", "rw/b", "rw", "no"};

	for (size_t i = 0; i < ARRAY_SIZE(leftovers); i++)
		remove(in_scratch(leftovers[i]));
	return rmdir(scratch);
}

static int op_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? errno : (close(fd), 0);
}

static int op_write(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd < 0 ? errno : (close(fd), 0);
}

static int op_create(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return fd < 0 ? errno : (close(fd), unlink(path) < 0 ? errno : 0);
}

static int op_list(const char *path)
{
	DIR *dir = opendir(path);
	return dir ? (closedir(dir), 0) : errno;
}

static int op_truncate(const char *path)
{
	return truncate(path, 0) < 0 ? errno : 0;
}

static int op_socket(const char *path)
{
	return mknod(path, S_IFSOCK | 0600, 0) < 0 ? errno : unlink(path) < 0 ? errno : 0;
}

/* To the sibling folder b and back. */
static int op_move(const char *path)
{
	const char *to = in_scratch("rw/b/file");
	return rename(path, to) < 0 ? errno : rename(to, path) < 0 ? errno : 0;
}

static int op_mount(const char *path)
{
	return mount("none", path, "tmpfs", 0, NULL) < 0 ? errno : 0;
}

static int op_signal_parent(const char *path)
{
	return kill(getppid(), 0) < 0 ? errno : 0;
}

static int op_ioctl(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), size;

	if (fd < 0)
		return 1000 + errno;
	/* Unknown to the device (ENOTTY) unless Landlock is asked first. */
	return syscall(SYS_ioctl, fd, 0x5413 /* TIOCGWINSZ */, &size) < 0 ? errno : 0;
}

static void test_filesystem(void **state)
{
	static const struct {
		int (*op)(const char *);
		const char *object;
		int error, below_abi, error_below; /* error_below: at older ABIs */
	} rows[] = {
		{op_read, "ro/file", 0, 0, 0},
		{op_list, "ro", 0, 0, 0},
		{op_write, "ro/file", EACCES, 0, 0},
		{op_create, "ro/new", EACCES, 0, 0},
		{op_truncate, "ro/file", EACCES, 3, 0},
		{op_read, "rw/a/file", 0, 0, 0},
		{op_write, "rw/a/file", 0, 0, 0},
		{op_create, "rw/new", 0, 0, 0},
		{op_socket, "rw/new", 0, 0, 0},
		{op_truncate, "rw/a/file", 0, 0, 0},
		{op_move, "rw/a/file", 0, 2, EXDEV},
		{op_read, "no/file", EACCES, 0, 0},
		{op_list, "no", EACCES, 0, 0},
		{op_create, "no/new", EACCES, 0, 0},
		{op_truncate, "no/file", EACCES, 3, 0},
		{op_list, "", EACCES, 0, 0},
		{op_mount, "rw", EPERM, 0, 0},
	};
	struct path_rule rules[] = {
		{.path = in_scratch("ro"), .access = ACCESS_READ},
		{.path = in_scratch("rw"), .access = ACCESS_WRITE},
	};
	const struct policy policy = {.filesystem = {true, rules, ARRAY_SIZE(rules)}};
	unsigned newest = abi_or_skip();

	for (unsigned abi = 1; abi <= newest; abi++) {
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
			bool below = abi < (unsigned)rows[i].below_abi;
			int error = confined(&policy, abi, rows[i].op, in_scratch(rows[i].object));
			if (error != (below ? rows[i].error_below : rows[i].error))
				fail_msg("row %zu at ABI %u: %s", i, abi, strerror(error));
		}
	}
}

static void test_unrestricted_layer(void **state)
{
	const struct policy policy = {.ipc = {.signal = SCOPE_ANY, .abstract_unix = SCOPE_ANY}};
	unsigned newest = abi_or_skip();

	for (unsigned abi = 1; abi <= newest; abi++) {
		assert_int_equal(confined(&policy, abi, op_read, in_scratch("no/file")), 0);
		assert_int_equal(confined(&policy, abi, op_create, in_scratch("no/new")), 0);
		assert_int_equal(confined(&policy, abi, op_mount, in_scratch("rw")), EPERM);
		assert_int_equal(confined(&policy, abi, op_move, in_scratch("rw/a/file")),
			abi < 2 ? EXDEV : 0);
		assert_int_equal(confined(&policy, abi, op_signal_parent, NULL), 0);
	}
}

static void test_rule_on_a_file(void **state)
{
	struct path_rule rules[] = {
		{.path = in_scratch("ro/file"), .access = ACCESS_WRITE_EXECUTE},
		/* Only a folder's right: nothing is left of it. */
		{.path = in_scratch("no/file"), .access = ACCESS_LIST},
	};
	const struct policy policy = {.filesystem = {true, rules, ARRAY_SIZE(rules)}};
	unsigned abi = abi_or_skip();

	assert_int_equal(confined(&policy, abi, op_write, in_scratch("ro/file")), 0);
	assert_int_equal(confined(&policy, abi, op_read, in_scratch("no/file")), EACCES);
	assert_int_equal(confined(&policy, abi, op_list, in_scratch("ro")), EACCES);
}

static void test_device_ioctl(void **state)
{
	static char null[] = "/dev/null";
	struct path_rule rules[] = {{.path = null, .access = ACCESS_READ}};
	const struct policy policy = {.filesystem = {true, rules, 1}};
	unsigned newest = abi_or_skip();

	for (unsigned abi = 1; abi <= newest; abi++) {
		rules[0].access = ACCESS_READ;
		assert_int_equal(confined(&policy, abi, op_ioctl, null), abi < 5 ? ENOTTY : EACCES);
		rules[0].access = ACCESS_DEVICE;
		assert_int_equal(confined(&policy, abi, op_ioctl, null), ENOTTY);
	}
}

static void test_signal_scope(void **state)
{
	static const struct policy policy = {.log = {.denials = true}};
	unsigned newest = abi_or_skip();

	for (unsigned abi = 1; abi <= newest; abi++)
		assert_int_equal(
			confined(&policy, abi, op_signal_parent, NULL), abi < 6 ? 0 : EPERM);
}

static void count_missing(void *userdata, const struct path_rule *rule)
{
	(*(unsigned *)userdata)++;
	assert_false(rule->may_be_missing);
}

static void test_missing_paths(void **state)
{
	struct path_rule rules[] = {
		{.path = in_scratch("absent"), .access = ACCESS_READ},
		{.path = in_scratch("absent"), .access = ACCESS_READ, .may_be_missing = true},
		{.path = in_scratch("ro/file/below"), .access = ACCESS_READ},
		{.path = in_scratch("ro"), .access = ACCESS_READ},
	};
	const struct policy policy = {.filesystem = {true, rules, ARRAY_SIZE(rules)}};
	_cleanup_close_ int ruleset = -1;
	unsigned missing = 0, abi = abi_or_skip();

	assert_int_equal(ruleset_compile(&policy, abi, count_missing, &missing, &ruleset), 0);
	assert_int_equal(missing, 2);
	assert_int_equal(confined(&policy, abi, op_read, in_scratch("ro/file")), 0);
	assert_int_equal(confined(&policy, abi, op_read, in_scratch("no/file")), EACCES);
}

static void test_no_landlock(void **state)
{
	static const struct policy policy = {.name = NULL};
	int ruleset = 77;

	assert_int_equal(ruleset_compile(&policy, 0, NULL, NULL, &ruleset), -EOPNOTSUPP);
	assert_int_equal(ruleset, 77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filesystem),
		cmocka_unit_test(test_unrestricted_layer),
		cmocka_unit_test(test_rule_on_a_file),
		cmocka_unit_test(test_device_ioctl),
		cmocka_unit_test(test_signal_scope),
		cmocka_unit_test(test_missing_paths),
		cmocka_unit_test(test_no_landlock),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
