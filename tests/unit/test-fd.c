/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "cleanup.h"
#include "fd.h"

static void test_move_above(void **state)
{
	int low = open("/dev/null", O_RDONLY);
	int fd, same;

	assert_in_range(low, 0, 99);
	fd = fd_move_above(low, 100);
	assert_true(fd >= 100);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(low, F_GETFD), -1);
	same = fd_move_above(fd, 100);
	assert_int_equal(same, fd);
	close(fd);
}

static void test_move_above_leaves_the_fd_on_failure(void **state)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	assert_int_equal(fd_move_above(fd, 1 << 30), -EINVAL);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
}

static void test_sealed_memfd(void **state)
{
	int fd = memfd_new_sealed("test", "twelve bytes", 12);
	char bytes[32];

	assert_true(fd >= 0);
	assert_true(memfd_is_sealed(fd));
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(pread(fd, bytes, sizeof(bytes), 0), 12);
	assert_memory_equal(bytes, "twelve bytes", 12);
	assert_int_equal(pwrite(fd, "x", 1, 0), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(ftruncate(fd, 0), -1);
	assert_int_equal(ftruncate(fd, 100), -1);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), -1);
	close(fd);
}

/* One seal less, and somebody can still change what was checked. */
static void test_sealed_means_every_seal(void **state)
{
	static const int seals[] = {F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE};
	int file = open("/dev/null", O_RDONLY | O_CLOEXEC);

	for (size_t i = 0; i < ARRAY_SIZE(seals); i++) {
		int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

		assert_false(memfd_is_sealed(fd));
		for (size_t j = ARRAY_SIZE(seals); j-- > 0;)
			if (j != i)
				assert_int_equal(fcntl(fd, F_ADD_SEALS, seals[j]), 0);
		assert_false(memfd_is_sealed(fd));
		close(fd);
	}
	assert_false(memfd_is_sealed(file));
	assert_false(memfd_is_sealed(-1));
	close(file);
}

static void test_read_all(void **state)
{
	static const struct {
		size_t max;
		int r;
	} rows[] = {{12, 0}, {13, 0}, {4096, 0}, {11, -E2BIG}, {0, -E2BIG}};
	int fd = memfd_new_sealed("test", "twelve bytes", 12);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *bytes = NULL;
		size_t size = 77;

		assert_int_equal(fd_read_all(fd, rows[i].max, &bytes, &size), rows[i].r);
		if (rows[i].r < 0) {
			assert_null(bytes);
			assert_int_equal(size, 77);
			continue;
		}
		assert_int_equal(size, 12);
		assert_string_equal(bytes, "twelve bytes"); /* the NUL beyond it */
	}
	close(fd);
}

/* More than fits at once, and exactly as much as is allowed. */
static void test_read_all_of_much(void **state)
{
	static const size_t sizes[] = {8190, 8191, 8192, 16381, 16382, 16383, 100000};
	_cleanup_free_ char *many = malloc(100000);

	(void)state;
	assert_non_null(many);
	for (size_t i = 0; i < 100000; i++)
		many[i] = (char)('a' + i % 23);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		_cleanup_close_ int fd = memfd_new_sealed("much", many, sizes[i]);
		_cleanup_free_ char *bytes = NULL;
		size_t size;

		assert_true(fd >= 0);
		assert_int_equal(fd_read_all(fd, sizes[i] - 1, &bytes, &size), -E2BIG);
		assert_int_equal(fd_read_all(fd, sizes[i], &bytes, &size), 0);
		assert_int_equal(size, sizes[i]);
		assert_memory_equal(bytes, many, size);
		assert_int_equal(bytes[size], '\0');
	}
}

static void test_read_all_of_nothing(void **state)
{
	_cleanup_close_ int fd = memfd_new_sealed("test", "", 0);
	_cleanup_free_ char *bytes = NULL;
	size_t size = 77;

	assert_int_equal(fd_read_all(fd, 0, &bytes, &size), 0);
	assert_int_equal(size, 0);
	assert_string_equal(bytes, "");
}

static void test_read_all_of_a_folder(void **state)
{
	_cleanup_close_ int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_free_ char *bytes = NULL;
	size_t size;

	assert_int_equal(fd_read_all(fd, 100, &bytes, &size), -EISDIR);
	assert_null(bytes);
}

/* A pipe takes a large write in pieces. */
static void test_write_all(void **state)
{
	int fds[2];
	char bytes[1000];

	assert_int_equal(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
	memset(bytes, 'x', sizeof(bytes));
	assert_int_equal(fd_write_all(fds[1], bytes, sizeof(bytes)), 0);
	assert_int_equal(read(fds[0], bytes, sizeof(bytes)), sizeof(bytes));
	for (int r = 0; r == 0;) {
		r = fd_write_all(fds[1], bytes, sizeof(bytes));
		assert_true(r == 0 || r == -EAGAIN);
	}
	close(fds[0]);
	close(fds[1]);
	assert_int_equal(fd_write_all(-1, bytes, 1), -EBADF);
	assert_int_equal(fd_write_all(-1, bytes, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_move_above),
		cmocka_unit_test(test_move_above_leaves_the_fd_on_failure),
		cmocka_unit_test(test_sealed_memfd),
		cmocka_unit_test(test_sealed_means_every_seal),
		cmocka_unit_test(test_read_all),
		cmocka_unit_test(test_read_all_of_much),
		cmocka_unit_test(test_read_all_of_nothing),
		cmocka_unit_test(test_read_all_of_a_folder),
		cmocka_unit_test(test_write_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
