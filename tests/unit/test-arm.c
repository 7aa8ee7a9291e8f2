/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The confinement of a child: this process plays the monitor, a forked child arms itself with a
 * one-call filter. What a READY must look like is a table.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "arm.h"
#include "cleanup.h"
#include "fd.h"
#include "sock.h"
#include "wire.h"

#define EXIT_GOOD   0
#define EXIT_BAD    1
#define EXIT_FAILED 126

/* getppid(2) and nothing else gets `action`. */
static int make_filter(uint32_t action)
{
	const struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return memfd_new_sealed("filter", program, sizeof(program));
}

static const struct wire_answer ready = {
	.type = WIRE_READY, .version = WIRE_VERSION, .n_instructions = 4};

static void test_prepare(void **state)
{
	int pair[2], fds[3], channel;
	struct wire_answer answer = ready;
	struct arm arm;

	assert_int_equal(sock_pair(pair), 0);
	channel = pair[0];
	fds[0] = open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC);
	fds[1] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	fds[2] = make_filter(SECCOMP_RET_ALLOW);
	answer.flags = WIRE_READY_UTS | WIRE_READY_SUPERVISE;
	answer.n_rulesets = 1;
	answer.restrict_flags = 3;
	answer.filter_flags = 5;
	assert_int_equal(arm_prepare(&answer, channel, fds, 3, &arm), 0);
	assert_int_equal(arm.channel, channel);
	assert_true(arm.uts >= 64);
	assert_int_equal(arm.n_rulesets, 1);
	assert_true(arm.rulesets[0] >= 64);
	assert_int_equal(arm.restrict_flags, 3);
	assert_int_equal(arm.filter_flags, 5);
	assert_true(arm.supervise);
	assert_int_equal(arm.program.len, 4);
	assert_int_equal(arm.program.filter[1].k, SYS_getppid);

	arm_done(&arm);
	assert_int_equal(fcntl(channel, F_GETFD), -1);
	assert_int_equal(arm.channel, -1);
	arm_done(&arm); /* twice is fine, as is nothing */
	arm_done(NULL);
	close(pair[1]);
}

/* Number and kind of descriptors must be what the answer says; what does not fit stays ours. */
static void test_prepare_refuses(void **state)
{
	static const struct {
		size_t n_fds; /* the last one is the filter */
		uint32_t flags, n_rulesets, n_instructions;
	} rows[] = {
		{1, WIRE_READY_UTS, 0, 4},
		{2, 0, 0, 4},
		{1, 0, 1, 4},
		{2, WIRE_READY_UTS, 1, 4},
		{3, 0, 1, 4},
		{1, 0, UINT32_MAX, 4},
		{8, 0, ARM_RULESETS_MAX + 1, 4},
		{1, 0, 0, 0},
		{1, 0, 0, 3},
		{1, 0, 0, 5},
		{1, 0, 0, BPF_MAXINSNS + 1},
		{1, 0, 0, 0x20000004},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct wire_answer answer = ready;
		struct arm arm = ARM_INIT;
		int fds[SOCK_FDS_MAX];

		for (size_t j = 0; j + 1 < rows[i].n_fds; j++)
			fds[j] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		fds[rows[i].n_fds - 1] = make_filter(SECCOMP_RET_ALLOW);
		answer.flags = rows[i].flags;
		answer.n_rulesets = rows[i].n_rulesets;
		answer.n_instructions = rows[i].n_instructions;
		assert_int_equal(arm_prepare(&answer, 5, fds, rows[i].n_fds, &arm), -EPROTO);
		assert_int_equal(arm.channel, -1);
		assert_null(arm.program.filter);
		for (size_t j = 0; j < rows[i].n_fds; j++)
			assert_int_equal(close(fds[j]), 0);
	}
}

static void prepare(int channel, uint32_t action, uint32_t flags, struct arm *ret)
{
	struct wire_answer answer = ready;
	int fd = make_filter(action);

	answer.flags = flags;
	assert_int_equal(arm_prepare(&answer, channel, &fd, 1, ret), 0);
}

static bool is_held(int signal_number)
{
	sigset_t mask;

	assert_int_equal(sigprocmask(SIG_SETMASK, NULL, &mask), 0);
	return sigismember(&mask, signal_number) == 1;
}

/*
 * In the child: armed, with the caller's signals, and without a descriptor more than before. Or not
 * armed, and no handler of the caller's runs any more.
 */
static int judge_child(struct arm *arm, int spare)
{
	if (arm_confine(arm) < 0)
		return is_held(SIGTERM) ? EXIT_FAILED : EXIT_BAD;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 || syscall(SYS_getppid) != -1)
		return EXIT_BAD;
	if (is_held(SIGTERM))
		return EXIT_BAD;
	/* Everything that the confinement opened is closed: the lowest numbers are free again. */
	if (fcntl(STDIN_FILENO, F_DUPFD, 0) != spare)
		return EXIT_BAD;
	return EXIT_GOOD;
}

struct scene {
	int ends[2]; /* monitor's, child's */
	struct arm arm;
	pid_t child;
	int pidfd, sock; /* as announced */
};

static void begin(struct scene *scene, uint32_t action, uint32_t flags)
{
	assert_int_equal(sock_pair(scene->ends), 0);
	prepare(scene->ends[1], action, flags, &scene->arm);
}

static void fork_child(struct scene *scene)
{
	scene->child = fork();
	assert_true(scene->child >= 0);
	if (scene->child == 0) {
		int spare;

		close(scene->ends[0]);
		spare = fcntl(STDIN_FILENO, F_DUPFD, 0);
		close(spare);
		_exit(judge_child(&scene->arm, spare));
	}
	arm_done(&scene->arm);
}

static void take_announce(struct scene *scene)
{
	struct wire_short message;
	int fds[2];
	size_t n;

	assert_int_equal(sock_wait(scene->ends[0], 10000), 0);
	assert_int_equal(sock_receive(scene->ends[0], &message, sizeof(message), fds, 2, &n, 0), 0);
	assert_int_equal(message.type, WIRE_ANNOUNCE);
	assert_int_equal(n, 2);
	scene->pidfd = fds[0];
	scene->sock = fds[1];
}

static int take_listener(struct scene *scene)
{
	struct wire_short message;

	assert_int_equal(sock_wait(scene->sock, 10000), 0);
	assert_int_equal(sock_receive(scene->sock, &message, sizeof(message), NULL, 0, NULL, 0), 0);
	assert_int_equal(message.type, WIRE_LISTENER);
	return message.value;
}

static void reply(struct scene *scene, uint32_t type, size_t size)
{
	const struct wire_short message[2] = {{.type = type}};

	assert_int_equal(sock_send(scene->sock, message, size, NULL, 0, 0), 0);
}

static void end(struct scene *scene, int expected)
{
	int status;

	assert_int_equal(waitpid(scene->child, &status, 0), scene->child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), expected);
	fd_close(scene->sock);
	fd_close(scene->pidfd);
	fd_close(scene->ends[0]);
}

static void test_hand_over(void **state)
{
	struct scene scene;

	begin(&scene, SECCOMP_RET_ERRNO | EPERM, 0);
	fork_child(&scene);
	take_announce(&scene);
	/* The pidfd is the child's. */
	assert_int_equal(syscall(SYS_pidfd_send_signal, scene.pidfd, 0, NULL, 0), 0);
	assert_int_equal(take_listener(&scene), -1);
	reply(&scene, WIRE_ACK, sizeof(struct wire_short));
	end(&scene, EXIT_GOOD);
}

/* Without an ack, or with anything that is none, nobody goes on. */
static void test_no_proper_ack(void **state)
{
	static const struct {
		uint32_t type;
		size_t size; /* 0: hang up */
	} rows[] = {{WIRE_ACK, 0}, {WIRE_READY, 8}, {WIRE_ACK, 4}, {WIRE_LISTENER, 8}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scene scene;

		begin(&scene, SECCOMP_RET_ERRNO | EPERM, 0);
		fork_child(&scene);
		take_announce(&scene);
		assert_int_equal(take_listener(&scene), -1);
		if (rows[i].size > 0)
			reply(&scene, rows[i].type, rows[i].size);
		else
			scene.sock = fd_close(scene.sock);
		end(&scene, EXIT_FAILED);
	}
}

static void test_nobody_at_the_other_end(void **state)
{
	struct scene scene = {.sock = -1, .pidfd = -1};

	begin(&scene, SECCOMP_RET_ERRNO | EPERM, 0);
	scene.ends[0] = fd_close(scene.ends[0]);
	fork_child(&scene);
	end(&scene, EXIT_FAILED);
}

/* What keeps the child from being confined is the last that the monitor hears of it. */
static void take_failure(struct scene *scene, int error)
{
	struct wire_short message;

	take_announce(scene);
	assert_int_equal(sock_wait(scene->sock, 10000), 0);
	assert_int_equal(sock_receive(scene->sock, &message, sizeof(message), NULL, 0, NULL, 0), 0);
	assert_int_equal(message.type, WIRE_FAILED);
	assert_int_equal(message.value, error);
	assert_int_equal(sock_receive(scene->sock, &message, sizeof(message), NULL, 0, NULL, 0),
		-ECONNRESET);
	end(scene, EXIT_FAILED);
}

/* A filter that the kernel does not take. */
static void test_bad_program(void **state)
{
	const struct sock_filter program[] = {BPF_JUMP(BPF_JMP | BPF_JA, 100, 0, 0)};
	int fd = memfd_new_sealed("filter", program, sizeof(program));
	struct wire_answer answer = ready;
	struct scene scene;

	assert_int_equal(sock_pair(scene.ends), 0);
	answer.n_instructions = 1;
	assert_int_equal(arm_prepare(&answer, scene.ends[1], &fd, 1, &scene.arm), 0);
	fork_child(&scene);
	take_failure(&scene, -EINVAL);
}

/* Runs `inside` in a process that has a listener already. */
static void beneath_a_listener(void (*inside)(void))
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = {.len = 1, .filter = &allow};
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
			syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
				SECCOMP_FILTER_FLAG_NEW_LISTENER, &program) < 0)
			_exit(EXIT_BAD);
		inside();
		_exit(EXIT_GOOD);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXIT_GOOD);
}

static void supervised_inside(void)
{
	struct scene scene;

	begin(&scene, SECCOMP_RET_USER_NOTIF, WIRE_READY_SUPERVISE);
	fork_child(&scene);
	take_failure(&scene, -EBUSY);
}

static void unsupervised_inside(void)
{
	struct scene scene;

	begin(&scene, SECCOMP_RET_ERRNO | EPERM, 0);
	fork_child(&scene);
	take_announce(&scene);
	assert_int_equal(take_listener(&scene), -1);
	reply(&scene, WIRE_ACK, sizeof(struct wire_short));
	end(&scene, EXIT_GOOD);
}

static void test_beneath_a_listener(void **state)
{
	beneath_a_listener(supervised_inside);
	beneath_a_listener(unsupervised_inside);
}

/* The supervised hand-over: the number names a listener that the monitor can fetch. */
static void test_listener(void **state)
{
	struct scene scene;
	int number, listener;

	begin(&scene, SECCOMP_RET_USER_NOTIF, WIRE_READY_SUPERVISE);
	fork_child(&scene);
	take_announce(&scene);
	number = take_listener(&scene);
	assert_true(number >= 0);
	listener = (int)syscall(SYS_pidfd_getfd, scene.pidfd, number, 0);
	assert_true(listener >= 0);
	reply(&scene, WIRE_ACK, sizeof(struct wire_short));
	/* The call of judge_child() waits in the kernel; without a listener it is ENOSYS. */
	assert_int_equal(sock_wait(listener, 10000), 0);
	close(listener);
	end(&scene, EXIT_GOOD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prepare),
		cmocka_unit_test(test_prepare_refuses),
		cmocka_unit_test(test_hand_over),
		cmocka_unit_test(test_no_proper_ack),
		cmocka_unit_test(test_nobody_at_the_other_end),
		cmocka_unit_test(test_bad_program),
		cmocka_unit_test(test_beneath_a_listener),
		cmocka_unit_test(test_listener),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
