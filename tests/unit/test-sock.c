/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "cleanup.h"
#include "sock.h"

struct pair {
	int ends[2];
};

static int make_pair(void **state)
{
	static struct pair pair;

	*state = &pair;
	return sock_pair(pair.ends);
}

static int close_pair(void **state)
{
	struct pair *pair = *state;

	fd_close(pair->ends[0]);
	fd_close(pair->ends[1]);
	return 0;
}

static int count_fds(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(folder);
	while (readdir(folder))
		n++;
	closedir(folder);
	return n;
}

static void test_pair(void **state)
{
	const struct pair *pair = *state;

	for (int i = 0; i < 2; i++) {
		int type = 0;
		socklen_t size = sizeof(type);

		assert_int_equal(getsockopt(pair->ends[i], SOL_SOCKET, SO_TYPE, &type, &size), 0);
		assert_int_equal(type, SOCK_SEQPACKET);
		assert_int_equal(fcntl(pair->ends[i], F_GETFD), FD_CLOEXEC);
	}
}

static void test_exact_size(void **state)
{
	const struct pair *pair = *state;
	static const struct {
		size_t sent, wanted;
		int r;
	} rows[] = {{8, 8, 0}, {7, 8, -EPROTO}, {9, 8, -EPROTO}, {1, 1, 0}, {64, 1, -EPROTO}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char out[64], in[64] = "";

		memset(out, 'x', sizeof(out));
		assert_int_equal(sock_send(pair->ends[0], out, rows[i].sent, NULL, 0, 0), 0);
		assert_int_equal(sock_receive(pair->ends[1], in, rows[i].wanted, NULL, 0, NULL, 0),
			rows[i].r);
		if (rows[i].r == 0)
			assert_memory_equal(in, out, rows[i].wanted);
		/* A message that did not fit is gone, too: the next one is the next one. */
		assert_int_equal(recv(pair->ends[1], in, 1, MSG_DONTWAIT), -1);
		assert_int_equal(errno, EAGAIN);
	}
}

static void test_any_size(void **state)
{
	const struct pair *pair = *state;
	char in[8];
	size_t size = 77;

	assert_int_equal(sock_send(pair->ends[0], "abc", 3, NULL, 0, 0), 0);
	assert_int_equal(
		sock_receive_any(pair->ends[1], in, sizeof(in), &size, NULL, 0, NULL, 0), 0);
	assert_int_equal(size, 3);
	size = 77;
	assert_int_equal(sock_send(pair->ends[0], "123456789", 9, NULL, 0, 0), 0);
	assert_int_equal(
		sock_receive_any(pair->ends[1], in, sizeof(in), &size, NULL, 0, NULL, 0), -EPROTO);
	assert_int_equal(size, 77);
}

/* Sends `sent` descriptors, takes up to `taken`; nothing may stay open but what was asked for. */
static void exchange(const struct pair *pair, size_t sent, size_t taken, size_t size, int expected)
{
	int out[SOCK_FDS_MAX], in[SOCK_FDS_MAX], before = count_fds();
	size_t n = 77;
	char byte;

	for (size_t i = 0; i < SOCK_FDS_MAX; i++)
		out[i] = STDIN_FILENO;
	assert_int_equal(sock_send(pair->ends[0], "x", 1, out, sent, 0), 0);
	assert_int_equal(sock_receive(pair->ends[1], &byte, size, in, taken, &n, 0), expected);
	if (expected < 0) {
		assert_int_equal(n, 77);
		assert_int_equal(count_fds(), before);
		return;
	}
	assert_int_equal(n, sent);
	assert_int_equal(count_fds(), before + (int)sent);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(fcntl(in[i], F_GETFD), FD_CLOEXEC);
		close(in[i]);
	}
}

static void test_descriptors(void **state)
{
	const struct pair *pair = *state;

	exchange(pair, 0, 0, 1, 0);
	exchange(pair, 0, 2, 1, 0);
	exchange(pair, 1, 1, 1, 0);
	exchange(pair, 1, 2, 1, 0);
	exchange(pair, SOCK_FDS_MAX, SOCK_FDS_MAX, 1, 0);
}

static void test_too_many_descriptors_are_closed(void **state)
{
	const struct pair *pair = *state;

	exchange(pair, 1, 0, 1, -EPROTO);
	exchange(pair, 2, 1, 1, -EPROTO);
	exchange(pair, SOCK_FDS_MAX, SOCK_FDS_MAX - 1, 1, -EPROTO);
}

static void test_descriptors_of_a_wrong_message_are_closed(void **state)
{
	const struct pair *pair = *state;
	char bytes[8];
	int in[2], before = count_fds();
	const int out[2] = {STDIN_FILENO, STDIN_FILENO};

	/* shorter than wanted */
	assert_int_equal(sock_send(pair->ends[0], "x", 1, out, 2, 0), 0);
	assert_int_equal(
		sock_receive(pair->ends[1], bytes, sizeof(bytes), in, 2, NULL, 0), -EPROTO);
	assert_int_equal(count_fds(), before);
	/* longer than wanted */
	assert_int_equal(sock_send(pair->ends[0], "xy", 2, out, 2, 0), 0);
	assert_int_equal(sock_receive(pair->ends[1], bytes, 1, in, 2, NULL, 0), -EPROTO);
	assert_int_equal(count_fds(), before);
}

/* More than the control buffer holds: the kernel cuts, and what did come is closed. */
static void test_cut_descriptors_are_closed(void **state)
{
	const struct pair *pair = *state;
	int out[2 * SOCK_FDS_MAX], in[SOCK_FDS_MAX], before = count_fds();
	char control[CMSG_SPACE(sizeof(out))] = "", byte = 'x';
	struct iovec iov = {&byte, 1};
	struct msghdr msg = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&msg);

	memset(out, 0, sizeof(out));
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(out));
	memcpy(CMSG_DATA(header), out, sizeof(out));
	assert_int_equal(sendmsg(pair->ends[0], &msg, 0), 1);
	assert_int_equal(sock_receive(pair->ends[1], &byte, 1, in, SOCK_FDS_MAX, NULL, 0), -EPROTO);
	assert_int_equal(count_fds(), before);
}

static void test_send_refuses_too_many(void **state)
{
	const struct pair *pair = *state;
	int out[SOCK_FDS_MAX + 1] = {0};

	assert_int_equal(sock_send(pair->ends[0], "x", 1, out, ARRAY_SIZE(out), 0), -EINVAL);
}

static void test_end_of_the_stream(void **state)
{
	struct pair *pair = *state;
	char byte;

	assert_int_equal(sock_send(pair->ends[0], "x", 1, NULL, 0, 0), 0);
	pair->ends[0] = fd_close(pair->ends[0]);
	assert_int_equal(sock_receive(pair->ends[1], &byte, 1, NULL, 0, NULL, 0), 0);
	assert_int_equal(sock_receive(pair->ends[1], &byte, 1, NULL, 0, NULL, 0), -ECONNRESET);
	assert_int_equal(sock_send(pair->ends[1], "x", 1, NULL, 0, 0), -EPIPE); /* no SIGPIPE */
}

static void test_would_block(void **state)
{
	const struct pair *pair = *state;
	char byte;

	assert_int_equal(
		sock_receive(pair->ends[1], &byte, 1, NULL, 0, NULL, MSG_DONTWAIT), -EAGAIN);
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void test_wait(void **state)
{
	struct pair *pair = *state;
	long long began = now_ms();

	assert_int_equal(sock_wait(pair->ends[1], 50), -ETIMEDOUT);
	assert_in_range(now_ms() - began, 50, 5000);
	assert_int_equal(sock_wait(pair->ends[1], 0), -ETIMEDOUT);
	assert_int_equal(sock_send(pair->ends[0], "x", 1, NULL, 0, 0), 0);
	assert_int_equal(sock_wait(pair->ends[1], 5000), 0);
	pair->ends[0] = fd_close(pair->ends[0]);
	assert_int_equal(sock_wait(pair->ends[1], 5000), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pair, make_pair, close_pair),
		cmocka_unit_test_setup_teardown(test_exact_size, make_pair, close_pair),
		cmocka_unit_test_setup_teardown(test_any_size, make_pair, close_pair),
		cmocka_unit_test_setup_teardown(test_descriptors, make_pair, close_pair),
		cmocka_unit_test_setup_teardown(
			test_too_many_descriptors_are_closed, make_pair, close_pair),
		cmocka_unit_test_setup_teardown(
			test_descriptors_of_a_wrong_message_are_closed, make_pair, close_pair),
		cmocka_unit_test_setup_teardown(
			test_cut_descriptors_are_closed, make_pair, close_pair),
		cmocka_unit_test_setup_teardown(test_send_refuses_too_many, make_pair, close_pair),
		cmocka_unit_test_setup_teardown(test_end_of_the_stream, make_pair, close_pair),
		cmocka_unit_test_setup_teardown(test_would_block, make_pair, close_pair),
		cmocka_unit_test_setup_teardown(test_wait, make_pair, close_pair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
