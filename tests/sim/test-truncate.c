/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Emptying files that may only be read, where Landlock does not know truncation: a ruleset as for
 * ABI 2, with and without the filter's guard. Each way empties the file without it.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "../unit/child.h"
#include "access.h"
#include "cleanup.h"
#include "fd.h"
#include "filter.h"
#include "ruleset.h"

#define ABI     2
#define NEITHER 3 /* access mode */

static char folder[] = "/tmp/sandlock-test-XXXXXX", file[64];
static char system_files[] = "/";

static struct path_rule read_everything[] = {{.path = system_files, .access = ACCESS_READ}};
static struct policy reader = {
	.filesystem = {.present = true, .rules = read_everything, .n_rules = 1}};
static struct policy *layers[] = {&reader};
static const struct policy_set set = {.layers = layers, .n_layers = 1};

static int by_truncate(void)
{
	return truncate(file, 0) < 0 ? errno : 0;
}

static int opened(int fd)
{
	int error = fd < 0 ? errno : 0;

	fd_close(fd);
	return error;
}

static int by_reading(void)
{
	return opened(open(file, O_RDONLY | O_TRUNC | O_CLOEXEC));
}

static int by_neither(void)
{
	return opened(open(file, NEITHER | O_TRUNC | O_CLOEXEC));
}

#ifdef SYS_open
static int by_old_open(void)
{
	return opened((int)syscall(SYS_open, file, O_RDONLY | O_TRUNC | O_CLOEXEC));
}
#endif

static const struct {
	const char *name;
	int (*try)(void);
} ways[] = {
	{"truncate", by_truncate},
	{"O_RDONLY|O_TRUNC", by_reading},
	{"3|O_TRUNC", by_neither},
#ifdef SYS_open
	{"open", by_old_open},
#endif
};

/* These want the right to write, guard or not. */
static int by_writing(void)
{
	return opened(open(file, O_WRONLY | O_TRUNC | O_CLOEXEC));
}

static int by_both(void)
{
	return opened(open(file, O_RDWR | O_TRUNC | O_CLOEXEC));
}

static int by_creat(void)
{
	return opened(creat(file, 0600));
}

static int (*const writing[])(void) = {by_writing, by_both, by_creat};

static void fill(void)
{
	_cleanup_close_ int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "content", 7), 7);
}

static off_t size(void)
{
	struct stat st;

	assert_int_equal(stat(file, &st), 0);
	return st.st_size;
}

static int load(int memfd)
{
	_cleanup_free_ char *program = NULL;
	struct sock_fprog loaded;
	size_t bytes;

	if (fd_read_all(memfd, BPF_MAXINSNS * sizeof(struct sock_filter), &program, &bytes) < 0)
		return -1;
	loaded.len = (unsigned short)(bytes / sizeof(struct sock_filter));
	loaded.filter = (struct sock_filter *)program;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &loaded);
}

struct trial {
	bool guarded;
	int (*try)(void);
};

static int try_confined(void *userdata)
{
	const struct trial *trial = userdata;
	struct filter_spec spec = filter_spec(&set, ABI);
	int ruleset, filter;

	spec.guard_truncate = trial->guarded;
	if (ruleset_compile(&reader, ABI, NULL, NULL, &ruleset) < 0 ||
		filter_build(&spec, &filter) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		syscall(SYS_landlock_restrict_self, ruleset, 0) < 0 || load(filter) < 0)
		_exit(1);
	return trial->try();
}

/* The errno of `try` in a confined child, of a file with something in it. */
static int confined(bool guarded, int (*try)(void))
{
	struct trial trial = {guarded, try};

	fill();
	return child_answer(try_confined, &trial);
}

static void test_guarded(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		int error = confined(true, ways[i].try);

		if (error != EACCES || size() != 7)
			fail_msg("%s: %s", ways[i].name, strerrorname_np(error));
	}
}

static void test_control(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		int error = confined(false, ways[i].try);

		if (error != 0 || size() != 0)
			fail_msg("%s: %s", ways[i].name, strerrorname_np(error));
	}
}

static void test_landlocks_own(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(writing); i++) {
		assert_int_equal(confined(false, writing[i]), EACCES);
		assert_int_equal(size(), 7);
	}
}

static int setup(void **state)
{
	if (!mkdtemp(folder))
		return -1;
	snprintf(file, sizeof(file), "%s/file", folder);
	return 0;
}

static int teardown(void **state)
{
	unlink(file);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_guarded),
		cmocka_unit_test(test_control),
		cmocka_unit_test(test_landlocks_own),
	};

	if (ruleset_abi() < ABI) {
		fprintf(stderr, "skipped: needs Landlock ABI %d\n", ABI);
		return 77;
	}
	return cmocka_run_group_tests(tests, setup, teardown);
}
