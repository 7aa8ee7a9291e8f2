/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The monitor's side: the group, the marks, the process, its records. */

#include "watcher.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "credentials.h"
#include "file-grants.h"
#include "record.h"
#include "servant.h"
#include "sight.h"
#include "sock.h"
#include "str.h"

/* An open for writing shows when it is closed. */
#define EVENTS (FAN_OPEN | FAN_OPEN_EXEC | FAN_CLOSE_WRITE | FAN_ONDIR)

bool watcher_needed(const struct supervisor *supervisor)
{
	for (size_t i = 0; supervisor->privileged && i < supervisor->set->n_layers; i++)
		if (supervisor->set->layers[i]->complain &&
			supervisor->set->layers[i]->filesystem.present)
			return true;
	return false;
}

/* The first word holds for the session: its children have the same mounts. */
static void note(struct watcher *watcher, const char *where)
{
	if (!watcher->untold && !watcher->told && *where)
		watcher->untold = strdup(where);
}

void watcher_tell(struct watcher *watcher)
{
	if (!watcher->untold)
		return;
	record_unwatched(watcher->supervisor, watcher->untold);
	free(watcher->untold);
	watcher->untold = NULL;
	watcher->told = true;
}

/* Root's few are needed by others. */
static int make_group(uid_t uid)
{
	int group, r = credentials_charge(uid);

	if (r < 0)
		return r;
	group = fanotify_init(
		FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK | FAN_REPORT_DFID_NAME, 0);
	r = group < 0 ? -errno : group;
	if (credentials_charge_end() < 0)
		abort(); /* rather than go on as the user */
	return r;
}

static int start(struct watcher *watcher)
{
	int r = file_grants_prepare(watcher->supervisor->set);
	pid_t pid;

	if (r == 0)
		r = mounts_load(&watcher->mounts);
	if (r < 0)
		return r;
	watcher->group = make_group(watcher->supervisor->identity.uid);
	if (watcher->group < 0)
		return watcher->group;
	pid = sight_start(watcher->supervisor, &watcher->mounts, watcher->group, &watcher->sock);
	if (pid < 0)
		return pid;
	watcher->pid = pid;
	return 0;
}

void watcher_start(struct watcher *watcher, const struct supervisor *supervisor)
{
	int r;

	watcher->supervisor = supervisor;
	if (!watcher_needed(supervisor))
		return;
	r = start(watcher);
	if (r == 0)
		return;
	note(watcher, r == -EMFILE ? "the user has as many watched sessions as "
				     "fs.fanotify.max_user_groups allows"
				   : strerror(-r));
	watcher->group = fd_close(watcher->group);
	mounts_done(&watcher->mounts);
}

/* 0 when it is gone. */
static pid_t pid_of(int pidfd)
{
	_cleanup_file_ FILE *file = NULL;
	char path[64], line[128];
	int pid = 0;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "Pid: %d", &pid) == 1)
			break;
	return pid > 0 ? pid : 0;
}

/*
 * The process's folder in /proc, which stays its own when the pid is another's by then.
 * The descriptor or -errno.
 */
static int open_process(int pidfd)
{
	_cleanup_close_ int folder = -1;
	pid_t pid = pid_of(pidfd);
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return -errno;
	return pid > 0 && pid_of(pidfd) == pid ? take_fd(&folder) : -ESRCH;
}

/* A mark on mounts that it shares with everybody would tell of everybody. */
static bool has_own_mounts(int process)
{
	struct stat its, ours;

	return fstatat(process, "ns/mnt", &its, 0) == 0 && stat("/proc/self/ns/mnt", &ours) == 0 &&
	       its.st_ino != ours.st_ino;
}

static bool mark_one(const struct watcher *watcher, int root, const char *path)
{
	_cleanup_close_ int folder = mounts_open(root, path, O_PATH);

	return folder >= 0 && fanotify_mark(watcher->group, FAN_MARK_ADD | FAN_MARK_MOUNT, EVENTS,
				      folder, ".") == 0;
}

/* Where a mark fails is added to what is told. */
static void mark_all(const struct watcher *watcher, int process, struct str *unwatched)
{
	_cleanup_close_ int root = openat(process, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (size_t i = 0; i < watcher->mounts.n; i++) {
		const char *path = watcher->mounts.items[i].path;

		if (root < 0 || !mark_one(watcher, root, path))
			str_addf(unwatched, "%s%s", unwatched->length > 0 ? " " : "", path);
	}
}

void watcher_mark(struct watcher *watcher, int pidfd)
{
	_cleanup_str_ struct str unwatched = STR_INIT;
	_cleanup_close_ int process = -1;

	if (watcher->group < 0)
		return;
	process = open_process(pidfd);
	if (process < 0 || !has_own_mounts(process)) {
		note(watcher, "the session has no mounts of its own");
		return;
	}
	str_puts(&unwatched, watcher->mounts.unwatched);
	mark_all(watcher, process, &unwatched);
	note(watcher, unwatched.text ? unwatched.text : "");
}

union sight_record {
	uint32_t type;
	struct wire_denial denial;
	struct wire_counters counters;
};

/* What is told is counted here as well: a process that ends before its last word owes less. */
static int take(struct watcher *watcher)
{
	union sight_record record;
	size_t size;
	int r = sock_receive_any(watcher->sock, &record, sizeof(record), &size, NULL, 0, NULL, 0);

	if (r < 0)
		return r;
	if (record.type == WIRE_WOULD_DENY && size == sizeof(record.denial) &&
		wire_denial_ok(&record.denial)) {
		record_would_deny(watcher->supervisor, &record.denial);
		watcher->counters.would++;
		return 0;
	}
	if (record.type != WIRE_SUPPRESSED || size != sizeof(record.counters))
		return -EPROTO;
	if (record.counters.suppressed > watcher->counters.suppressed)
		record_suppressed(watcher->supervisor,
			record.counters.suppressed - watcher->counters.suppressed);
	watcher->counters = record.counters;
	return 0;
}

void watcher_serve(struct watcher *watcher)
{
	int r = take(watcher);

	if (r == 0)
		return;
	record_failed(watcher->supervisor, "files are not watched any more", r);
	watcher->sock = fd_close(watcher->sock);
}

/* However much it has to say: no longer than that. */
static void take_last_words(struct watcher *watcher)
{
	uint64_t now = sock_now_ms(), end = now + SIGHT_LAST_WORDS_MS;

	shutdown(watcher->sock, SHUT_WR);
	while (now < end && sock_wait(watcher->sock, (int)(end - now)) == 0 && take(watcher) == 0)
		now = sock_now_ms();
}

void watcher_stop(struct watcher *watcher)
{
	if (watcher->sock >= 0)
		take_last_words(watcher);
	watcher->sock = fd_close(watcher->sock);
	servant_end(watcher->pid);
	watcher->group = fd_close(watcher->group);
	mounts_done(&watcher->mounts);
	free(watcher->untold);
	watcher->untold = NULL;
}
