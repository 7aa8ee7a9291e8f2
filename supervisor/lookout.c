/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads /proc/PID/task/TID/children (Linux 3.5, CONFIG_PROC_CHILDREN) of the login program. */

#include "lookout.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

#include "cleanup.h"
#include "mark.h"
#include "sock.h"

/* How soon, and how rarely: while nobody has been confined, and once somebody has. */
#define PERIOD_MIN_MS    250
#define PERIOD_NOBODY_MS 1000
#define PERIOD_MAX_MS    30000
/* A look at least every eighth of the time since something happened. */
#define PERIOD_FRACTION 8

/* How long a child may take to confine itself. */
#define GRACE_SECONDS 2

/* linux/sched.h, as field 9 of /proc/PID/stat shows them. */
#define PF_EXITING    0x04
#define PF_FORKNOEXEC 0x40 /* forked, and still the same program */

#define TREE_MAX 256

struct look {
	char comm[17];
	char state;
	pid_t parent;
	unsigned flags;
	unsigned long user, system; /* ticks of CPU time */
	unsigned long long start;
};

static int look_at(pid_t pid, struct look *ret)
{
	char path[64], text[1024] = "";
	_cleanup_file_ FILE *file = NULL;
	const char *open, *close;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	if (!fgets(text, sizeof(text), file))
		return -ESRCH;
	open = strchr(text, '(');
	close = strrchr(text, ')'); /* comm may hold anything */
	if (!open || !close ||
		sscanf(close + 1,
			" %c %d %*d %*d %*d %*d %u %*u %*u %*u %*u %lu %lu %*d %*d "
			"%*d %*d %*d %*d %llu",
			&ret->state, &ret->parent, &ret->flags, &ret->user, &ret->system,
			&ret->start) != 6)
		return -EBADMSG;
	snprintf(ret->comm, sizeof(ret->comm), "%.*s", (int)(close - open - 1), open + 1);
	return 0;
}

typedef void child_fn(void *userdata, pid_t child);

static int walk_thread(pid_t pid, const char *thread, child_fn *fn, void *userdata)
{
	_cleanup_file_ FILE *file = NULL;
	char path[96];
	int child;

	snprintf(path, sizeof(path), "/proc/%d/task/%.16s/children", (int)pid, thread);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while (fscanf(file, "%d", &child) == 1)
		fn(userdata, child);
	return 0;
}

/* The children of all threads. A thread that ends meanwhile hands its children to another. */
static int walk_children(pid_t pid, child_fn *fn, void *userdata)
{
	char path[64];
	const struct dirent *entry;
	int r = 0;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	if (!tasks)
		return -errno;
	while ((entry = readdir(tasks)))
		if (entry->d_name[0] != '.' &&
			walk_thread(pid, entry->d_name, fn, userdata) == -ENOENT &&
			atoi(entry->d_name) == pid)
			r = -EOPNOTSUPP;
	closedir(tasks);
	return r;
}

/* Before the session */

struct collection {
	struct lookout *lookout;
	int r;
};

static void collect(void *userdata, pid_t pid)
{
	struct collection *collection = userdata;
	struct lookout *lookout = collection->lookout;
	struct lookout_child *before;
	struct look look;

	if (look_at(pid, &look) < 0)
		return;
	before = reallocarray(lookout->before, lookout->n_before + 1, sizeof(*before));
	if (!before) {
		collection->r = -ENOMEM;
		return;
	}
	lookout->before = before;
	before[lookout->n_before++] = (struct lookout_child){pid, look.start};
}

static void kick(struct lookout *lookout)
{
	lookout->kicked = sock_now_ms();
	lookout->next = lookout->kicked + PERIOD_MIN_MS;
}

int lookout_start(struct lookout *lookout, int channel, uid_t uid)
{
	struct collection collection = {lookout, 0};
	struct ucred peer;
	socklen_t length = sizeof(peer);
	struct look look;
	int r;

	if (getsockopt(channel, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0)
		return -errno;
	r = look_at(peer.pid, &look);
	if (r == 0)
		r = walk_children(peer.pid, collect, &collection);
	if (r < 0 || collection.r < 0)
		return r < 0 ? r : collection.r;
	lookout->caller = peer.pid;
	lookout->uid = uid;
	lookout->start = look.start;
	kick(lookout);
	return 0;
}

void lookout_child_confined(struct lookout *lookout)
{
	lookout->confined = true;
	kick(lookout);
}

void lookout_child_ended(struct lookout *lookout)
{
	lookout->ended = true;
	kick(lookout);
}

int lookout_timeout_ms(const struct lookout *lookout)
{
	uint64_t now = sock_now_ms();

	if (lookout->caller == 0)
		return -1;
	return lookout->next > now ? (int)(lookout->next - now) : 0;
}

/* Judging */

/* A helper's helpers; a session that is started deeper than that is found by its own looks. */
#define DEPTH_MAX 8

struct search {
	uid_t uid;
	unsigned depth;
	bool found;
};

/* Whether one of a process's ids is the user's. */
static bool is_the_users(pid_t pid, uid_t uid)
{
	_cleanup_file_ FILE *file = NULL;
	char path[64], line[256];
	unsigned real, effective, saved;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "Uid: %u %u %u", &real, &effective, &saved) == 3)
			return real == uid || effective == uid || saved == uid;
	return false;
}

static void find_the_users(void *userdata, pid_t pid)
{
	struct search *search = userdata;

	search->found |= is_the_users(pid, search->uid);
	if (search->found || search->depth == DEPTH_MAX)
		return;
	search->depth++;
	walk_children(pid, find_the_users, search);
	search->depth--;
}

/*
 * What runs as the user, or has started what does. What stays root is a helper of another module
 * (pam_motd runs scripts, pam_exec whatever it is told), which may take its time.
 */
static bool is_session(pid_t pid, uid_t uid)
{
	struct search search = {.uid = uid};

	if (uid == 0)
		return false; /* nothing tells root's session from a helper */
	find_the_users(&search, pid);
	return search.found;
}

struct patrol {
	const struct lookout *lookout;
	struct mark mark;
	bool pending;
	struct lookout_found *found;
	bool any;
};

static bool was_before(const struct lookout *lookout, pid_t pid, const struct look *look)
{
	for (size_t i = 0; i < lookout->n_before; i++)
		if (lookout->before[i].pid == pid && lookout->before[i].start == look->start)
			return true;
	return false;
}

static bool is_old(const struct look *look)
{
	unsigned long long ticks = (unsigned long long)sysconf(_SC_CLK_TCK);
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (unsigned long long)now.tv_sec * ticks > look->start + GRACE_SECONDS * ticks;
}

/*
 * One that runs another program has passed the handler by, for certain: until then it is the same.
 * But when the session's first processes have ended, other modules may start something to clean up,
 * and that may take a moment. One that has not executed anything may be on its way through the
 * handler, or have had no CPU yet.
 */
static bool is_stray(const struct patrol *patrol, pid_t pid, const struct look *look)
{
	bool executed = !(look->flags & PF_FORKNOEXEC);

	if (strchr("ZX", look->state) || look->flags & PF_EXITING ||
		was_before(patrol->lookout, pid, look) || mark_is_on(&patrol->mark, pid))
		return false;
	if (executed && !is_session(pid, patrol->lookout->uid))
		return false;
	if (executed && !patrol->lookout->ended)
		return true;
	if (!is_old(look))
		return false;
	return executed ||
	       (!patrol->pending && (look->state != 'R' || look->user + look->system > 0));
}

/* Ending */

struct tree {
	pid_t pids[TREE_MAX];
	int pidfds[TREE_MAX];
	size_t n;
};

/* Stopped before its children are looked for, so that there are no more of them. */
static void add_to_tree(void *userdata, pid_t pid)
{
	struct tree *tree = userdata;
	int pidfd;

	if (tree->n == TREE_MAX)
		return;
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0)
		return;
	syscall(SYS_pidfd_send_signal, pidfd, SIGSTOP, NULL, 0);
	tree->pids[tree->n] = pid;
	tree->pidfds[tree->n++] = pidfd;
}

static void kill_tree(pid_t pid)
{
	struct tree tree = {.n = 0};

	add_to_tree(&tree, pid);
	for (size_t i = 0; i < tree.n; i++)
		walk_children(tree.pids[i], add_to_tree, &tree);
	for (size_t i = 0; i < tree.n; i++) {
		syscall(SYS_pidfd_send_signal, tree.pidfds[i], SIGKILL, NULL, 0);
		fd_close(tree.pidfds[i]);
	}
}

static void judge(void *userdata, pid_t pid)
{
	struct patrol *patrol = userdata;
	struct look look;

	/* Looked at before it is asked for its mark: who has executed has it by then, or never. */
	if (look_at(pid, &look) < 0 || !is_stray(patrol, pid, &look))
		return;
	kill_tree(pid);
	if (patrol->any)
		return;
	patrol->any = true;
	patrol->found->pid = pid;
	memcpy(patrol->found->comm, look.comm, sizeof(patrol->found->comm));
}

static uint64_t period(const struct lookout *lookout, uint64_t now)
{
	uint64_t max = lookout->confined ? PERIOD_MAX_MS : PERIOD_NOBODY_MS;
	uint64_t period = (now - lookout->kicked) / PERIOD_FRACTION;

	if (period < PERIOD_MIN_MS)
		return PERIOD_MIN_MS;
	return period < max ? period : max;
}

bool lookout_serve(struct lookout *lookout, bool pending, struct lookout_found *ret)
{
	struct patrol patrol = {.lookout = lookout, .pending = pending, .found = ret};
	uint64_t now = sock_now_ms();
	struct look look;

	if (lookout->caller == 0 || now < lookout->next)
		return false;
	if (look_at(lookout->caller, &look) < 0 || look.start != lookout->start) {
		lookout->caller = 0;
		return false;
	}
	if (mark_of(0, &patrol.mark) == 0)
		walk_children(lookout->caller, judge, &patrol);
	lookout->next = now + period(lookout, now);
	if (patrol.any)
		kick(lookout);
	return patrol.any;
}

void lookout_done(struct lookout *lookout)
{
	free(lookout->before);
	*lookout = LOOKOUT_INIT;
}
