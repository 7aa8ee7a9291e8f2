/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The base filter loaded into a child: what this kernel then answers, and what still works. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "../unit/child.h"
#include "attempt.h"
#include "cleanup.h"
#include "filters.h"

#define BARE       0  /* specification without a supervisor */
#define SUPERVISED 31 /* every supervised call, nothing allowed */

static int load(const struct built_filter *filter)
{
	struct sock_fprog program = {(unsigned short)filter->length, filter->program};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0 ? -errno : 0;
}

struct trial {
	const struct built_filter *filter;
	const struct attempt *attempt;
};

static int try_confined(void *userdata)
{
	const struct trial *trial = userdata;

	if (load(trial->filter) < 0)
		_exit(1);
	return attempt_make(trial->attempt);
}

/* The errno of the attempt in a child under the filter. */
static int confined(const struct built_filter *filter, const struct attempt *attempt)
{
	struct trial trial = {filter, attempt};

	return child_answer(try_confined, &trial);
}

static void check(const struct attempt *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int bare = confined(&filters[BARE], &rows[i]);
		int supervised = confined(&filters[SUPERVISED], &rows[i]);

		if (bare != rows[i].bare || supervised != rows[i].supervised)
			fail_msg("%s: %s, supervised %s", rows[i].name, strerrorname_np(bare),
				strerrorname_np(supervised));
	}
}

static void test_calls(void **state)
{
	check(attempts, n_attempts);
}

static void test_sockets(void **state)
{
	check(socket_attempts, n_socket_attempts);
}

/* Every program must load; the interpreter would also run what the kernel refuses. */
static void test_every_specification_loads(void **state)
{
	const struct attempt harmless = {.name = "getpid", .call = {SYS_getpid}};

	for (unsigned spec = 0; spec < SPECS_NATIVE; spec++)
		assert_int_equal(confined(&filters[spec], &harmless), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_sockets),
		cmocka_unit_test(test_every_specification_loads),
	};

	return cmocka_run_group_tests(tests, filters_setup, filters_teardown);
}
