/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Random system calls with random arguments from several processes. A call that must be denied and
 * gets any other answer than its denial has come through; so has a call of a foreign ABI. Works in
 * the current folder.
 *
 *	random SECONDS PROCESSES PLACE		an address that may not be reached
 *
 * Only what would end the run is left out: ending, signals to others, sync(2).
 */

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "attack.h"
#include "random.h"

#define PROCESSES_MAX  64
#define NUMBERS        480
#define SCRATCH        65536
#define CALLS_IN_A_ROW 200 /* with the same scratch memory */
#define TICK_US        20000
#define STUCK_TICKS    25 /* a worker that has not moved for so long is ended */

/*
 * Where the tally and the scratch memory are: far from each other and from all else, so that a call
 * that is given a length too long, or one that maps, moves or protects what is near, does not reach
 * the tally. No random argument is such a number: their low halves are too large.
 */
#define TALLY_AT   UINT64_C(0x2a12345000)
#define SCRATCH_AT UINT64_C(0x3b23456000)

/* In memory that all share: a worker may overwrite anything of its own. */
struct tally {
	atomic_ulong calls, denied, through;
	atomic_ulong moved[PROCESSES_MAX];
	struct call first; /* of those that came through */
	long answer;
};

struct worker {
	unsigned index;
	uint64_t state;
	char *scratch;
	struct tally *tally;
	pid_t self;
};

static struct place place;

/* What is left out, and calls whose child would share the stack. */
static bool is_unwanted(const struct call *call)
{
	static const long unwanted[] = {
		SYS_exit,
		SYS_exit_group,
		SYS_rt_sigreturn,
		SYS_kill,
		SYS_tkill,
		SYS_tgkill,
		SYS_rt_sigqueueinfo,
		SYS_rt_tgsigqueueinfo,
		SYS_pidfd_send_signal,
		SYS_sync,
		SYS_syncfs,
#ifdef SYS_vfork
		SYS_vfork,
#endif
	};

	for (size_t i = 0; i < ARRAY_SIZE(unwanted); i++)
		if (call->number == unwanted[i])
			return true;
	return false;
}

#if defined(__x86_64__)
/* getpid by the 32-bit entry. */
static long call_foreign(void)
{
	long r = 20;

	__asm__ volatile("int $0x80" : "+a"(r) : : "memory", "r8", "r9", "r10", "r11");
	return r;
}
#else
static long call_foreign(void)
{
	return -ENOSYS;
}
#endif

/* Names, an address, a message: things that arguments may point to, in noise. */
static void fill_scratch(struct worker *worker)
{
	struct iovec *vectors = (struct iovec *)(worker->scratch + 2048);
	struct msghdr *message = (struct msghdr *)(worker->scratch + 3072);

	for (size_t i = 0; i < SCRATCH / sizeof(uint64_t); i++)
		((uint64_t *)worker->scratch)[i] = random_next(&worker->state) >>
						   random_next(&worker->state) % 64;
	for (unsigned i = 0; i < 16; i++)
		snprintf(worker->scratch + 32UL * i, 32, i % 4 == 3 ? "folder%u/file" : "file%u",
			i / 4);
	memcpy(worker->scratch + 1024, &place.address, sizeof(place.address));
	vectors[0] = (struct iovec){worker->scratch + 8192, 64};
	*message = (struct msghdr){.msg_name = worker->scratch + 1024,
		.msg_namelen = place.length,
		.msg_iov = vectors,
		.msg_iovlen = 1};
}

/* Sockets and files for small numbers to name. */
static void open_some(void)
{
	int pair[2];

	syscall(SYS_close_range, 3, UINT32_MAX, 0);
	need(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0) >= 0, "socket");
	need(socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0) >= 0, "socket");
	need(socket(AF_INET, SOCK_STREAM, 0) >= 0, "socket");
	need(memfd_create("random", 0) >= 0, "memfd_create");
	need(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0, "socketpair");
}

/* One of the calls that reach an address, and this time with sense. */
static void aim(struct call *call, struct worker *worker)
{
	static const long calls[] = {SYS_connect, SYS_sendto, SYS_sendmsg};
	uint64_t address = (uint64_t)worker->scratch + 1024;
	uint64_t fd = 3 + random_next(&worker->state) % 4;

	call->number = calls[random_next(&worker->state) % ARRAY_SIZE(calls)];
	if (call->number == SYS_connect)
		*call = (struct call){SYS_connect, {fd, address, place.length}};
	else if (call->number == SYS_sendto)
		*call = (struct call){SYS_sendto,
			{fd, (uint64_t)worker->scratch, 64, MSG_NOSIGNAL, address, place.length}};
	else
		*call = (struct call){
			SYS_sendmsg, {fd, (uint64_t)worker->scratch + 3072, MSG_NOSIGNAL}};
}

static uint64_t random_argument(struct worker *worker)
{
	uint64_t r = random_next(&worker->state), scratch = (uint64_t)worker->scratch;

	switch (r >> 32 & 15) {
	case 0 ... 2:
		return r % 16;
	case 3:
	case 4:
		return r % 32; /* descriptors */
	case 5:
		return scratch + 32 * (r % 16); /* names */
	case 6:
		return scratch + 1024 * (r % 4); /* addresses, vectors, messages */
	case 7:
	case 8:
		return scratch + r % SCRATCH;
	case 9:
		return UINT64_C(1) << r % 64;
	case 10:
		return (uint64_t)-1 - r % 128; /* AT_FDCWD among them */
	case 11:
		return r % SCRATCH;
	case 12:
		return place.length;
	case 13:
		return (uint32_t)r;
	case 14:
		return r << 32 | r % 16; /* junk above */
	default:
		return r;
	}
}

static void *map_at(uint64_t where, size_t size, int flags)
{
	void *memory = mmap((void *)where, size, PROT_READ | PROT_WRITE,
		flags | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	need(memory == (void *)where, "mmap");
	return memory;
}

static void judge(struct worker *worker, const struct call *call, int error, long r)
{
	struct tally *tally = worker->tally;

	atomic_fetch_add(&tally->denied, 1);
	if (r == -error)
		return;
	if (atomic_fetch_add(&tally->through, 1) == 0) {
		tally->first = *call;
		tally->answer = r;
	}
}

static void one_call(struct worker *worker)
{
	struct call call = {.number = (long)(random_next(&worker->state) % NUMBERS)};
	int error;
	long r;

	for (size_t i = 0; i < ARRAY_SIZE(call.args); i++)
		call.args[i] = random_argument(worker);
	if (random_next(&worker->state) % 4 == 0)
		random_forbid(
			&call, random_next(&worker->state) % n_random_denials, &worker->state);
	else if (random_next(&worker->state) % 16 == 0)
		aim(&call, worker);
	if (is_unwanted(&call))
		return;
	if (call.number == SYS_clone)
		call.args[0] &= ~(uint64_t)0x100; /* CLONE_VM */
	error = random_denial(&call);
	r = random_make(&call);
	if (r == 0 && syscall(SYS_getpid) != worker->self)
		syscall(SYS_exit_group, 0); /* a child */
	atomic_fetch_add(&worker->tally->calls, 1);
	atomic_fetch_add(&worker->tally->moved[worker->index], 1);
	if (error != 0)
		judge(worker, &call, error, r);
}

static void some_foreign(struct worker *worker)
{
	const struct call x32 = {.number = 0x40000000 + SYS_getpid}, int80 = {.number = -20};

	judge(worker, &x32, ENOSYS, random_make(&x32));
	judge(worker, &int80, ENOSYS, call_foreign());
}

static void nothing(int signal)
{
}

static void work(struct worker *worker)
{
	const struct itimerval tick = {{0, TICK_US}, {0, TICK_US}};
	const struct sigaction interrupt = {.sa_handler = nothing};

	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The report is not for them to write into, or to close for all. */
	for (int fd = 0; fd < 3; fd++)
		need(dup2(null, fd) == fd, "/dev/null");
	worker->self = getpid();
	worker->scratch = map_at(SCRATCH_AT, SCRATCH, MAP_PRIVATE);
	/* A signal ends what would wait. */
	sigaction(SIGALRM, &interrupt, NULL);
	setitimer(ITIMER_REAL, &tick, NULL);
	for (;;) {
		fill_scratch(worker);
		open_some();
		some_foreign(worker);
		for (unsigned i = 0; i < CALLS_IN_A_ROW; i++)
			one_call(worker);
	}
}

static pid_t start(unsigned index, struct tally *tally)
{
	static uint64_t seed;
	struct worker worker = {.index = index, .tally = tally};
	pid_t pid;

	if (seed == 0)
		seed = (uint64_t)time(NULL) * 2654435761U + 1;
	worker.state = random_next(&seed);
	pid = fork();
	if (pid == 0)
		work(&worker);
	return pid;
}

static void limit(int resource, rlim_t value)
{
	const struct rlimit limits = {value, value};

	need(setrlimit(resource, &limits) == 0, "setrlimit");
}

/* Whatever the calls do, the machine has room for it. */
static void set_limits(void)
{
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, 1 << 20);
	limit(RLIMIT_AS, 1 << 30);
	limit(RLIMIT_NOFILE, 128);
	limit(RLIMIT_NPROC, 300);
}

static void reap(pid_t *pids, unsigned n)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		/* One that has asked to be traced. */
		if (WIFSTOPPED(status))
			kill(pid, SIGKILL);
		for (unsigned i = 0; i < n && !WIFSTOPPED(status); i++)
			if (pids[i] == pid)
				pids[i] = -1;
	}
}

static void watch(struct tally *tally, pid_t *pids, unsigned n)
{
	static unsigned long seen[PROCESSES_MAX];
	static unsigned still[PROCESSES_MAX];

	reap(pids, n);
	for (unsigned i = 0; i < n; i++) {
		unsigned long moved = atomic_load(&tally->moved[i]);

		still[i] = moved == seen[i] ? still[i] + 1 : 0;
		seen[i] = moved;
		if (pids[i] > 0 && still[i] > STUCK_TICKS) {
			kill(pids[i], SIGKILL);
			still[i] = 0;
		}
		if (pids[i] <= 0)
			pids[i] = start(i, tally);
	}
}

static int report(const struct tally *tally)
{
	unsigned long calls = atomic_load(&tally->calls), denied = atomic_load(&tally->denied);
	unsigned long through = atomic_load(&tally->through);

	if (through == 0)
		return stopped("%lu calls, %lu to be denied, none came through", calls, denied);
	return succeeded("%lu calls, %lu to be denied, %lu came through, first "
			 "%ld(%#lx, %#lx, %#lx, %#lx) = %ld",
		calls, denied, through, tally->first.number, tally->first.args[0],
		tally->first.args[1], tally->first.args[2], tally->first.args[3], tally->answer);
}

int main(int argc, char **argv)
{
	pid_t pids[PROCESSES_MAX] = {0};
	struct tally *tally;
	unsigned n, seconds;
	time_t end;

	if (geteuid() == 0)
		return untried("not as root: it would happen to the machine");
	if (argc != 4)
		return untried("usage: random SECONDS PROCESSES PLACE");
	seconds = (unsigned)atoi(argv[1]);
	n = (unsigned)atoi(argv[2]);
	need(n > 0 && n <= PROCESSES_MAX, "PROCESSES");
	place = place_parse(argv[3]);
	for (unsigned i = 0; i < 4; i++) {
		char name[16];

		snprintf(name, sizeof(name), "folder%u", i);
		need(mkdir(name, 0755) == 0, name);
	}
	tally = map_at(TALLY_AT, sizeof(*tally), MAP_SHARED);
	set_limits();
	for (end = time(NULL) + seconds; time(NULL) < end; usleep(TICK_US))
		watch(tally, pids, n);
	for (unsigned i = 0; i < n; i++)
		if (pids[i] > 0)
			kill(pids[i], SIGKILL);
	return report(tally);
}
