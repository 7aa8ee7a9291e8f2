/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Descriptors and credentials of others in a message: the supervisor sends it, and it has
 * descriptors and a pid of its own.
 *
 *	rights foreign		numbers that are not open here, over a socket pair
 *	rights swapped TRIES	a number that a second thread opens and closes
 *	rights pid|uid|gid|parent	claims to be another in SCM_CREDENTIALS
 *
 * An own descriptor, or the truth, must get through first.
 */

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attack.h"

#define NUMBERS 1100 /* more than a supervisor may have open */
#define SLOT    900

static int pair[2];
static atomic_bool over;

static int send_control(int type, const void *data, size_t size)
{
	char letter = 'x', control[CMSG_SPACE(64)] = {0};
	struct iovec iov = {&letter, 1};
	struct msghdr message = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = CMSG_SPACE(size)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = type;
	header->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(header), data, size);
	return (int)sendmsg(pair[0], &message, 0);
}

/* The descriptor that came, -1 for none. */
static int receive_fd(void)
{
	char letter, control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = {&letter, 1};
	struct msghdr message = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control)};
	const struct cmsghdr *header;

	if (recvmsg(pair[1], &message, MSG_CMSG_CLOEXEC) < 0)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	return header ? *(const int *)CMSG_DATA(header) : -1;
}

static bool same_file(int a, int b)
{
	struct stat st_a, st_b;

	return fstat(a, &st_a) == 0 && fstat(b, &st_b) == 0 && st_a.st_dev == st_b.st_dev &&
	       st_a.st_ino == st_b.st_ino;
}

/* Whether a descriptor of that number comes through, and is the one wanted where that is known. */
static bool passes(int number, int wanted)
{
	int fd;
	bool same;

	if (send_control(SCM_RIGHTS, &number, sizeof(number)) < 0)
		return false;
	fd = receive_fd();
	need(fd >= 0, "a message with its descriptor");
	same = wanted < 0 || same_file(fd, wanted);
	close(fd);
	return same;
}

static int foreign(char **args)
{
	int own = open("/dev/null", O_RDONLY | O_CLOEXEC), n = 0;

	need(own >= 0 && passes(own, own), "an own descriptor");
	for (int number = -8; number < NUMBERS; number++)
		if (fcntl(number, F_GETFD) < 0 && passes(number, -1))
			n++;
	if (n > 0)
		return succeeded("%d descriptors that are not ours", n);
	return stopped("none that is not ours");
}

static void *open_and_close(void *own)
{
	while (!atomic_load(&over)) {
		dup2(*(int *)own, SLOT);
		close(SLOT);
	}
	return NULL;
}

static int swapped(char **args)
{
	int own = open("/dev/null", O_RDONLY | O_CLOEXEC), number = SLOT, other = 0;
	long tries = atol(args[0]), came = 0;
	pthread_t thread;

	need(own >= 0 && pthread_create(&thread, NULL, open_and_close, &own) == 0, "thread");
	for (long i = 0; i < tries; i++) {
		int fd;

		if (send_control(SCM_RIGHTS, &number, sizeof(number)) < 0)
			continue;
		fd = receive_fd();
		need(fd >= 0, "a message with its descriptor");
		came++;
		other += !same_file(fd, own);
		close(fd);
	}
	atomic_store(&over, true);
	pthread_join(thread, NULL);
	if (other > 0)
		return succeeded("%d of %ld are not ours", other, came);
	if (came == 0)
		return untried("none of %ld came through", tries);
	return stopped("%ld of %ld came through, all ours", came, tries);
}

static int claim(const struct ucred *lie)
{
	const struct ucred truth = {getpid(), getuid(), getgid()};

	need(send_control(SCM_CREDENTIALS, &truth, sizeof(truth)) == 1, "the truth");
	if (send_control(SCM_CREDENTIALS, lie, sizeof(*lie)) < 0)
		return stopped_by("sendmsg");
	return succeeded("pid %d uid %u gid %u", lie->pid, lie->uid, lie->gid);
}

static int as_pid(char **args)
{
	return claim(&(struct ucred){1, getuid(), getgid()});
}

static int as_uid(char **args)
{
	return claim(&(struct ucred){getpid(), 0, getgid()});
}

static int as_gid(char **args)
{
	return claim(&(struct ucred){getpid(), getuid(), 0});
}

static int as_parent(char **args)
{
	return claim(&(struct ucred){getppid(), getuid(), getgid()});
}

static const struct trick tricks[] = {
	{"foreign", foreign, 0},
	{"swapped", swapped, 1},
	{"pid", as_pid, 0},
	{"uid", as_uid, 0},
	{"gid", as_gid, 0},
	{"parent", as_parent, 0},
};

int main(int argc, char **argv)
{
	need(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) == 0, "socketpair");
	return trick_run(tricks, ARRAY_SIZE(tricks), argc, argv);
}
