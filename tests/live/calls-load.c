/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Many calls: under a rain of signals, beside calls that hang, from many threads. */

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"

#define THREADS_MAX 2000
#define STACK_SIZE  (32 * 1024)
/* What no system call may return: the kernel's own numbers begin here. */
#define STRANGE 512

static struct place target;
static atomic_long tries, connections, refusals, strange;
static atomic_bool over;

/* A connection that leaves nothing behind; 0 or an errno. */
static int touch(const struct place *place)
{
	return place_connect(place, SOCK_STREAM) == 0 ? 0 : errno;
}

static void count_try(int error)
{
	atomic_fetch_add(&tries, 1);
	atomic_fetch_add(&connections, error == 0);
	atomic_fetch_add(&refusals, error == ECONNREFUSED);
	atomic_fetch_add(&strange, error >= STRANGE);
}

static void rain(long period_us)
{
	const struct itimerval time = {{0, period_us}, {0, period_us}};

	count_signal(SIGALRM, 0);
	need(setitimer(ITIMER_REAL, &time, NULL) == 0, "setitimer");
}

/* storm PLACE CALLS MICROSECONDS: a signal every so often */
int calls_storm(char **args)
{
	long wanted = atol(args[1]), interrupted = 0, other = 0, start = now_ms();

	target = place_parse(args[0]);
	rain(atol(args[2]));
	for (long i = 0; i < wanted; i++) {
		int error = touch(&target);

		count_try(error);
		interrupted += error == EINTR;
		other += error != 0 && error != EINTR;
	}
	rain(0);
	printf("calls %ld connected %ld interrupted %ld other %ld strange %ld signals %d ms %ld\n",
		tries, connections, interrupted, other, strange, signals_counted(),
		now_ms() - start);
	return 0;
}

/* Without ret_threads nobody waits for them. */
static void threads_start(long n, void *(*run)(void *), pthread_t *ret_threads)
{
	pthread_attr_t attributes;

	need(pthread_attr_init(&attributes) == 0, "threads");
	need(pthread_attr_setstacksize(&attributes, STACK_SIZE) == 0, "threads");
	for (long i = 0; i < n; i++) {
		pthread_t thread;

		need(pthread_create(&thread, &attributes, run, NULL) == 0, "pthread_create");
		if (ret_threads)
			ret_threads[i] = thread;
		else
			need(pthread_detach(thread) == 0, "pthread_detach");
	}
	pthread_attr_destroy(&attributes);
}

static void *hang(void *arg)
{
	count_try(touch(&target));
	return arg;
}

/* A socket for each of the threads: sshd's sessions begin with 1,024 descriptors. */
static void more_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return;
	files.rlim_cur = files.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &files) < 0)
		perror("setrlimit");
}

/* parallel SILENT ALLOWED THREADS: blocking connections to nowhere, then one that counts */
int calls_parallel(char **args)
{
	const struct place allowed = place_parse(args[1]);
	long n = atol(args[2]), start;
	int error;

	target = place_parse(args[0]);
	more_files();
	threads_start(n < THREADS_MAX ? n : THREADS_MAX, hang, NULL);
	usleep(1000 * 1000);
	start = now_ms();
	error = touch(&allowed);
	printf("allowed %s ms %ld", error ? strerrorname_np(error) : "0", now_ms() - start);
	printf(" hanging %ld ended %ld\n", n - tries, tries);
	fflush(stdout);
	_exit(0);
}

static void *pester(void *arg)
{
	while (!atomic_load(&over))
		count_try(touch(&target));
	return arg;
}

/* flood PLACE THREADS SECONDS: the numbers are exact, every call has come back */
int calls_flood(char **args)
{
	static pthread_t threads[THREADS_MAX];
	long n = atol(args[1]), seconds = atol(args[2]), start;

	need(n <= THREADS_MAX, "that many threads");
	target = place_parse(args[0]);
	start = now_ms();
	threads_start(n, pester, threads);
	puts("flooding");
	fflush(stdout);
	sleep((unsigned)seconds);
	atomic_store(&over, true);
	for (long i = 0; i < n; i++)
		need(pthread_join(threads[i], NULL) == 0, "pthread_join");
	printf("calls %ld refused %ld per second %ld\n", tries, refusals,
		tries * 1000 / (now_ms() - start));
	return 0;
}

static int compare(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

static long microseconds(const struct timespec *from, const struct timespec *to)
{
	return (to->tv_sec - from->tv_sec) * 1000000 + (to->tv_nsec - from->tv_nsec) / 1000;
}

/* latency PLACE COUNT: how long a connection takes, every 2 ms one */
int calls_latency(char **args)
{
	long n = atol(args[1]), failed = 0;
	long *took = calloc((size_t)n, sizeof(*took));

	need(took && n > 0, "memory");
	target = place_parse(args[0]);
	for (long i = 0; i < n; i++) {
		struct timespec from, to;

		clock_gettime(CLOCK_MONOTONIC, &from);
		failed += touch(&target) != 0;
		clock_gettime(CLOCK_MONOTONIC, &to);
		took[i] = microseconds(&from, &to);
		usleep(2000);
	}
	qsort(took, (size_t)n, sizeof(*took), compare);
	printf("failed %ld p50 %ld p99 %ld max %ld us\n", failed, took[n / 2], took[n * 99 / 100],
		took[n - 1]);
	free(took);
	return 0;
}

static void *take_signals(void *arg)
{
	while (!atomic_load(&over))
		usleep(100);
	return arg;
}

/*
 * busy-signals SILENT: the signal is the process's, and whichever thread is awake takes it. The one
 * that hangs may be woken for nothing, and must not see the kernel's private number for that.
 */
int calls_busy_signals(char **args)
{
	target = place_parse(args[0]);
	threads_start(4, take_signals, NULL);
	threads_start(8, pester, NULL);
	rain(1000);
	sleep(3);
	rain(0);
	printf("strange %ld, connected %ld, %s\n", strange, connections,
		tries > 0 ? "interrupted" : "never interrupted");
	fflush(stdout);
	_exit(0);
}
