/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A supervisor that is broken in the way that the session's remote host is called: each row takes
 * one thing away from an answer that the module would accept. It ends with the channel.
 */

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>

#include "cleanup.h"
#include "fd.h"
#include "sock.h"
#include "wire.h"

struct reply {
	union {
		struct wire_answer answer;
		char bytes[sizeof(struct wire_answer) + 1];
	};
	size_t size; /* 0: no reply */
	int fds[SOCK_FDS_MAX];
	size_t n_fds;
	bool gone; /* ends right after it */
};

static const struct sock_filter allow_all[] = {
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

/* No ruleset and a filter that allows everything: whole, if of little use. */
static int make_ready(struct reply *reply)
{
	int fd = memfd_new_sealed("filter", allow_all, sizeof(allow_all));

	if (fd < 0)
		return fd;
	*reply = (struct reply){
		.answer = {.type = WIRE_READY, .version = WIRE_VERSION, .n_instructions = 1},
		.size = sizeof(reply->answer),
		.fds = {fd},
		.n_fds = 1,
	};
	return 0;
}

static void do_nothing(struct reply *reply)
{
}

static void be_silent(struct reply *reply)
{
	reply->size = 0;
}

static void be_gone(struct reply *reply)
{
	reply->size = 0;
	reply->gone = true;
}

static void be_gone_afterwards(struct reply *reply)
{
	reply->gone = true;
}

static void be_short(struct reply *reply)
{
	reply->size--;
}

static void be_long(struct reply *reply)
{
	reply->size++;
}

static void have_another_version(struct reply *reply)
{
	reply->answer.version = WIRE_VERSION + 1;
}

static void have_another_type(struct reply *reply)
{
	reply->answer.type = WIRE_ACK;
}

static void have_endless_text(struct reply *reply)
{
	memset(reply->answer.text, 'a', sizeof(reply->answer.text));
}

static void have_no_fds(struct reply *reply)
{
	reply->n_fds = 0;
}

static void have_one_more_fd(struct reply *reply)
{
	reply->fds[reply->n_fds++] = STDERR_FILENO;
}

static void have_nine_fds(struct reply *reply)
{
	while (reply->n_fds < SOCK_FDS_MAX)
		reply->fds[reply->n_fds++] = STDERR_FILENO;
}

static void promise_a_namespace(struct reply *reply)
{
	reply->answer.flags |= WIRE_READY_UTS;
}

static void promise_a_ruleset(struct reply *reply)
{
	reply->answer.n_rulesets = 1;
}

static void promise_a_world_of_rulesets(struct reply *reply)
{
	reply->answer.n_rulesets = UINT32_MAX;
}

static void promise_no_instructions(struct reply *reply)
{
	reply->answer.n_instructions = 0;
}

static void promise_two_instructions(struct reply *reply)
{
	reply->answer.n_instructions = 2;
}

/* Times the size of one, that overflows 32 bits to the size of one. */
static void promise_overflowing_instructions(struct reply *reply)
{
	reply->answer.n_instructions = UINT32_MAX / sizeof(struct sock_filter) + 2;
}

static void leave_the_filter_unsealed(struct reply *reply)
{
	reply->fds[0] = memfd_create("filter", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd_write_all(reply->fds[0], allow_all, sizeof(allow_all)) < 0)
		reply->gone = true;
}

static void leave_the_filter_writable(struct reply *reply)
{
	leave_the_filter_unsealed(reply);
	if (fcntl(reply->fds[0], F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		reply->gone = true;
}

static void send_a_device(struct reply *reply)
{
	reply->fds[0] = STDERR_FILENO;
}

static void let_go_with_fds(struct reply *reply)
{
	reply->answer.type = WIRE_UNCONFINED;
}

static void refuse_with_fds(struct reply *reply)
{
	reply->answer.type = WIRE_REFUSED;
}

static const struct {
	const char *name;
	void (*spoil)(struct reply *reply);
} rows[] = {
	{"whole", do_nothing},
	{"silent", be_silent},
	{"gone", be_gone},
	{"gone-afterwards", be_gone_afterwards},
	{"short", be_short},
	{"long", be_long},
	{"another-version", have_another_version},
	{"another-type", have_another_type},
	{"endless-text", have_endless_text},
	{"no-fds", have_no_fds},
	{"one-more-fd", have_one_more_fd},
	{"nine-fds", have_nine_fds},
	{"no-namespace", promise_a_namespace},
	{"no-ruleset", promise_a_ruleset},
	{"no-world-of-rulesets", promise_a_world_of_rulesets},
	{"no-instructions", promise_no_instructions},
	{"too-few-instructions", promise_two_instructions},
	{"overflowing-instructions", promise_overflowing_instructions},
	{"unsealed", leave_the_filter_unsealed},
	{"writable", leave_the_filter_writable},
	{"device", send_a_device},
	{"let-go-with-fds", let_go_with_fds},
	{"refuse-with-fds", refuse_with_fds},
};

static int spoil(struct reply *reply, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strcmp(rows[i].name, name) == 0) {
			rows[i].spoil(reply);
			return 0;
		}
	return -ENOENT;
}

int main(void)
{
	struct wire_hello hello;
	struct reply reply;
	struct pollfd end = {.fd = WIRE_SUPERVISOR_FD};

	if (sock_receive(WIRE_SUPERVISOR_FD, &hello, sizeof(hello), NULL, 0, NULL, 0) < 0)
		return 1;
	if (make_ready(&reply) < 0 || spoil(&reply, hello.rhost) < 0)
		return 1;
	if (reply.size > 0 &&
		sock_send(WIRE_SUPERVISOR_FD, &reply, reply.size, reply.fds, reply.n_fds, 0) < 0)
		return 1;
	/* Whatever a child announces stays unread. */
	if (!reply.gone)
		poll(&end, 1, -1);
	return 0;
}
