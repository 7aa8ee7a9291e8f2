/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * An event names a file system, a folder in it by its handle, and a name in the folder. Most are
 * about a few folders in which everything is granted: those are remembered for a moment, and cost
 * no system call. The others are opened by their handle, with O_PATH, which touches nothing.
 */

#include "sight.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <time.h>

#include "act.h"
#include "budget.h"
#include "cleanup.h"
#include "file-grants.h"
#include "landlock-uapi.h"
#include "servant.h"
#include "sock.h"
#include "target.h"
#include "worker.h"

#define BUFFER_SIZE (64 * 1024)

/* Less than the monitor waits for the last words. */
#define LAST_EVENTS_MS (SIGHT_LAST_WORDS_MS / 2)

/* Folders move and policies' places do not: what is remembered is forgotten soon. */
#define MEMORY_SLOTS   256
#define MEMORY_SECONDS 2
#define KEY_MAX        (sizeof(fsid_t) + 128) /* MAX_HANDLE_SZ */

struct memory {
	unsigned char key[KEY_MAX];
	size_t length; /* 0: free */
	uint64_t access;
	time_t until;
};

struct sight {
	const struct mounts *mounts;
	int group, sock;
	struct budget budget;
	struct wire_counters counters;
	uint64_t reported; /* suppressed, as the monitor knows it */
	struct memory memory[MEMORY_SLOTS];
};

/* One event taken apart. */
struct sighting {
	pid_t pid;
	uint64_t missing; /* LANDLOCK_ACCESS_FS_* that it takes */
	const struct fanotify_event_info_fid *info;
	struct file_handle *handle;
	const char *name; /* "." is the folder itself */
};

/* Names */

static size_t key_of(const struct sighting *sighting, unsigned char key[KEY_MAX])
{
	size_t n = sighting->handle->handle_bytes;

	memcpy(key, &sighting->info->fsid, sizeof(fsid_t));
	memcpy(key + sizeof(fsid_t), sighting->handle->f_handle, n);
	return sizeof(fsid_t) + n;
}

/* FNV-1a */
static struct memory *slot_of(struct sight *sight, const unsigned char *key, size_t length)
{
	uint32_t hash = 2166136261U;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ key[i]) * 16777619U;
	return &sight->memory[hash % MEMORY_SLOTS];
}

static time_t now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return now.tv_sec;
}

static bool is_remembered(struct sight *sight, const struct sighting *sighting)
{
	unsigned char key[KEY_MAX];
	size_t length = key_of(sighting, key);
	const struct memory *memory = slot_of(sight, key, length);

	return memory->length == length && memcmp(memory->key, key, length) == 0 &&
	       (sighting->missing & ~memory->access) == 0 && memory->until > now_seconds();
}

static void remember(struct sight *sight, const struct sighting *sighting, uint64_t access)
{
	unsigned char key[KEY_MAX];
	size_t length = key_of(sighting, key);
	struct memory *memory = slot_of(sight, key, length);

	memcpy(memory->key, key, length);
	memory->length = length;
	memory->access = access;
	memory->until = now_seconds() + MEMORY_SECONDS;
}

/* Records */

static int send_counters(struct sight *sight)
{
	sight->counters.type = WIRE_SUPPRESSED;
	sight->reported = sight->counters.suppressed;
	return sock_send(sight->sock, &sight->counters, sizeof(sight->counters), NULL, 0, 0);
}

static void report(
	struct sight *sight, const struct sighting *sighting, const char *object, uint64_t right)
{
	/* Of a job only who it is about matters to what describes it. */
	const struct job job = {.tid = sighting->pid};
	struct wire_denial denial = {
		.type = WIRE_WOULD_DENY,
		.action = WIRE_ACTION_OPEN,
		.pid = sighting->pid,
		.error = EACCES,
		.access = right,
	};
	const int fits = sizeof(denial.object) - 1;

	sight->counters.would++;
	if (!budget_take(&sight->budget)) {
		sight->counters.suppressed++;
		return;
	}
	snprintf(denial.object, sizeof(denial.object), "%.*s", fits, object);
	target_describe(&job, denial.comm, sizeof(denial.comm), denial.exe, sizeof(denial.exe));
	if (sock_send(sight->sock, &denial, sizeof(denial), NULL, 0, MSG_DONTWAIT) < 0)
		sight->counters.suppressed++;
}

/* Judging */

static bool is_itself(const struct sighting *sighting)
{
	return strcmp(sighting->name, ".") == 0;
}

/* What is missing by this way to the folder; *object is where that is. 0 or -errno. */
static int judge(struct sight *sight, const struct sighting *sighting, int folder,
	uint64_t *ret_missing, char object[PATH_MAX])
{
	char number[16];
	uint64_t access;
	ssize_t n;
	int r = file_grants_in(folder, &access);

	if (r < 0)
		return r;
	remember(sight, sighting, access);
	if (sighting->missing & ~access && !is_itself(sighting))
		r = file_grants_on(folder, sighting->name, &access);
	if (r < 0)
		return r;
	*ret_missing = sighting->missing & ~access;
	snprintf(number, sizeof(number), "%d", folder); /* in WORKER_FOLDER */
	n = readlink(number, object, PATH_MAX - 1);
	if (n < 0)
		return -errno;
	object[n] = '\0';
	if (is_itself(sighting) || n + strlen(sighting->name) + 2 > PATH_MAX)
		return 0;
	if (n > 1)
		object[n++] = '/';
	strcpy(object + n, sighting->name);
	return 0;
}

static bool same_fsid(const fsid_t *a, const __kernel_fsid_t *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/*
 * A file system may be mounted at several places, of which the event does not say which: one that
 * grants it will do. A folder that is gone by now is judged no more.
 */
static void look(struct sight *sight, const struct sighting *sighting)
{
	char object[PATH_MAX], denied[PATH_MAX] = "";
	uint64_t missing, least = 0;

	if (is_remembered(sight, sighting))
		return;
	for (size_t i = 0; i < sight->mounts->n; i++) {
		const struct mount *mount = &sight->mounts->items[i];
		_cleanup_close_ int folder = -1;

		if (!same_fsid(&mount->fsid, &sighting->info->fsid))
			continue;
		folder = open_by_handle_at(
			mount->fd, sighting->handle, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (folder < 0 || judge(sight, sighting, folder, &missing, object) < 0)
			continue;
		if (missing == 0)
			return;
		if (!denied[0]) {
			strcpy(denied, object);
			least = missing;
		}
	}
	for (uint64_t bits = least; denied[0] && bits != 0; bits &= bits - 1)
		report(sight, sighting, denied, bits & -bits);
}

/* An execution opens the file, too, and Landlock asks for the one right only. */
static uint64_t rights_of(uint64_t mask)
{
	uint64_t rights = 0;

	if (mask & FAN_CLOSE_WRITE)
		rights |= LANDLOCK_ACCESS_FS_WRITE_FILE;
	if (mask & FAN_OPEN_EXEC)
		rights |= LANDLOCK_ACCESS_FS_EXECUTE;
	else if (mask & FAN_OPEN)
		rights |= mask & FAN_ONDIR ? LANDLOCK_ACCESS_FS_READ_DIR
					   : LANDLOCK_ACCESS_FS_READ_FILE;
	return rights;
}

static void take_event(struct sight *sight, const struct fanotify_event_metadata *event,
	const struct fanotify_event_info_fid *info)
{
	struct sighting sighting = {
		.pid = event->pid, .missing = rights_of(event->mask), .info = info};

	if (event->mask & FAN_Q_OVERFLOW) {
		sight->counters.suppressed++; /* how many, the kernel does not say */
		return;
	}
	if (event->event_len <= sizeof(*event) + sizeof(*info) ||
		info->hdr.info_type != FAN_EVENT_INFO_TYPE_DFID_NAME)
		return;
	sighting.handle = (struct file_handle *)info->handle;
	if (sighting.handle->handle_bytes > KEY_MAX - sizeof(fsid_t))
		return;
	sighting.name = (const char *)sighting.handle->f_handle + sighting.handle->handle_bytes;
	look(sight, &sighting);
}

/* Lengths are multiples of 4: an event behind another may lie where its 64-bit mask must not. */
static void take_batch(struct sight *sight, const char *events, size_t size)
{
	struct fanotify_event_metadata event;

	for (; size >= sizeof(event); events += event.event_len, size -= event.event_len) {
		memcpy(&event, events, sizeof(event));
		if (!FAN_EVENT_OK(&event, (ssize_t)size))
			return;
		take_event(sight, &event, (const void *)(events + sizeof(event)));
	}
}

/*
 * One buffer of them, however many there are: whoever opens files faster than they are judged must
 * not keep us from the rest. 1, 0 when there was none, or -errno.
 */
static int take_events(struct sight *sight)
{
	static char buffer[BUFFER_SIZE] __attribute__((aligned(8)));
	ssize_t n = read(sight->group, buffer, sizeof(buffer));

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	take_batch(sight, buffer, (size_t)n);
	return 1;
}

/* What is left when the session has ended. */
static int take_last_events(struct sight *sight)
{
	uint64_t end = sock_now_ms() + LAST_EVENTS_MS;
	int r;

	do
		r = take_events(sight);
	while (r > 0 && sock_now_ms() < end);
	return r < 0 ? r : 0;
}

/* Serving */

static int wait_time(const struct sight *sight)
{
	return sight->counters.suppressed != sight->reported ? budget_report_ms(&sight->budget)
							     : -1;
}

/* The monitor never sends anything: what can be read is the end. */
static int serve(struct sight *sight)
{
	struct pollfd slots[] = {
		{.fd = sight->group, .events = POLLIN}, {.fd = sight->sock, .events = POLLIN}};
	int r = 0;

	while (r >= 0 && !slots[1].revents) {
		if (poll(slots, ARRAY_SIZE(slots), wait_time(sight)) < 0 && errno != EINTR)
			return -errno;
		r = take_events(sight);
		if (r >= 0 && sight->counters.suppressed != sight->reported &&
			budget_report_due(&sight->budget))
			r = send_counters(sight);
	}
	if (r >= 0)
		r = take_last_events(sight);
	return r < 0 ? r : send_counters(sight);
}

static int sight_main(const struct servant *servant)
{
	struct sight *sight = servant->userdata;

	sight->sock = servant->sock;
	return serve(sight);
}

pid_t sight_start(
	const struct supervisor *supervisor, const struct mounts *mounts, int group, int *ret_sock)
{
	static struct sight sight;
	_cleanup_free_ int *fds = calloc(mounts->n + 1, sizeof(*fds));
	const struct servant_duty duty = {
		.serve = sight_main,
		.userdata = &sight,
		/* To open by handle, and to read what a process is called. */
		.capabilities = CAP_TO_MASK(CAP_DAC_READ_SEARCH) | CAP_TO_MASK(CAP_SYS_PTRACE),
		.fds = fds,
		.n_fds = mounts->n + 1,
		.folder = WORKER_FOLDER,
		.filter = WORKER_FILTER_WATCHER,
	};

	if (!fds)
		return -ENOMEM;
	for (size_t i = 0; i < mounts->n; i++)
		fds[i] = mounts->items[i].fd;
	fds[mounts->n] = group;
	sight.mounts = mounts;
	sight.group = group;
	budget_init(&sight.budget, supervisor->set);
	return servant_start(supervisor, &duty, ret_sock);
}
